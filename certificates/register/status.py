"""The one answer to "is this certificate good?", for page, command, list and paper alike."""

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from certificates.claims import Claims
from certificates.register.models import IssuerKey, RegisterEntry
from certificates.token import TokenError, normalise_code, token_matches, verify_token

VALID, REVOKED, UNKNOWN = "valid", "revoked", "unknown"


@dataclass(frozen=True)
class Answer:
    """`status` is valid, revoked or unknown. What cannot be evaluated is never valid.

    `fault` says why an entry that exists is not believed.
    """

    status: str
    entry: RegisterEntry | None = None
    claims: Claims | None = None
    fault: tuple[str, str] | None = None


def look_up(text: str) -> Answer:
    """Answer for a code, a number, an address or the whole text of a QR code.

    A token behind `#` must be signed by a known issuer and say what the register says.
    """
    text = text.strip()[:2000]
    address, _, token = text.partition("#")
    wanted = urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1] if "/" in address else address
    entries = RegisterEntry.objects.select_related("key", "tenant")
    entry = (
        entries.filter(code=normalise_code(wanted)).first()
        or entries.filter(number=unicodedata.normalize("NFKC", wanted).strip().upper()).first()
    )
    if entry is None:
        return Answer(UNKNOWN)
    return _judge(entry, token)


def _judge(entry: RegisterEntry, token: str) -> Answer:
    try:
        claims = Claims.from_json(entry.claims)
        keys = {entry.key.kid: bytes(entry.key.public_key)}
        stored = verify_token(entry.token, keys)
        if not (token_matches(stored, claims) and claims.code == entry.code):
            return Answer(UNKNOWN, entry, None, _ALTERED)
    except (TokenError, KeyError, TypeError, ValueError):
        return Answer(UNKNOWN, entry, None, _ALTERED)
    if token and not _token_agrees(token, claims):
        return Answer(UNKNOWN, entry, claims, _FORGED)
    return Answer(REVOKED if entry.status == entry.Status.REVOKED else VALID, entry, claims)


def _token_agrees(token: str, claims: Claims) -> bool:
    keys = {key.kid: bytes(key.public_key) for key in IssuerKey.objects.all()}
    try:
        return token_matches(verify_token(token, keys), claims)
    except TokenError:
        return False


_ALTERED = (
    "登记内容与签名不符，不能确认，请联系服务中心",
    "the register entry does not match its signature; ask the centre",
)
_FORGED = (
    "二维码中的签名与登记不符，证书可能被改动",
    "the signature in the QR code does not match the register; the paper may be altered",
)
