"""Whatever leaves for a spreadsheet is data: no cell of any export is taken for a formula.

Names and notes of both bases are made to look like formulas; then every address of a base and of the
centre is asked for each format that it may have.
"""

import csv
import io
import logging

import pytest
from django.db import connection, transaction
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from tenants import hosts
from tenants.tables import FORMULA_STARTS, workbook_bytes
from tests.cast import base
from tests.isolation.addresses import addresses
from tests.isolation.test_every_write import HERE
from tests.isolation.walk import FAILS_ON_PURPOSE, known_of, urlconf_of

OURS, OF_WAGTAIL = ("format=xlsx", "format=csv"), ("export=xlsx", "export=csv")
STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=")
counted = {"files": 0, "cells": 0, "marked": 0}


def poison():
    """Every text of people's own in this tenant begins like a formula."""
    from certificates.employment.models import Claim
    from certificates.external.models import ExternalCertificate
    from certificates.models import Outcome
    from courses.models import Project, Trainee, TrainingClass
    from tenants.applications.models import Application
    from tenants.jobs.models import JobRun
    from tenants.outbox.models import Message
    from tenants.staff.models import User

    texts = ((Trainee, "name"), (TrainingClass, "place"), (Project, "name"), (User, "display_name"))
    texts += ((Message, "text"), (JobRun, "label"), (Application, "contact"))
    texts += ((ExternalCertificate, "title"), (Claim, "firm"), (Outcome, "employer"))
    with connection.cursor() as cursor:  # rows that the database keeps as they are, too
        cursor.execute("SET LOCAL session_replication_role = replica")
    for model, field in texts:
        names = {each.name for each in model._meta.get_fields()}
        if field in names:
            for number, row in enumerate(model.objects.order_by("pk")):
                start = STARTS[number % len(STARTS)]
                table, column = model._meta.db_table, model._meta.get_field(field).column
                with connection.cursor() as cursor:  # some rows are append-only for Django
                    cursor.execute(
                        f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s',
                        [f"{start}1+1", row.pk],
                    )


def faults_of(content, kind):
    """Cells that a spreadsheet would take for a formula."""
    if "csv" in kind:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        cells = [cell for row in rows for cell in row]
        counted["cells"] += len(cells)
        counted["marked"] += sum(cell.startswith("'") for cell in cells)
        return [cell for cell in cells if cell.lstrip().startswith(FORMULA_STARTS)]
    wrong = []
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                counted["cells"] += cell.value is not None
                counted["marked"] += cell.quotePrefix
                text = isinstance(cell.value, str) and cell.value.startswith(FORMULA_STARTS)
                if cell.data_type == "f" or (text and not cell.quotePrefix):
                    wrong.append((cell.coordinate, cell.value))
    return wrong


@pytest.fixture
def poisoned(world):
    logging.disable(logging.WARNING)
    with transaction.atomic():
        for slug in HERE:
            with tenant_context(base(slug)):
                poison()
        connection.set_schema_to_public()
        yield
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    connection.set_schema_to_public()
    hosts.forget()


def _asked(browser, path):
    """The faults of an address in each format that it has: the second of a pair where it has the first."""
    found = []
    for asked in OF_WAGTAIL if path.startswith("/admin/") else OURS:
        with transaction.atomic():
            answer = browser.get(f"{path}?{asked}")
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code != 200 or not ("spreadsheet" in kind or "csv" in kind):
            break
        counted["files"] += 1
        found += [(path, asked, wrong) for wrong in faults_of(content, kind)]
    return found


@pytest.mark.parametrize("slug", HERE)
def test_no_export_holds_a_formula(enter, poisoned, slug):
    browser = enter(slug, "director" if slug == "centre" else "manager")
    found = []
    for address in addresses(urlconf_of(slug), known_of(slug)):
        if address.name in FAILS_ON_PURPOSE:
            continue
        for path in address.paths[:2]:
            found += _asked(browser, path)
    assert found == []


def test_control_a_formula_is_found_out():
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["=1+1"])
    buffer = io.BytesIO()
    book.save(buffer)
    assert faults_of(buffer.getvalue(), "spreadsheet") == [("A1", "=1+1")]
    assert faults_of(b"=1+1,x", "csv") == ["=1+1"]
    assert faults_of(workbook_bytes(["x"], [[f"{start}1"] for start in STARTS]), "xlsx") == []


def test_what_was_exported_is_said(world, capsys):
    with capsys.disabled():
        print(
            f"\nexports: {counted['files']} files, {counted['cells']} cells, {counted['marked']} marked"
        )
    assert counted["marked"] > 10 or not counted["files"]
