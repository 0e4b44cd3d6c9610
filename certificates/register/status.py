"""The one answer to "is this certificate good?", for page, command, list and paper alike."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from certificates.claims import Claims
from certificates.register.models import IssuerKey, RegisterEntry
from certificates.token import CODE_LENGTH, TokenError, normalise_code, token_matches, verify_token
from tenants.cells import cell_of, is_here

VALID, REVOKED, SUPERSEDED, UNKNOWN = "valid", "revoked", "superseded", "unknown"


class Fault(NamedTuple):
    """Why an entry that exists is not believed: a sentence, and what stands big above it."""

    zh: str
    en: str
    title: str
    title_en: str
    shape: str


@dataclass(frozen=True)
class Answer:
    """`status` is valid, revoked, superseded or unknown. What cannot be evaluated is never valid.

    `fault` says why an entry that exists is not believed, `elsewhere` is the address at which the
    register that has the entry now answers.
    """

    status: str
    entry: RegisterEntry | None = None
    claims: Claims | None = None
    fault: Fault | None = None
    elsewhere: str = ""


def look_up(text: str) -> Answer:
    """Answer for a code, a number, an address or the whole text of a QR code.

    A token behind `#` must be signed by a known issuer and say what the register says.
    """
    text = text.strip()[:2000]
    address, _, token = text.partition("#")
    try:
        path = urlsplit(address).path if "/" in address else address
    except ValueError:  # brackets and the like, which no address of ours has
        return Answer(UNKNOWN)
    wanted = path.rstrip("/").rsplit("/", 1)[-1]
    entries = RegisterEntry.objects.select_related("key", "tenant")
    entry = (
        entries.filter(code=normalise_code(wanted)).first()
        or entries.filter(number=unicodedata.normalize("NFKC", wanted).strip().upper()).first()
    )
    return _of(entry, token)


def look_up_code(text: str) -> Answer:
    """Answer for a code and nothing else: a number can be guessed."""
    code = normalise_code(text[:200])
    known = len(code) == CODE_LENGTH and "\0" not in code
    if not known or not code.isascii():
        return Answer(UNKNOWN)
    entries = RegisterEntry.objects.select_related("key", "tenant")
    return _of(entries.filter(code=code).first(), "")


def _of(entry: RegisterEntry | None, token: str) -> Answer:
    if entry is None:
        return Answer(UNKNOWN)
    if entry.status == RegisterEntry.Status.MOVED or not is_here(entry.tenant):
        return _elsewhere(entry)
    return _judge(entry, token)


def _elsewhere(entry: RegisterEntry) -> Answer:
    """The row here is old: another cell's register knows whether it was revoked since."""
    centre = cell_of(entry.tenant).centre.rstrip("/")
    return Answer(UNKNOWN, fault=_MOVED, elsewhere=f"{centre}/c/{entry.code}" if centre else "")


def _judge(entry: RegisterEntry, token: str) -> Answer:
    try:
        claims = Claims.from_json(entry.claims)
        keys = {entry.key.kid: bytes(entry.key.public_key)}
        stored = verify_token(entry.token, keys)
        photo = hashlib.sha256(bytes(entry.photo)).hexdigest() if entry.photo else ""
        same = claims.code == entry.code and claims.photo_sha256 == photo
        if not (same and token_matches(stored, claims)):
            return Answer(UNKNOWN, entry, None, _ALTERED)
    except (TokenError, KeyError, TypeError, ValueError):
        return Answer(UNKNOWN, entry, None, _ALTERED)
    if token and not _token_agrees(token, claims):
        return Answer(UNKNOWN, entry, claims, _FORGED)
    if entry.status == entry.Status.VALID and is_stolen(entry.key, entry.issued_on):
        return Answer(UNKNOWN, entry, claims, _STOLEN)
    said = {entry.Status.VALID: VALID, entry.Status.REVOKED: REVOKED}
    said[entry.Status.SUPERSEDED] = SUPERSEDED
    return Answer(said.get(RegisterEntry.Status(entry.status), UNKNOWN), entry, claims)


def is_stolen(key: IssuerKey, issued_on: date) -> bool:
    """Whether somebody else may have signed with the key on that day."""
    return key.compromised_on is not None and issued_on >= key.compromised_on


def bears(answer: Answer, typed: str) -> bool:
    """Whether the certificate is made out to the name that was typed.

    A number is easy to guess, so that whoever has only a number must know the name too.
    """
    if answer.claims is None:
        return False
    return _folded(answer.claims.holder_name) == _folded(typed) != ""


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", name)
    return "".join(c for c in text if not c.isspace() and c not in "·•‧・.").casefold()


def _token_agrees(token: str, claims: Claims) -> bool:
    keys = {key.kid: bytes(key.public_key) for key in IssuerKey.objects.all()}
    try:
        return token_matches(verify_token(token, keys), claims)
    except TokenError:
        return False


_ALTERED = Fault(
    "登记内容与签名不符，不能确认，请联系服务中心",
    "the register entry does not match its signature; ask the centre",
    "登记与签名不符",
    "Altered",
    "≠",
)
_STOLEN = Fault(
    "签发所用密钥自发证之日或更早起已报失，不能确认，请联系服务中心",
    "the signing key was reported stolen on or before the day of issue; ask the centre",
    "签发密钥报失，不能确认",
    "Cannot be confirmed: stolen key",
    "!",
)
_MOVED = Fault(
    "发证基地已迁到另一个系统，请到那里核验，或电话询问服务中心",
    "the issuer is served by another system now: check it there, or call the service centre",
    "已迁到另一个系统",
    "Moved to another system",
    "→",
)
_FORGED = Fault(
    "二维码中的签名与登记不符，证书可能被改动",
    "the signature in the QR code does not match the register; the paper may be altered",
    "二维码被伪造或改动",
    "Forged or altered",
    "≠",
)
