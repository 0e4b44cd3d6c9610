"""Two people have the same record open: the second is told what the first has changed, and loses nothing."""

import re
from datetime import date
from html import unescape

from django_tenants.utils import tenant_context

from certificates.duties.services.script import script
from certificates.external.models import ExternalCertificate, ExternalKind
from certificates.external.services import Facts, record
from courses.models import Project, Trainee
from tenants.staff.models import User
from tests.cast import base
from tests.story import a_class

TOLD = "别人已经改过这条记录"


def shown(browser, path):
    """What a browser would send of the page: every field with the value that it shows."""
    page = browser.get(path).content.decode()
    for piece in re.findall(r"<form.*?</form>", page, re.DOTALL):
        if 'name="seen"' in piece:
            return _values(piece)
    raise AssertionError(f"{path} has no form that carries what it has shown")


def _values(piece):
    found = {}
    for tag in re.findall(r"<input[^>]*>", piece):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if not name or 'type="file"' in tag:
            continue
        if ('type="checkbox"' in tag or 'type="radio"' in tag) and " checked" not in tag:
            continue
        bare = "on" if 'type="checkbox"' in tag else ""
        found.setdefault(name[1], []).append(unescape(value[1]) if value else bare)
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', piece, re.DOTALL
    ):
        found[name] = [unescape(text).lstrip("\r\n")]
    for name, options in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', piece, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', options)
        found[name] = [unescape(chosen[1]) if chosen else ""]
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def told(answer):
    return TOLD in unescape(answer.content.decode())


def both(first, second, path, mine, theirs, more=None):
    """The first changes `theirs`, the second then `mine`: told once, and sent again it counts."""
    open_here, open_there = shown(first, path), shown(second, path)
    done = first.post(path, open_here | theirs | (more or {}))
    assert done.status_code == 302, re.findall(r"errorlist.*", done.content.decode())
    answer = second.post(path, open_there | mine | (more or {}))
    assert answer.status_code == 200
    assert told(answer), "the second is told"
    page = unescape(answer.content.decode())
    for text in (*mine.values(), *theirs.values()):
        assert str(text) in page
    again = next(_values(f) for f in re.findall(r"<form.*?</form>", answer.content.decode(), re.DOTALL)
                 if 'name="seen"' in f)  # fmt: skip
    return second.post(path, again | (more or {}))


def test_two_clerks_at_a_project(visit, db):
    with tenant_context(base("north")):
        pk = Project.objects.get().pk
    path = f"/admin/projects/edit/{pk}/"
    done = both(
        visit("north", "clerk"),
        visit("north", "manager"),
        path,
        {"name": "缝纫中级班"},
        {"name_en": "Sewing for all"},
    )
    assert done.status_code == 302
    with tenant_context(base("north")):
        project = Project.objects.get()
        assert (project.name, project.name_en) == ("缝纫中级班", "Sewing for all")


def test_two_directors_at_a_trade(visit, db):
    first, second = visit("centre", "director"), visit("centre", "director")
    done = both(
        first, second, "/admin/trades/edit/1/", {"name": "缝纫"}, {"name_en": "Sewing only"}
    )
    assert done.status_code == 302


def test_two_managers_at_the_roles_of_a_person(visit, db):
    with tenant_context(base("north")):
        pk = User.objects.get(username="liaison").pk
    first, second = visit("north", "manager"), visit("north", "manager")
    path = f"/staff/{pk}/"
    done = both(first, second, path, {"roles": "clerk"}, {"division_prefix": "222403001"})
    assert done.status_code == 302
    with tenant_context(base("north")):
        person = User.objects.get(username="liaison")
        assert person.division_prefix == "222403001"
        assert [group.name for group in person.groups.all()] == ["教务员"]


def test_two_clerks_at_the_words_of_the_callers(visit, db):
    first, second = visit("north", "clerk"), visit("north", "manager")
    with tenant_context(base("north")):
        old = script()
    mine, theirs = f"{old.zh}。我的", f"{old.en} Theirs"
    done = both(first, second, "/desk/calls/script/", {"zh": mine}, {"en": theirs})
    assert done.status_code == 302
    with tenant_context(base("north")):
        assert (script().zh, script().en) == (mine, theirs)


def test_two_clerks_correct_the_same_certificate_of_another_body(visit, db):
    with tenant_context(base("north")):
        a_class(people=1)
        facts = Facts(ExternalKind.objects.first(), "N-1", "电工", "应急局", date(2026, 1, 5))
        row = record(Trainee.objects.get(), facts, None)
    first, second = visit("north", "clerk"), visit("north", "manager")
    done = both(
        first, second, f"/desk/external/{row.pk}/correct/",
        {"title": "焊工"}, {"issuer": "应急管理局"}, {"why": "抄错"},
    )  # fmt: skip
    assert done.status_code == 302
    with tenant_context(base("north")):
        newest = ExternalCertificate.objects.latest("pk")
        assert (newest.title, newest.issuer) == ("焊工", "应急管理局")


def test_a_form_without_that_note_is_not_held_up(visit, db):
    browser = visit("north", "manager")
    with tenant_context(base("north")):
        old = script()
    form = {"zh": f"{old.zh}。", "en": old.en}
    assert browser.post("/desk/calls/script/", form).status_code == 302
