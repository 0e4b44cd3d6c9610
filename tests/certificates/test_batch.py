"""A class in one job: cancelled, broken off, taken up again, accounted for, printed."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pymupdf
import pytest
from django.db.models.signals import post_save
from django_tenants.utils import tenant_context

from certificates import fonts, pool
from certificates.designs.design import BUILT_IN
from certificates.drawing import draw
from certificates.jobs import ISSUE, PAPER, PRINT
from certificates.models import Certificate
from certificates.render import Print, sheet_of
from certificates.services.imposition import impose
from certificates.services.issue import issue_class
from certificates.services.papers import _path, paper
from certificates.services.revoke import revoke
from courses.models import Trainee
from tenants.jobs import services
from tenants.jobs.models import JobRun
from tenants.jobs.services import cancel, perform, start
from tests.cast import base, two
from tests.certificates.papers import CLAIMS, URL
from tests.story import finished


def run_of(found):
    return start(ISSUE, found.code, {"class": found.pk}, None)


def test_a_job_tells_of_each_person_what_came_of_them_on_its_page_and_in_excel(visit):
    with tenant_context(base("north")):
        found = finished(people=3, scores={1: ("10", "80")})
        run = run_of(found)
        perform(run)
        number = Certificate.objects.first().number
    clerk = visit("north", "clerk")
    page = clerk.get(f"/desk/jobs/{run.pk}/").content.decode()
    assert "新签发 2 份，未签发 1 人" in page
    assert number in page
    assert "理论成绩 10.0 分" in page
    only = clerk.get(f"/desk/jobs/{run.pk}/?outcome=refused").content.decode()
    assert number not in only
    book = openpyxl.load_workbook(
        io.BytesIO(clerk.get(f"/desk/jobs/{run.pk}/?format=xlsx").content)
    )
    rows = list(book.active.iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == ["成功", "不符合", "成功"]
    assert rows[1][4:6] == ("10.0", "60")


def test_a_cancelled_job_keeps_what_it_issued_and_says_who_was_left(visit):
    with tenant_context(base("north")):
        run = run_of(finished(people=3))

        def after_the_first(instance, created, **kwargs):
            if created:
                cancel(JobRun.objects.get(pk=run.pk))

        post_save.connect(after_the_first, sender=Certificate)
        try:
            perform(run)
        finally:
            post_save.disconnect(after_the_first, sender=Certificate)
        run.refresh_from_db()
        assert run.state == JobRun.State.CANCELLED
        assert [line.outcome for line in run.lines.all()] == ["done", "left", "left"]
        assert Certificate.objects.count() == 1
    page = visit("north", "clerk").get(f"/desk/jobs/{run.pk}/").content.decode()
    assert "取消前完成的部分全部保留" in page
    with tenant_context(base("north")):
        again = start(ISSUE, "x", run.params, None)
        assert again.pk != run.pk
        perform(again)
        assert Certificate.objects.count() == 3
        assert all(certificate.pdf_sha256 for certificate in Certificate.objects.all())
        assert JobRun.objects.get(pk=again.pk).result["issued"] == 2


def test_a_job_that_waits_is_cancelled_at_once_by_whoever_may_issue(visit):
    with tenant_context(base("north")):
        run = run_of(finished(people=1))
    address = f"/desk/jobs/{run.pk}/cancel/"
    assert visit("north", "trainer").post(address).status_code == 403
    assert visit("south", "clerk").post(address).status_code == 404
    clerk = visit("north", "clerk")
    assert clerk.get(address).status_code == 405
    clerk.post(address)
    with tenant_context(base("north")):
        run.refresh_from_db()
        assert run.state == JobRun.State.CANCELLED
        perform(run)
        assert not Certificate.objects.exists()
    assert clerk.post(address).status_code == 403, "it is over"


def test_a_long_job_gives_way_to_others_and_comes_to_the_same_end(north, monkeypatch):
    monkeypatch.setattr(services, "SLICE", 0.0)
    run = run_of(finished(people=3))
    turns = 0
    while run.is_open:
        perform(run)
        run.refresh_from_db()
        turns += 1
        assert turns < 40
        if turns == 6:
            monkeypatch.setattr(services, "SLICE", 60.0)
    assert turns > 3
    assert run.state == JobRun.State.DONE
    assert sorted(Certificate.objects.values_list("serial", flat=True)) == [1, 2, 3]
    assert run.result["issued"] == 3


def test_the_estimate_follows_the_pace_since_the_job_was_taken_up():
    from datetime import timedelta

    from django.utils import timezone

    run = JobRun(state="running", done=100, total=2100, pace_done=50)
    run.pace_from = timezone.now() - timedelta(seconds=10)
    assert 390 <= run.seconds_left <= 410
    assert run.minutes_left == 7
    run.pace_done = 99
    assert run.minutes_left is None, "too little to go by"


def test_a_rare_character_stops_one_certificate_with_what_to_do(north):
    found = finished(people=2)
    trainee = Trainee.objects.order_by("pk").first()
    trainee.name = "李\U0003134a"
    trainee.save()
    run = run_of(found)
    perform(run)
    [refused] = run.lines.filter(outcome="refused")
    assert "\U0003134a" in str(refused.said)
    assert run.lines.filter(outcome="done").count() == 1


def test_a_paper_that_fails_stops_no_other_and_is_named(north):
    found = finished(people=3)
    certificates = issue_class(found, None).certificates
    _path(certificates[1]).parent.mkdir(parents=True, exist_ok=True)
    _path(certificates[1]).write_bytes(b"")
    Certificate.objects.filter(pk=certificates[1].pk).update(pdf_sha256="0" * 64)
    _path(certificates[1]).unlink()
    run = run_of(found)
    perform(run)
    assert [line.outcome for line in run.lines.all()] == ["done", "failed", "done"]
    assert "运维" in run.lines.get(outcome="failed").said[0]["zh"]
    run.refresh_from_db()
    assert (run.state, run.result["failed"]) == ("done", 1)


def test_the_web_side_starts_a_job_for_a_paper_that_is_not_there(visit):
    with tenant_context(base("north")):
        found = finished(people=2)
        number = issue_class(found, None).certificates[0].number
    clerk = visit("north", "clerk")
    for path, kind in (
        (f"/desk/certificates/{number}.pdf", PAPER),
        (f"/desk/classes/{found.code}/papers.zip", PRINT),
        (f"/desk/classes/{found.code}/sheets.pdf", PRINT),
    ):
        answer = clerk.get(path)
        assert answer.status_code == 302
        assert clerk.get(path).url == answer.url, "a second click starts no second job"
        with tenant_context(base("north")):
            run = JobRun.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[-1])
            assert run.kind == kind
            perform(run)
            run.refresh_from_db()
            assert run.result["download"] == path
        assert b"".join(clerk.get(path)).startswith((b"%PDF", b"PK"))
    names = zipfile.ZipFile(
        io.BytesIO(clerk.get(f"/desk/classes/{found.code}/papers.zip").getvalue())
    ).namelist()
    assert len(names) == 2
    assert names[0].startswith(number)


def test_a_revoked_certificate_is_not_in_the_file_that_is_handed_out_next(visit):
    with tenant_context(base("north")):
        found = finished(people=2)
        run = run_of(found)
        perform(run)
        gone = Certificate.objects.first()
        revoke(gone, "other", "误发", *two())
    answer = visit("north", "clerk").get(f"/desk/classes/{found.code}/papers.zip")
    assert answer.status_code == 302, "made anew, without it"


def sheets(paper_kind, count):
    design = replace(BUILT_IN, paper=paper_kind)
    for n in range(count):
        claims = replace(CLAIMS, number=f"N-{n:04}", code=f"{n:020}")
        yield sheet_of(Print(claims, URL, design=design))


def test_processes_draw_the_same_bytes_in_the_same_order(settings):
    wanted = list(sheets("card", 3))
    drawn = list(pool.draw_all(iter(wanted), fonts.folder(), 2))
    assert drawn == [draw(sheet, fonts.folder()) for sheet in wanted]
    broken = replace(wanted[0], html='<img src="http://x.cn/">')
    first, second = pool.draw_all([broken, wanted[1]], fonts.folder(), 2)
    assert isinstance(first, Exception)
    assert second == drawn[1]


@pytest.mark.parametrize(("kind", "count", "pages"), [("card", 12, 2), ("a5", 3, 2), ("a4", 2, 2)])
def test_papers_come_onto_sheets_in_their_order_and_none_is_drawn_again(
    tmp_path, kind, count, pages
):
    files = []
    for n, sheet in enumerate(sheets(kind, count)):
        files.append(tmp_path / f"{n}.pdf")
        files[-1].write_bytes(draw(sheet, fonts.folder()))
    impose(files, tmp_path / "sheets.pdf")
    document = pymupdf.open(tmp_path / "sheets.pdf")
    assert len(document) == pages
    printed = "".join(page.get_text() for page in document)
    assert [f"N-{n:04}" in printed for n in range(count)] == [True] * count
    size = tuple(round(edge / 72 * 25.4) for edge in document[0].rect[2:])
    assert size == ((297, 210) if kind == "a4" else (210, 297))
    drawn = document[0].get_drawings()
    marks = [line for line in drawn if line["type"] == "s" and line["color"] == (0, 0, 0)]
    assert bool(marks) == (kind != "a4")
    for page in document:
        for word in page.get_text("words"):
            assert page.rect.contains(pymupdf.Rect(word[:4])), word


def test_the_same_bytes_come_again_when_the_file_was_lost(north):
    certificate = issue_class(finished(people=1), None).certificates[0]
    first = paper(certificate)
    _path(certificate).unlink()
    assert paper(certificate) == first
