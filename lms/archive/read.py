"""Read a base out of its ZIP into an installation that does not have it."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, connection, transaction
from django_tenants.utils import schema_context, schema_exists, tenant_context
from wagtail.signal_handlers import disable_reference_index_auto_update

from certificates.standing.services.rebuild import recount
from courses.applying.services.listed import rebuild as relist
from courses.fieldlog.services.project import presence
from courses.intake.services import yearly
from courses.models import CoursePage
from courses.planning.services.share import share_all
from courses.services.listings import list_course
from lms.archive import shell
from lms.archive.tables import SHARED, digest, lines, own_rows, shared_rows, tenant_models
from lms.archive.write import FORMAT, key_checks
from tenants import migrating
from tenants.append_only import PUTTING_BACK
from tenants.models import Domain, Tenant
from tenants.provisioning import copy_template, template_sql


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, after every table and file was compared with it. Raises ValidationError."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError) as error:
        raise ValidationError("这不是基地导出文件 / this is no export of a base") from error
    if manifest.get("format") != FORMAT:
        raise ValidationError("导出文件的格式不认识 / the export has a format that is not known")
    for folder in ("shared", "tables"):
        for label, said in manifest[folder].items():
            rows, sha256 = digest(_lines(archive, f"{folder}/{label}.jsonl"))
            if (rows, sha256) != (said["rows"], said["sha256"]):
                raise _damaged(f"{folder}/{label}.jsonl")
    for name, sha256 in manifest["files"].items():
        if hashlib.sha256(archive.read(name)).hexdigest() != sha256:
            raise _damaged(name)
    return manifest


def _damaged(name: str) -> ValidationError:
    return ValidationError(f"文件已损坏，内容与清单不符：{name} / damaged, {name} is not as listed")


def _lines(archive: zipfile.ZipFile, name: str) -> list[bytes]:
    try:
        return [line + b"\n" for line in archive.read(name).split(b"\n") if line]
    except (KeyError, zipfile.BadZipFile) as error:
        raise _damaged(name) from error


def read_base(path: Path, hold: bool = False) -> tuple[Tenant, dict[str, Any]]:
    """Make the base as it was: rows, files, register. All or nothing. Raises ValidationError.

    Every table is read back and compared with the manifest before anything is kept. `hold`: a base
    that arrives from another cell serves nobody until that cell has let it go; what an earlier,
    killed move has left of it here is replaced.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise ValidationError(f"打不开文件：{error} / cannot open the file") from error
    with archive:
        manifest = read_manifest(archive)
        template_sql()
        drafts = _folders(f".{manifest['uuid']}.draft")
        try:
            with transaction.atomic(), disable_reference_index_auto_update():
                _alone(manifest["uuid"])
                if hold:
                    shell.clear(manifest["uuid"])
                _fits(manifest)
                tenant = _rows(archive, manifest)
                shell.settle(tenant, settings.CELL, Tenant.Moving.HELD if hold else "")
                _files(archive, manifest, drafts)
                for kind, folder in _folders(manifest["uuid"]).items():
                    drafts[kind].rename(folder)  # the last act: nothing can fail after it
        except (IntegrityError, ObjectDoesNotExist) as error:
            raise ValidationError(
                f"与本地已有的数据冲突：{error} / it contradicts what is here already"
            ) from error
        finally:
            for folder in drafts.values():
                shutil.rmtree(folder, ignore_errors=True)
    return tenant, manifest


def _folders(name: str) -> dict[str, Path]:
    roots = {"media": settings.MEDIA_ROOT, "private": settings.PRIVATE_ROOT}
    return {kind: Path(root) / name for kind, root in roots.items()}


def _alone(uuid: str) -> None:
    """One import of a base at a time: the lock falls with the transaction."""
    number = int.from_bytes(hashlib.sha256(f"import {uuid}".encode()).digest()[:7], "big")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _fits(manifest: dict[str, Any]) -> None:
    if manifest["migrations"] != migrating.wanted():
        raise ValidationError(
            "导出时的程序版本不同，请用同一版本导入 / another version wrote this: read it with the same"
        )
    checks = key_checks()
    if any(checks.get(key) != value for key, value in manifest["master_keys"].items()) or (
        manifest["digest_key"] != settings.DIGEST_KEY_ID
    ):
        listed = ", ".join(manifest["master_keys"])
        raise ValidationError(
            f"缺少主密钥 {listed}，或密钥不同，身份证号将无法打开，请先配置"
            f" / the master keys {listed} are not here, or are others: configure them first"
        )
    own = {
        "shared": list(SHARED),
        "tables": [model._meta.label_lower for model in tenant_models()],
    }
    if any(list(manifest[folder]) != labels for folder, labels in own.items()):
        raise ValidationError("清单中的表与本程序不符 / the tables listed are not those of a base")
    for kind, folder in _folders(manifest["uuid"]).items():
        if folder.exists() and any(folder.iterdir()):
            raise ValidationError(
                f"文件夹 {kind}/{folder.name} 已存在，请先移走 / this folder exists: move it away first"
            )
    taken = Tenant.objects.filter(uuid=manifest["uuid"]) | Tenant.objects.filter(
        slug=manifest["base"]
    )
    away = taken.exclude(cell=settings.CELL)  # it comes home
    if taken.count() > away.count() or schema_exists(manifest["schema"]):
        raise ValidationError(
            f"基地 {manifest['base']} 已存在 / the base {manifest['base']} exists"
        )


def _save(label: str, content: list[bytes], new: bool) -> None:
    """Write the rows of one table: of that table alone, and shared ones only as new rows."""
    try:
        for row in serializers.deserialize("jsonl", (line.decode() for line in content)):
            if row.object._meta.label_lower != label:
                raise _damaged(label)
            if new and row.object.pk is not None and not shell.may_return(row.object):
                raise ValidationError(
                    f"{label} {row.object} 已存在 / {label} {row.object} exists here"
                )
            row.save()
    except DeserializationError as error:
        raise ValidationError(
            f"缺少导出文件所指的公共数据：{error} / shared data that the export names is not here"
        ) from error


def _rows(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> Tenant:
    with schema_context("public"):
        for label in manifest["shared"]:
            _save(label, _lines(archive, f"shared/{label}.jsonl"), new=True)
        tenant = Tenant.objects.get(uuid=manifest["uuid"])
        if not Domain.objects.filter(tenant=tenant, is_primary=True).exists():
            raise _damaged("shared/tenants.domain.jsonl")
        copy_template(tenant.schema_name)
        listed = [model for model in tenant_models()]
        with connection.cursor() as cursor:
            tables = {m._meta.db_table for m in listed} | {
                f.m2m_db_table() for m in listed for f in m._meta.local_many_to_many
            }
            names = ", ".join(f'"{tenant.schema_name}"."{table}"' for table in sorted(tables))
            cursor.execute(f"TRUNCATE {names} CASCADE")
    with tenant_context(tenant):
        with _as_they_were():
            for model in listed:
                label = model._meta.label_lower
                _save(label, _lines(archive, f"tables/{label}.jsonl"), new=False)
        _set_sequences(tenant.schema_name)
        for page in CoursePage.objects.live():
            list_course(page)  # the portal's listings are made from the pages
        relist()  # and its open classes
        presence.renew()  # and who was where, from the marks
        share_all()  # and the centre's calendar, from the classes
        yearly.renew()  # and who is trained in which year
        recount()  # and the figures, from where everybody stands
        for model in listed:
            label = model._meta.label_lower
            if (
                digest(lines(own_rows(model), keep_keys=True))[1]
                != manifest["tables"][label]["sha256"]
            ):
                raise _damaged(f"tables/{label}.jsonl")
    with schema_context("public"):
        for label, found in shared_rows(tenant):
            if digest(lines(found, keep_keys=False))[1] != manifest["shared"][label]["sha256"]:
                raise _damaged(f"shared/{label}.jsonl")
    return tenant


@contextmanager
def _as_they_were() -> Iterator[None]:
    """Rows that are put back were judged when they were written: no guard of the chain asks again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, 'on', true)", [PUTTING_BACK])
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, '', true)", [PUTTING_BACK])


def _set_sequences(schema: str) -> None:
    """Every identity ahead of its table: a literal each, which sharded databases take too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = %s AND is_identity = 'YES'",
            [schema],
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT max("{column}") FROM "{schema}"."{table}"')
            if (highest := cursor.fetchone()[0]) is not None:
                name = f'"{schema}"."{table}"'
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, column, highest]
                )


def _files(archive: zipfile.ZipFile, manifest: dict[str, Any], drafts: dict[str, Path]) -> None:
    for folder in drafts.values():
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
        folder.mkdir(parents=True)
    for name in manifest["files"]:
        _, kind, relative = name.split("/", 2)
        folder = drafts[kind].resolve()
        target = (folder / relative).resolve()
        if not target.is_relative_to(folder):
            raise _damaged(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read(name))
