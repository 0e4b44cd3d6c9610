"""Sample papers of a design that is being edited: asked for by the web process, drawn by the worker."""

import base64
import hashlib
import json
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.core.files.storage import storages
from django.utils import timezone

from certificates.claims import Claims
from certificates.designs.design import Design
from certificates.designs.models import PreviewWish
from certificates.designs.services import pictures
from certificates.render import Print, print_pdf
from tenants.current import current_tenant, is_type
from tenants.links import absolute
from tenants.models import Tenant
from tenants.staff.models import User

KEPT = 24 * 3600  # seconds
#: As long as a real token: the code on the sample is as dense as on a paper.
TOKEN = "SAMPLE" + base64.urlsafe_b64encode(hashlib.sha512(b"sample").digest() * 3).decode()[:234]


def _folder() -> Path:
    found = Path(storages["private"].path("designs/previews"))
    found.mkdir(parents=True, exist_ok=True)
    return found


def file_of(digest: str) -> Path:
    """Where the sample of a design lies when it is drawn."""
    return _folder() / f"{digest}.pdf"


def wish(design: Design, found: dict[str, bytes], user: User) -> str:
    """Ask for the sample unless it is there; returns the design's digest, by which it is found."""
    from certificates.designs.tasks import draw_preview

    digest = design.digest()
    if file_of(digest).exists():
        return digest
    asked = _folder() / f"{digest}.json"
    if not asked.exists():
        facts = {"facts": design.as_json(), "pictures": pictures.packed(found)}
        asked.write_text(json.dumps(facts), encoding="utf-8")
    wished = PreviewWish.objects.filter(user=user).first()
    if wished is None or wished.digest != digest:
        PreviewWish.objects.update_or_create(user=user, defaults={"digest": digest})
        draw_preview.using(priority=50).enqueue(digest)
    return digest


def draw_sample(digest: str) -> None:
    """In the worker. What nobody waits for any more is not drawn; old samples go."""
    _sweep()
    asked = _folder() / f"{digest}.json"
    if not PreviewWish.objects.filter(digest=digest).exists() or not asked.exists():
        return
    kept = json.loads(asked.read_text(encoding="utf-8"))
    design = Design.from_json(kept["facts"])
    claims = sample(current_tenant())
    url = absolute(_centre(), f"/c/{claims.code}") + f"#{TOKEN}"
    content = print_pdf(
        Print(claims, url, design=design, pictures=pictures.unpacked(kept["pictures"]))
    )
    unfinished = file_of(digest).with_suffix(".new")
    unfinished.write_bytes(content)
    unfinished.replace(file_of(digest))


def _centre() -> Tenant:
    tenant = current_tenant()
    return tenant if is_type("centre") else Tenant.objects.get(pk=tenant.centre_id)


def sample(tenant: Tenant) -> Claims:
    """Invented claims, as long as usual: nobody can take them for a person's."""
    today = timezone.localdate()
    year = date(today.year, 1, 1)
    made = Claims(
        number=f"{tenant.issuer_code}-{today.year}-00000",
        code="SAMPLE00SAMPLE00SAMP",
        holder_name="样张（不是证书）",
        project_name="缝纫裁剪",
        project_name_en="Sewing and cutting (sample, no certificate)",
        level="初级",
        theory_hours="16",
        practice_hours="44",
        started_on=year,
        ended_on=year,
        issued_on=year,
        class_code="S1-2026-01",
        base_name=tenant.name,
        base_uscc=tenant.uscc,
        centre_name=_centre().name,
        rule_document="示范劳转〔2026〕3号 v2",
        theory_score="85.5",
        practice_score="91.0",
    )
    return replace(made, class_code=f"S1-{today.year}-01")


def _sweep() -> None:
    before = time.time() - KEPT
    for file in _folder().iterdir():
        if file.stat().st_mtime < before:
            file.unlink(missing_ok=True)
