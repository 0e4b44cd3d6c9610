"""The signature in the PDF: PAdES baseline (CAdES, detached) with ECDSA P-256, by pyHanko.

WeasyPrint writes the file with an empty signature in it, and the digest of the rest is signed: no
finished file is read and written again. The signature is deterministic (RFC 6979): the same paper is
the same bytes.
"""

import asyncio
import hashlib
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ROOM = 2400  # bytes for the signature; it takes 1,000 to 1,600
PLACES = b"/ByteRange [0 9999999999 9999999999 9999999999]"
YEARS = 11  # an archive keeps ten years; the certificate of the key outlives it


@dataclass(frozen=True)
class PaperKey:
    """A private key (32 bytes, P-256) and its X.509 certificate (DER)."""

    private: bytes
    certificate: bytes
    name: str

    def __repr__(self) -> str:
        return f"PaperKey({self.name})"


def new_key(name: str, kid: str, year: int) -> PaperKey:
    """A key with a certificate that it signs itself: it proves that the paper was not changed.

    Who it belongs to is known by the centre's list of issuers, not by a certificate authority.
    """
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, name[:64]),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, kid[:64]),
        ]
    )
    use = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign")
        + ("crl_sign", "encipher_only", "decipher_only"),
        False,
    )
    starts = datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=1)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(starts.replace(year=starts.year + YEARS))
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **use), critical=True
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    raw = private.private_numbers().private_value.to_bytes(32, "big")
    return PaperKey(raw, built.public_bytes(serialization.Encoding.DER), name)


def make_room(pdf: Any, key: PaperKey, made_on: date) -> None:
    """Add an invisible signature field to a PDF that is about to be written."""
    import pydyf

    class Plain(pydyf.Dictionary):  # type: ignore[misc]
        """Never inside a compressed stream of objects: its bytes are found and filled."""

        compressible = False

    [page] = [o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/Page"]
    page_number = next(i for i, o in enumerate(pdf.objects) if o is page)
    signature = Plain(
        {
            "Type": "/Sig",
            "Filter": "/Adobe.PPKLite",
            "SubFilter": "/ETSI.CAdES.detached",
            "Name": pydyf.String(key.name),
            "M": pydyf.String(f"D:{made_on:%Y%m%d}000000+08'00'"),
            "Contents": b"<" + b"0" * (2 * ROOM) + b">",
        }
    )
    signature["ByteRange"] = PLACES.removeprefix(b"/ByteRange ")
    pdf.add_object(signature)
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String("Signature"),
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "F": 132,  # printed and locked
            "P": f"{page_number} 0 R",
            "V": signature.reference,
        }
    )
    pdf.add_object(widget)
    page["Annots"] = pydyf.Array([*page.get("Annots", []), widget.reference])
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {"SigFlags": 3, "Fields": pydyf.Array([widget.reference])}
    )


def sign(content: bytes, key: PaperKey) -> bytes:
    """Fill the empty signature. Raises ValueError when the file has no room for it."""
    hole = re.search(rb"/Contents <0{%d}>" % (2 * ROOM), content)
    places = content.find(PLACES)
    if hole is None or places < 0:
        raise ValueError("the PDF has no empty signature")
    start, end = hole.start() + len(b"/Contents "), hole.end()
    ranges = f"/ByteRange [0 {start} {end} {len(content) - end}]".encode().ljust(len(PLACES))
    filled = bytearray(content)
    filled[places : places + len(PLACES)] = ranges
    digest = hashlib.sha256(filled[:start])
    digest.update(filled[end:])
    packed = _cms(digest.digest(), key).hex().encode()
    if len(packed) > 2 * ROOM:
        raise ValueError("the signature is larger than the room for it")
    filled[start + 1 : start + 1 + len(packed)] = packed
    return bytes(filled)


def _cms(digest: bytes, key: PaperKey) -> bytes:
    """The CMS object over `digest`: pyHanko's of this key, with the digest and the signature put in.

    All else in it is the same for every paper of a key, and to build it takes 10 ms.
    """
    frame = _frame(key)
    attributes = frame.attributes.replace(_DUMMY, digest)
    signed = _private(key).sign(
        b"\x31" + attributes[1:], ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    )
    made = _tlv(0x04, signed)
    for tag, before in frame.around:
        made = _tlv(tag, before.replace(frame.attributes, attributes) + made)
    return made


_DUMMY = hashlib.sha256(b"the place of a digest").digest()


@dataclass(frozen=True)
class _Frame:
    """What stands around the signature, from the inside out: tag, and the content before it."""

    around: tuple[tuple[int, bytes], ...]
    attributes: bytes


@lru_cache(maxsize=8)
def _frame(key: PaperKey) -> _Frame:
    with ThreadPoolExecutor(1) as aside:  # whoever calls may have a loop of events of his own
        signed = _signer(key).async_sign(_DUMMY, digest_algorithm="sha256", use_pades=True)
        rest = aside.submit(asyncio.run, signed).result()
    der = bytes(rest.dump())
    around, attributes = [], b""
    while der[0] != 0x04:  # the signature is the last thing in every structure around it
        tag, content = der[0], _content(der)
        parts = list(_parts(content))
        around.append((tag, content[: len(content) - len(parts[-1])]))
        attributes = next((part for part in parts if _DUMMY in part), attributes)
        der = parts[-1]
    return _Frame(tuple(reversed(around)), attributes)


def _content(der: bytes) -> bytes:
    return der[_head(der) :]


def _head(der: bytes) -> int:
    """Length of tag and length (X.690 8.1.3)."""
    return 2 if der[1] < 0x80 else 2 + (der[1] & 0x7F)


def _parts(content: bytes) -> Iterator[bytes]:
    while content:
        head = _head(content)
        length = content[1] if head == 2 else int.from_bytes(content[2:head], "big")
        yield content[: head + length]
        content = content[head + length :]


def _tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _private(key: PaperKey) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(key.private, "big"), ec.SECP256R1())


@lru_cache(maxsize=8)
def _signer(key: PaperKey) -> Any:
    from asn1crypto import algos
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.signers.pdf_cms import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    certificate = asn1_x509.Certificate.load(key.certificate)
    registry: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    registry.register(certificate)
    private = _private(key)

    class Deterministic(Signer):  # type: ignore[misc]
        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            return private.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    return Deterministic(
        signing_cert=certificate,
        cert_registry=registry,
        signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        embed_roots=True,
    )
