"""The certificate as a W3C Verifiable Credential 2.0 in the shape of Open Badges 3.0, signed
`eddsa-rdfc-2022`; and the list of statuses as a credential of its own.

What is signed is the canonical text of the document's RDF statements, which pyld makes. Every object here
has an address of its own: without that the canonical text takes several times as long.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from certificates.claims import LABELS, Claims

Document = dict[str, Any]
SUITE = "eddsa-rdfc-2022"
V2 = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS = {V2: "credentials-v2.json", BADGES: "open-badges-3.0.3.json"}
ZONE = "+08:00"  # days of certificates are China's
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

#: Claims that Open Badges calls results, with its kind of result.
RESULTS = {
    "level": "Result",
    "theory_hours": "Result",
    "practice_hours": "Result",
    "theory_score": "RawScore",
    "practice_score": "RawScore",
}


def credential_of(claims: Claims, issuer: str, address: str, place: tuple[str, int]) -> Document:
    """The unsigned credential. `issuer` is a DID, `address` the public page of the certificate,
    `place` the address of a list of statuses and the index in it. Every printed claim is in it.
    """
    training = f"{issuer}/classes/{quote(claims.class_code, safe='')}"
    said = claims.as_json()
    listed, index = place
    made: Document = {
        "@context": [V2, BADGES],
        "id": f"{address}/credential.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"培训合格证书：{claims.project_name}",
        "issuer": {
            "id": issuer,
            "type": ["Profile"],
            "name": claims.base_name,
            "description": f"统一社会信用代码 {claims.base_uscc}；{claims.centre_name}",
        },
        "validFrom": _moment(said["issued_on"]),
        "credentialSubject": {
            "id": f"{address}#holder",
            "type": ["AchievementSubject"],
            "name": claims.holder_name,
            "licenseNumber": claims.number,
            "activityStartDate": _moment(said["started_on"]),
            "activityEndDate": _moment(said["ended_on"]),
            "narrative": "\n".join(
                f"{zh} {en}: {value}" for _key, zh, en, value in claims.labelled()
            ),
            "achievement": _achievement(claims, training),
            "result": [
                {
                    "id": f"{address}#{key}",
                    "type": ["Result"],
                    "resultDescription": f"{training}#{key}",
                    "value": said[key],
                }
                for key in RESULTS
            ],
        },
        "credentialStatus": {
            "id": f"{listed}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": listed,
        },
    }
    if claims.photo_sha256:
        digest = base64.b64encode(bytes.fromhex(claims.photo_sha256)).decode()
        made["relatedResource"] = {"id": f"{address}/photo.jpg", "digestSRI": f"sha256-{digest}"}
    return made


def _achievement(claims: Claims, training: str) -> Document:
    described = f"{claims.project_name} · {claims.project_name_en}".removesuffix(" · ")
    return {
        "id": training,
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": claims.project_name,
        "description": described,
        "humanCode": claims.class_code,
        "criteria": {"id": f"{training}#criteria", "narrative": claims.rule_document},
        "resultDescription": [
            {
                "id": f"{training}#{key}",
                "type": ["ResultDescription"],
                "name": " ".join(LABELS[key]),
                "resultType": kind,
                **({"valueMin": "0", "valueMax": "100"} if kind == "RawScore" else {}),
            }
            for key, kind in RESULTS.items()
        ],
    }


def status_credential(address: str, issuer: str, packed: bytes, since: str, until: str) -> Document:
    """The unsigned list: `packed` is gzip of its bits. After `until` it proves nothing any more."""
    encoded = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return {
        "@context": [V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": since,
        "validUntil": until,
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{encoded}",
        },
    }


def _moment(day: str) -> str:
    return f"{day}T00:00:00{ZONE}"


def sign(document: Document, method: str, private: Ed25519PrivateKey, created: str) -> Document:
    """The document with its proof. `method` is the DID URL of the key, `created` a moment in UTC."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = private.sign(_digest(document, proof))
    return {**document, "proof": {**proof, "proofValue": multibase(signature)}}


def is_signed_by(signed: Mapping[str, Any], public: bytes) -> bool:
    """Whether the proof is the raw Ed25519 key's, over exactly this document."""
    try:
        document = {key: value for key, value in signed.items() if key != "proof"}
        proof = dict(signed["proof"])
        signature = unbase(proof.pop("proofValue"))
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _digest(document, proof))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return bool(proof.get("cryptosuite") == SUITE)


def _digest(document: Document, proof: Document) -> bytes:
    """What is signed (W3C Data Integrity EdDSA Cryptosuites 1.0, 3.2.4): both digests, proof first."""
    options = {"@context": document["@context"], **proof}
    return b"".join(
        hashlib.sha256(canonical(each).encode()).digest() for each in (options, document)
    )


def canonical(document: Document) -> str:
    """The document's canonical N-Quads (RDF Dataset Canonicalization 1.0)."""
    from pyld import jsonld  # with its XML library: a process that signs nothing does without

    text: str = jsonld.normalize(
        document,
        {
            "algorithm": "URDNA2015",  # RDFC-1.0 before it had that name
            "format": "application/n-quads",
            "documentLoader": _loader(),
        },
    )
    return text


@cache
def _loader() -> Callable[..., Any]:
    """Serves the contexts that lie beside this file: nothing is fetched."""
    folder = Path(__file__).parent / "contexts"
    kept = {url: json.loads((folder / name).read_bytes()) for url, name in CONTEXTS.items()}

    def load(url: str, options: object = None) -> Document:
        if url not in kept:
            raise ValueError(f"no context of ours: {url[:80]}")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": kept[url],
        }

    return load


def multibase(content: bytes) -> str:
    """base58btc with its prefix."""
    zeros = len(content) - len(content.lstrip(b"\0"))
    number, text = int.from_bytes(content, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return "z" + "1" * zeros + text


def unbase(text: str) -> bytes:
    """What `multibase` wrote. Raises ValueError."""
    if not text.startswith("z"):
        raise ValueError("not base58btc")
    zeros, number = len(text[1:]) - len(text[1:].lstrip("1")), 0
    for character in text[1:]:
        number = number * 58 + BASE58.index(character)
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
