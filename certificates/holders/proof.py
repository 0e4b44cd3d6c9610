"""What the public register may hold of the last four of a resident ID: a keyed digest, and no more.

Under a key of its own that is no row of the database, and over the certificate's code as well: whoever
has the whole register learns neither the digits nor that two people have the same.
"""

import unicodedata

from tenants import crypto

PURPOSE = "holder/last-four"


def folded(typed: str) -> str:
    """Digits of any width, and x as X."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


def proof_of(code: str, last4: str) -> bytes:
    """32 bytes. `code` as the register has it."""
    return crypto.keyed_digest(folded(last4), PURPOSE, code.encode())
