"""The paper of a dossier: one A4 bundle, the digest on every page, the snapshot attached."""

import io
import json
from datetime import datetime
from functools import cache
from pathlib import Path

import qrcode
from django.template import Context, Engine

from certificates import fonts
from certificates.dossiers import rules
from certificates.drawing import Sheet

TEMPLATES = Path(__file__).parent / "templates" / "dossiers"
FAMILIES = ", ".join(f'"{family}"' for family in fonts.FAMILIES)
ATTACHED = "dossier.json"


def sheet_of(body: str, address: str) -> Sheet:
    """What the worker draws. `address` is the centre's page that checks it, for the QR code."""
    snapshot = json.loads(body)
    digest = rules.digest_of(body)
    context = {
        "class": snapshot["facts"]["class"],
        "base": snapshot["facts"]["base"],
        "number": snapshot["number"],
        "summary": rules.summary(snapshot),
        "tables": [
            {"table": table, "wide": len(table.header) > 8, "n": len(table.rows)}
            for table in rules.tables_of(snapshot)
        ],
        "digest": digest,
        "short": rules.short(digest),
    }
    css = (TEMPLATES / "paper.css").read_text(encoding="utf-8")
    line = f"{snapshot['facts']['base']['name']} · {snapshot['facts']['class']['code']}"
    css = css.replace("FAMILIES", FAMILIES).replace("DIGEST", digest)
    css = css.replace("NAMED", line.replace("\\", "").replace('"', ""))
    return Sheet(
        html=_engine().get_template("paper.html").render(Context(context)),
        css=css,
        identifier=digest,
        made_on=datetime.fromisoformat(snapshot["made_at"]).date(),
        pictures={"qr": _qr(address)},
        attached={ATTACHED: body.encode()},
    )


def _qr(text: str) -> bytes:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, mask_pattern=2)
    code.add_data(text)
    code.make(fit=True)
    buffer = io.BytesIO()
    code.make_image().save(buffer, "PNG")
    return buffer.getvalue()


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)
