"""A holder comes in by code and last four; nobody guesses in; links open what was shared and no more."""

import io
import re
import time
import uuid
from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from certificates.external.models import ExternalKind
from certificates.external.services import Facts, record
from certificates.holders import session
from certificates.holders.proof import proof_of
from certificates.holders.services import enter as door
from certificates.holders.services import held, shares
from certificates.holders.shared.models import Attempt, HolderProof, Share
from certificates.models import Certificate
from certificates.register.checks.services import API, note
from certificates.register.models import RegisterEntry
from certificates.services.correct import correct
from certificates.services.issue import issue_class
from certificates.services.papers import paper
from certificates.services.revoke import revoke
from courses.models import Project
from tenants.jobs.models import JobRun
from tenants.models import Tenant
from tenants.staff.models import User
from tests.cast import base, two
from tests.story import finished

HOST = "centre.localhost"


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), tenant_context(base("north")):
        found = issue_class(finished(people=3), None).certificates
        for each in found:
            each.last4 = each.trainee.id_last4
    return found


@pytest.fixture
def issued(made, db):
    return deepcopy(made)


def browser(address="203.0.113.1"):
    return Client(HTTP_HOST=HOST, REMOTE_ADDR=address)


def open_(send, code, last4):
    return send.post("/my/", {"code": code, "last4": last4})


def inside(certificate, **more):
    send = browser(**more)
    assert open_(send, certificate.code, certificate.last4).url == "/my/certificates/"
    return send


def wrong(last4):
    return f"{(int(last4[:3]) + 1) % 1000:03}{last4[3]}"


def page_of(send, path="/my/certificates/"):
    answer = send.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def person_of(certificate):
    return bytes(RegisterEntry.objects.get(code=certificate.code).person)


def second_certificate():
    """The same three people at the other base, in another project."""
    with tenant_context(base("south")):
        Project.objects.update(level="intermediate")
        return issue_class(finished(days_ago=60), None).certificates


def test_code_and_last_four_open_all_certificates_of_the_person_at_every_base(issued):
    other = second_certificate()[0]
    page = page_of(inside(issued[0]))
    assert issued[0].number in page and other.number in page
    assert issued[1].number not in page


@pytest.mark.parametrize(
    "form", ["{code}", " {lower} ", "http://centre.localhost/c/{code}#token", "/c/{code}/"]
)
def test_a_code_opens_as_it_is_typed_pasted_or_scanned(issued, form):
    typed = form.format(code=issued[0].code, lower=issued[0].code.lower())
    assert open_(browser(), typed, issued[0].last4).status_code == 302


def test_a_number_opens_nothing(issued):
    assert open_(browser(), issued[0].number, issued[0].last4).status_code == 403


def test_digits_of_full_width_and_a_small_x_are_the_same():
    assert proof_of("CODE", "１２３x") == proof_of("CODE", "123X") != proof_of("CODE", "1234")
    assert proof_of("OTHER", "123X") != proof_of("CODE", "123X")


def test_everything_that_does_not_open_gets_one_answer(issued):
    said = set()
    certificate = issued[0]
    for n, (code, last4) in enumerate(
        [
            (certificate.code, wrong(certificate.last4)),
            ("NOSUCHCODE123456", certificate.last4),
            (issued[1].code, "x" * 4),
            (certificate.code[::-1], "0000"),
            ("", ""),
        ]
    ):
        answer = open_(browser(f"198.51.100.{n}"), code, last4)
        text = re.sub(r'value="[^"]{64}"', "", answer.content.decode())  # the token of the form
        said.add((answer.status_code, text))
    assert len(said) == 1


def test_no_more_than_five_wrong_attempts_a_day_whoever_tries_then_not_even_the_right_one(issued):
    certificate = issued[0]
    for n in range(door.A_DAY):
        bad = open_(browser(f"198.51.100.{n}"), certificate.code, wrong(certificate.last4))
        assert bad.status_code == 403
    locked = open_(browser("192.0.2.7"), certificate.code, certificate.last4)
    assert locked.status_code == 403
    assert open_(browser("192.0.2.7"), issued[1].code, issued[1].last4).status_code == 302


def test_no_more_than_ten_within_ninety_days_and_then_it_opens_again(issued, monkeypatch):
    certificate, today = issued[0], timezone.localdate()
    who = door._who(certificate.code)
    for days in (1, 2):
        Attempt.objects.create(who=who, day=today - timedelta(days=days), times=door.A_DAY)
    assert door.enter(certificate.code, certificate.last4) is None
    later = today + timedelta(days=door.DAYS)
    monkeypatch.setattr(door.timezone, "localdate", lambda: later)
    assert door.enter(certificate.code, certificate.last4) is not None
    assert not Attempt.objects.filter(day__lt=today).exists(), "old rows are removed"


def test_right_attempts_are_not_counted_as_wrong(issued):
    for _ in range(20):
        assert door.enter(issued[0].code, issued[0].last4) is not None
    assert door.wrong_attempts(issued[0].code) == (0, 0)


def test_codes_that_do_not_exist_are_counted_the_same_way(issued):
    for _ in range(10):
        door.enter("NOSUCHCODE123456", "0000")
    assert door.wrong_attempts(door.code_in("NOSUCHCODE123456"))[0] == door.A_DAY


def test_an_address_that_guesses_is_sent_away_for_every_certificate(issued, monkeypatch):
    monkeypatch.setattr("certificates.holders.views.WRONG_AN_HOUR", 2)
    send = browser()
    assert [open_(send, f"NOSUCHCODE00000{n}", "0000").status_code for n in range(3)] == [
        403,
        403,
        429,
    ]
    assert open_(send, issued[0].code, issued[0].last4).status_code == 429
    assert open_(browser("192.0.2.9"), issued[0].code, issued[0].last4).status_code == 302


def test_the_register_holds_no_last_four_and_rows_alone_prove_nothing(issued):
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM public.holders_shared_holderproof p")
        rows = str(cursor.fetchall())
    assert len(HolderProof.objects.all()) == 3
    for certificate in issued:
        assert f'"{certificate.last4}"' not in rows and certificate.last4.encode().hex() not in rows


def test_certificates_from_before_get_their_proof_from_their_own_base(issued):
    from importlib import import_module

    from django.apps import apps

    before = {p.code: bytes(p.proof) for p in HolderProof.objects.all()}
    HolderProof.objects.all().delete()
    migration = import_module("certificates.holders.migrations.0001_prove_earlier")
    for slug in ("north", "south"):
        with tenant_context(base(slug)):
            migration.prove(apps, None)
    assert {p.code: bytes(p.proof) for p in HolderProof.objects.all()} == before


def test_the_base_sets_the_attempts_back_after_it_has_seen_the_person(issued):
    certificate = issued[0]
    for _ in range(door.A_DAY):
        door.enter(certificate.code, wrong(certificate.last4))
    desk = Client(HTTP_HOST="north.localhost")
    with tenant_context(base("north")):
        desk.force_login(User.objects.get(username="clerk"))
    path = f"/desk/certificates/{certificate.number}/holder/"
    assert "已满" in page_of(desk, path)
    desk.post(path)
    assert open_(browser(), certificate.code, certificate.last4).status_code == 302
    with tenant_context(base("north")):
        desk.force_login(User.objects.get(username="trainer"))
    assert desk.post(path).status_code == 403


def test_nothing_is_open_without_the_door(issued):
    number = issued[0].number
    for path in ("certificates/", f"certificates/{number}/", f"certificates/{number}.pdf"):
        assert browser().get(f"/my/{path}").url == "/my/"
    for path in ("shares/", f"shares/{uuid.uuid4()}/withdraw/"):
        assert browser().post(f"/my/{path}").url == "/my/"


def test_after_twenty_minutes_the_door_is_closed(issued, monkeypatch):
    send = inside(issued[0])
    later = time.time() + session.MINUTES * 60 + 1
    monkeypatch.setattr(session.time, "time", lambda: later)
    assert send.get("/my/certificates/").url == "/my/"


def test_whoever_signs_out_is_out_and_a_planted_session_is_worth_nothing(issued):
    send = browser()
    send.get("/my/")
    send.session.save()
    planted = send.cookies["sessionid"].value if "sessionid" in send.cookies else ""
    open_(send, issued[0].code, issued[0].last4)
    assert send.cookies["sessionid"].value != planted
    send.post("/my/leave/")
    assert send.get("/my/certificates/").url == "/my/"


def test_pages_of_the_holder_are_kept_by_nobody_and_tell_no_address(issued):
    send = inside(issued[0])
    for path in ("/my/", "/my/certificates/", f"/my/certificates/{issued[0].number}/"):
        answer = send.get(path)
        assert answer["Cache-Control"] == "private, no-store"
        assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("same-origin", "noindex")
        assert issued[0].last4 not in answer.content.decode().replace(issued[0].number, "")


def test_another_persons_certificate_is_not_there(issued):
    send = inside(issued[0])
    for path in ("/", ".pdf"):
        assert send.get(f"/my/certificates/{issued[1].number}{path}").status_code == 404


def test_the_paper_comes_from_its_base_and_is_made_by_a_worker_when_it_is_not_there(issued):
    send = inside(issued[0])
    path = f"/my/certificates/{issued[0].number}.pdf"
    making = send.get(path)
    assert (making.status_code, making["Refresh"]) == (202, "5")
    with tenant_context(base("north")):
        assert JobRun.objects.get(kind="certificates.paper").started_by is None
        content = paper(Certificate.objects.get(pk=issued[0].pk))
    answer = send.get(path)
    assert answer.content == content and answer["Cache-Control"] == "private, no-store"


def test_a_paper_that_holds_no_more_is_not_handed_out(issued):
    gone, old, _ = issued
    with tenant_context(base("north")):
        revoke(gone, "other", "误发", *two())
        newer = correct(old, "王小明", "姓名", two()[0])
    assert "已撤销" in page_of(inside(gone))
    assert inside(gone).get(f"/my/certificates/{gone.number}.pdf").status_code == 404
    send = inside(old)
    assert newer.number in page_of(send)
    assert send.get(f"/my/certificates/{old.number}.pdf").status_code == 404
    assert send.get(f"/my/certificates/{newer.number}.pdf").status_code == 202


def test_while_a_base_is_moved_its_papers_wait(issued):
    send = inside(issued[0])
    Tenant.objects.filter(slug="north").update(moving=Tenant.Moving.WRITES)
    assert send.get(f"/my/certificates/{issued[0].number}.pdf").status_code == 503
    page_of(send)


def test_a_certificate_of_a_base_in_another_cell_says_where(issued, settings, tmp_path):
    from tenants import cells, hosts

    listed = tmp_path / "cells.toml"
    listed.write_text('[main]\n[east]\ncentre = "https://centre-east.example.org"\n')
    send = inside(issued[0])
    settings.CELLS = str(listed)
    Tenant.objects.filter(slug="north").update(cell="east")
    RegisterEntry.objects.update(status="moved")
    hosts.forget()
    page = page_of(send)
    assert f"https://centre-east.example.org/c/{issued[0].code}" in page
    assert send.get(f"/my/certificates/{issued[0].number}.pdf").status_code == 404
    led = open_(browser(), issued[0].code, issued[0].last4).content.decode()
    assert 'href="https://centre-east.example.org/my/"' in led
    cells._read.cache_clear()


def test_who_checked_is_listed_with_names_where_there_are_any(issued):
    entry = RegisterEntry.objects.select_related("tenant").get(code=issued[0].code)
    note([entry], API, "延边示范电子厂")
    browser().get(f"/c/{entry.code}")
    send = inside(issued[0])
    path = f"/my/certificates/{issued[0].number}/"
    page = page_of(send, path)
    assert "延边示范电子厂" in page and "扫码或网页核验" in page
    out = send.get(f"{path}?format=xlsx").content
    rows = [row[2:] for row in load_workbook(io.BytesIO(out)).active.values]
    assert ("延边示范电子厂", 1) in rows and len(rows) == 3
    assert "延边示范电子厂" not in page_of(
        inside(issued[1]), f"/my/certificates/{issued[1].number}/"
    )


def share_by(send, certificate, **more):
    send.post("/my/shares/", {"code": [certificate.code], "days": "7"} | more)
    found = Share.objects.latest("pk")
    return f"/share/{shares.token_of(found)}"


def test_a_link_shows_the_public_answer_of_what_was_chosen_and_nothing_else(issued):
    other = second_certificate()[0]
    send = inside(issued[0])
    path = share_by(send, issued[0], label="延边示范电子厂")
    assert path in page_of(send)
    answer = browser("192.0.2.5").get(path)
    page = answer.content.decode()
    assert issued[0].number in page and issued[0].holder_name in page
    assert other.number not in page and "下载证书" not in page and "延边示范电子厂" not in page
    assert answer["Referrer-Policy"] == "no-referrer"
    assert browser().get(f"{path}/{issued[0].number}.pdf").status_code == 404
    seen = page_of(send, f"/my/certificates/{issued[0].number}/")
    assert "打开了您的分享链接" in seen and "延边示范电子厂" in seen
    assert Share.objects.get().opened == 1


def test_papers_are_handed_out_only_when_the_holder_said_so_and_only_of_the_chosen(issued):
    other = second_certificate()[0]
    with tenant_context(base("north")):
        content = paper(Certificate.objects.get(pk=issued[0].pk))
    path = share_by(inside(issued[0]), issued[0], papers="1")
    assert "下载证书" in page_of(browser(), path)
    assert browser().get(f"{path}/{issued[0].number}.pdf").content == content
    assert browser().get(f"{path}/{other.number}.pdf").status_code == 404
    assert browser().get(f"{path}/{issued[1].number}.pdf").status_code == 404


def test_a_link_ends_when_it_expires_or_is_taken_back_with_the_same_words(issued, monkeypatch):
    send = inside(issued[0])
    path = share_by(send, issued[0], papers="1")
    send.post(f"/my/shares/{Share.objects.get().uuid}/withdraw/")
    gone = browser().get(path)
    late = share_by(send, issued[0], days="30")
    assert browser().get(late).status_code == 200
    now = timezone.now() + timedelta(days=31)
    monkeypatch.setattr(shares.timezone, "now", lambda: now)
    expired, never = browser().get(late), browser().get("/share/" + "A" * 38)
    assert {a.status_code for a in (gone, expired, never)} == {404}
    assert len({a.content for a in (gone, expired, never)}) == 1


@pytest.mark.parametrize(
    "change", [lambda t: t[:-2] + "AA", lambda t: "B" + t[1:], lambda t: t[:10]]
)
def test_a_changed_address_opens_nothing(issued, change):
    path = share_by(inside(issued[0]), issued[0])
    assert browser().get("/share/" + change(path.rpartition("/")[2])).status_code == 404


def test_nobody_shares_or_takes_back_what_is_not_his(issued):
    send = inside(issued[0])
    send.post("/my/shares/", {"code": [issued[1].code], "days": "7"})
    assert not Share.objects.exists()
    share_by(inside(issued[1]), issued[1])
    send.post(f"/my/shares/{Share.objects.get().uuid}/withdraw/")
    assert Share.objects.get().withdrawn_at is None


@pytest.mark.parametrize("days", ["8", "", "3650", "7x"])
def test_a_link_lasts_seven_or_thirty_days(issued, days):
    inside(issued[0]).post("/my/shares/", {"code": [issued[0].code], "days": days})
    assert not Share.objects.exists()


def test_open_links_are_bounded(issued, monkeypatch):
    monkeypatch.setattr(shares, "MOST", 1)
    person = person_of(issued[0])
    shares.share(person, [issued[0].code], 7)
    with pytest.raises(ValidationError, match="收回"):
        shares.share(person, [issued[0].code], 7)


def test_what_a_base_recorded_of_other_bodies_is_shown_as_not_ours(issued):
    with tenant_context(base("north")):
        kind = ExternalKind.objects.get(code="special-operation")
        day = timezone.localdate()
        for certificate, number in ((issued[0], "T-OWN"), (issued[1], "T-OTHER")):
            record(certificate.trainee, Facts(kind, number, "低压电工", "应急管理局", day), None)
    page = page_of(inside(issued[0]))
    assert "T-OWN" in page and "T-OTHER" not in page
    shown = page[page.index('id="recorded"') :]
    assert "本系统仅登记，不是本基地签发" in shown and 'class="card external"' in shown
    link = share_by(inside(issued[0]), issued[0])
    assert "T-OWN" not in page_of(browser(), link)


def test_odd_input_at_the_door_is_refused_and_not_a_crash(issued):
    for code, last4 in (("[" * 50, "1"), ("\u202e😀", "😀" * 30), ("a" * 5000, "b" * 5000)):
        assert open_(browser(), code, last4).status_code == 403
    assert browser().post("/my/", {}).status_code == 403
    assert held.entries_of(b"nobody") == []
