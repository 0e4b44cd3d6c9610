"""The base's keys of the field log: one that phones seal for, one that signs receipts."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction

from courses.fieldlog.models import FieldKey
from courses.fieldlog.rules.envelope import b64, sealing_info
from courses.fieldlog.rules.payloads import Unreadable
from tenants import crypto
from tenants.current import current_tenant

PURPOSE = "field/keys"
SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True)
class PublicKey:
    kid: str
    public_key: str  # the uncompressed point, b64


def key_of(purpose: str) -> FieldKey:
    """The newest key of a purpose, made at its first use."""
    found = FieldKey.objects.filter(purpose=purpose).first()
    return found or _make(purpose)


def _make(purpose: str, number: int = 1) -> FieldKey:
    private = ec.generate_private_key(ec.SECP256R1())
    scalar = private.private_numbers().private_value.to_bytes(32, "big")
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    sealed = crypto.seal(scalar, PURPOSE, current_tenant().uuid.bytes)
    kid = f"{purpose}-{number}"
    FieldKey.objects.bulk_create(  # two first requests at once make one key
        [FieldKey(kid=kid, purpose=purpose, public_key=point, private_sealed=sealed)],
        ignore_conflicts=True,
    )
    return FieldKey.objects.get(kid=kid)


@transaction.atomic
def renew(purpose: str) -> FieldKey:
    """A new key for what comes from now on; what was sealed for older ones is still read."""
    key_of(purpose)
    older = list(FieldKey.objects.select_for_update().filter(purpose=purpose))
    return _make(purpose, len(older) + 1)


def public(purpose: str) -> PublicKey:
    found = key_of(purpose)
    return PublicKey(found.kid, b64(bytes(found.public_key)))


@lru_cache(maxsize=256)
def _opened(sealed: bytes, tenant: bytes) -> ec.EllipticCurvePrivateKey:
    scalar = crypto.unseal(sealed, PURPOSE, tenant)
    return ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())


def _private(key: FieldKey) -> ec.EllipticCurvePrivateKey:
    return _opened(bytes(key.private_sealed), current_tenant().uuid.bytes)


class Opener:
    """Opens payloads; looks each key up once. For one pass over events."""

    def __init__(self) -> None:
        self._keys = {
            key.kid: key for key in FieldKey.objects.filter(purpose=FieldKey.Purpose.SEALING)
        }

    def open(self, kid: str, device: UUID, seq: int, sealed: bytes) -> bytes:
        """Raises Unreadable, which is no loss: the sealed text stays."""
        if kid not in self._keys:
            raise Unreadable("key_unknown")
        try:
            return SUITE.decrypt(sealed, _private(self._keys[kid]), sealing_info(device, seq))
        except (InvalidTag, ValueError) as error:
            raise Unreadable("seal_broken") from error


def sign(text: str) -> tuple[str, str]:
    """(kid, r and s in b64) of the base's receipt key over the text."""
    key = key_of(FieldKey.Purpose.RECEIPT)
    r, s = decode_dss_signature(_private(key).sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return key.kid, b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
