"""Write a base into a ZIP: a manifest, one JSON-lines file a table, and its files."""

import hashlib
import hmac
import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from lms.archive.tables import digest, lines, own_rows, shared_rows, tenant_models
from tenants import crypto, migrating
from tenants.models import SiteChange, Tenant

FORMAT = 1
READ_ME = """This is one training base, as Trainbase kept it.

manifest.json   what is here: rows and SHA-256 of every table, SHA-256 of every file
shared/         the base's rows in the shared tables: designations, public register, hosts
tables/         one file a table, one JSON object a line
files/          pictures and documents (media), certificates and papers (private)

Binary values are base64. Resident IDs are sealed (AES-256-GCM) under the master key that the
manifest names; without that key nobody can read them.
"""


def key_checks() -> dict[str, str]:
    """For each master key a value that tells the same key from another of the same name."""
    return {
        key: hmac.digest(crypto.derive("archive/check", key), b"check", "sha256").hex()[:16]
        for key in sorted(settings.MASTER_KEYS)
    }


def write_base(tenant: Tenant, path: Path, by: str) -> dict[str, Any]:
    """Write the base to `path`, whole or not at all, and note who did; returns the manifest."""
    manifest = write_archive(tenant, path)
    with schema_context("public"):
        SiteChange.objects.create(
            tenant=tenant, kind=SiteChange.Kind.EXPORTED, after=path.name[-200:], by=by[:60]
        )
    return manifest


def write_archive(tenant: Tenant, path: Path) -> dict[str, Any]:
    """Write the base to `path`, whole or not at all; returns the manifest.

    One snapshot of the database for all tables: whoever works meanwhile is not stopped. A caller
    that is in a transaction already holds the tables still by other means.
    """
    outermost = not connection.in_atomic_block
    draft = Path(tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")[1])
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive, transaction.atomic():
            if outermost:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            manifest = _fill(archive, tenant)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _fill(archive: zipfile.ZipFile, tenant: Tenant) -> dict[str, Any]:
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "base": tenant.slug,
        "name": tenant.name,
        "uuid": str(tenant.uuid),
        "schema": tenant.schema_name,
        "written_at": timezone.now().isoformat(),
        "migrations": migrating.wanted(),
        "master_keys": key_checks(),
        "digest_key": settings.DIGEST_KEY_ID,
        "shared": {},
        "tables": {},
        "files": {},
    }
    with schema_context("public"):
        for label, rows in shared_rows(tenant):
            content = list(lines(rows, keep_keys=False))
            archive.writestr(f"shared/{label}.jsonl", b"".join(content))
            manifest["shared"][label] = _counted(content)
    with tenant_context(tenant):
        for model in tenant_models():
            label = model._meta.label_lower
            content = list(lines(own_rows(model), keep_keys=True))
            archive.writestr(f"tables/{label}.jsonl", b"".join(content))
            manifest["tables"][label] = _counted(content)
    for kind, root in (("media", settings.MEDIA_ROOT), ("private", settings.PRIVATE_ROOT)):
        folder = Path(root) / str(tenant.uuid)
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = f"files/{kind}/{file.relative_to(folder).as_posix()}"
            content_of = file.read_bytes()
            archive.writestr(name, content_of)
            manifest["files"][name] = hashlib.sha256(content_of).hexdigest()
    archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    archive.writestr("README.txt", READ_ME)
    return manifest


def _counted(content: list[bytes]) -> dict[str, Any]:
    rows, sha256 = digest(content)
    return {"rows": rows, "sha256": sha256}
