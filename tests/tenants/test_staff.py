"""Accounts: invited by link, with roles; a second factor for whoever decides; ended at once."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenants.staff import services
from tenants.staff.models import Invitation, StaffChange, User
from tests.cast import PASSWORD, SECRET, base, code_now

CHOSEN = "a-password-of-my-own"


def sign_in(browser, name, password=PASSWORD):
    return browser.post("/login/", {"username": name, "password": password})


def link_of(page):
    return re.search(r"https?://[^/]+(/invitation/[^<\s]+)", page.content.decode())[1]


def invited(visit, **changes):
    form = {"display_name": "新教务", "username": "new-clerk", "roles": ["clerk"]} | changes
    return visit("north", "manager").post("/staff/invite/", form)


def test_an_invited_clerk_chooses_a_password_sets_up_a_second_factor_and_works(visit):
    link = link_of(invited(visit))
    browser = visit("north")
    page = browser.get(link)
    assert "new-clerk" in page.content.decode()
    both = {"password1": CHOSEN, "password2": CHOSEN}
    assert browser.post(link, both).url == "/login/"
    assert browser.get(link).status_code == 404, "a link is used once"
    assert sign_in(browser, "new-clerk", CHOSEN).status_code == 302
    setup = browser.get("/desk/classes/")
    assert setup.url == "/account/second-factor/totp/activate/", "nothing works before it"
    secret = re.search(r"<code>([A-Z2-7]+)</code>", browser.get(setup.url).content.decode())[1]
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    assert browser.post(setup.url, {"code": code}).status_code == 302
    assert browser.get("/desk/classes/open/").status_code == 200
    with tenant_context(base("north")):
        kept = Authenticator.objects.get(user__username="new-clerk", type="totp")
        assert secret not in str(kept.data), "the secret is sealed"
        assert User.objects.get(username="new-clerk").has_perm("courses.import_roster")


def test_a_password_alone_is_not_enough_and_a_recovery_code_is_used_once(visit):
    browser = visit("north")
    answer = sign_in(browser, "manager")
    assert answer.url.startswith("/account/second-factor/authenticate/")
    assert browser.get("/desk/").status_code == 302, "not signed in yet"
    wrong = browser.post(answer.url, {"code": "000000"})
    assert wrong.status_code == 200
    code = code_now()
    assert browser.post(answer.url, {"code": code}).status_code == 302
    assert browser.get("/staff/").status_code == 200
    again = visit("north")
    sign_in(again, "manager")
    replayed = again.post(answer.url, {"code": code})
    assert replayed.status_code == 200, "a code that was seen over a shoulder"


def test_without_a_second_factor_the_rights_are_not_there_whatever_asks(visit):
    with tenant_context(base("north")):
        Authenticator.objects.filter(user__username="manager").delete()
        manager = User.objects.get(username="manager")
        for name in ("certificates.issue_certificate", "courses.import_roster"):
            assert not manager.has_perm(name)
        assert manager.has_perm("courses.view_trainingclass")
    for path in ("/desk/", "/admin/", "/staff/", "/admin/pages/"):
        assert visit("north", "manager").get(path).url == "/account/second-factor/totp/activate/"
    assert visit("north", "trainer").get("/desk/").status_code == 200, "nothing to decide"


def test_guesses_at_the_second_factor_are_limited(visit):
    browser = visit("north")
    address = sign_in(browser, "clerk").url
    said = [browser.post(address, {"code": f"{n:06}"}).content.decode() for n in range(12)]
    assert browser.post(address, {"code": code_now()}).status_code != 302
    assert said[0] != said[-1]


def test_a_link_of_one_base_opens_nothing_at_the_other(visit):
    link = link_of(invited(visit))
    assert visit("south").get(link).status_code == 404
    token = link.rstrip("/").rsplit("/", 1)[1]
    with tenant_context(base("south")), pytest.raises(ValidationError, match="过期"):
        services.accept(token, CHOSEN)
    with tenant_context(base("north")):
        assert token.encode() not in bytes(Invitation.objects.get().digest)


def test_an_old_link_is_refused_with_what_to_do(visit):
    link = link_of(invited(visit))
    with tenant_context(base("north")):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = visit("north").get(link)
    assert page.status_code == 404
    assert "重新索取" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"username": "CLERK"}, "已有人使用"),
        ({"username": "有 空格"}, "用户名"),
        ({"roles": []}, "必填"),
        ({"roles": ["director"]}, "director"),
        ({"display_name": ""}, "必填"),
    ],
)
def test_a_bad_invitation_is_refused_and_makes_nothing(visit, changes, said):
    page = invited(visit, **changes)
    assert page.status_code == 200
    assert "errorlist" in page.content.decode(), said
    with tenant_context(base("north")):
        assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [("short", "short", "8"), ("12345678", "87654321", "不同"), ("", "", "必")],
)
def test_a_weak_password_is_refused_and_the_link_stays(visit, one, two, said):
    link = link_of(invited(visit))
    page = visit("north").post(link, {"password1": one, "password2": two})
    assert page.status_code == 200
    assert visit("north").get(link).status_code == 200


def person(name):
    with tenant_context(base("north")):
        return User.objects.get(username=name).pk


def test_a_closed_account_is_signed_out_at_once(visit):
    trainer = visit("north")
    sign_in(trainer, "trainer")
    assert trainer.get("/desk/").status_code == 200
    manager = visit("north", "manager")
    manager.post(f"/staff/{person('trainer')}/act/", {"act": "close"})
    assert trainer.get("/desk/").status_code == 302
    assert sign_in(visit("north"), "trainer").url == "/account/inactive/"
    manager.post(f"/staff/{person('trainer')}/act/", {"act": "open"})
    assert sign_in(visit("north"), "trainer").status_code == 302


def test_a_person_sees_their_sign_ins_and_ends_one(visit):
    here, there = visit("north"), visit("north")
    sign_in(here, "trainer")
    sign_in(there, "trainer")
    page = here.get("/account/sessions/").content.decode()
    [other] = re.findall(r'name="session" value="(\d+)"', page)
    here.post("/account/sessions/", {"session": other})
    assert there.get("/desk/").status_code == 302
    assert here.get("/desk/").status_code == 200


def test_nobody_ends_the_session_of_another_person_by_its_number(visit):
    trainer, examiner = visit("north"), visit("north")
    sign_in(trainer, "trainer")
    sign_in(examiner, "examiner")
    for number in range(1, 50):
        examiner.post("/account/sessions/", {"session": str(number)})
    assert trainer.get("/desk/").status_code == 200


def test_whoever_lost_phone_and_password_gets_a_new_link_and_starts_again(visit):
    manager = visit("north", "manager")
    link = link_of(manager.post(f"/staff/{person('clerk')}/act/", {"act": "link"}))
    visit("north").post(link, {"password1": CHOSEN, "password2": CHOSEN})
    browser = visit("north")
    assert sign_in(browser, "clerk", CHOSEN).url == "/desk/"
    assert browser.get("/desk/").url == "/account/second-factor/totp/activate/"


def test_a_manager_cannot_lock_everybody_out_and_changes_are_written_down(visit):
    manager = visit("north", "manager")
    own, clerk = person("manager"), person("clerk")
    manager.post(f"/staff/{own}/act/", {"act": "close"})
    page = manager.post(f"/staff/{own}/", {"roles": ["clerk"]})
    assert "自己的管理权限" in page.content.decode()
    assert manager.post(f"/staff/{clerk}/", {"roles": ["clerk", "trainer"]}).status_code == 302
    with tenant_context(base("north")):
        assert User.objects.get(pk=own).is_active
        assert User.objects.get(pk=clerk).groups.count() == 2
        change = StaffChange.objects.first()
        assert (change.account, change.what, change.by) == (
            "clerk",
            "roles: clerk, trainer",
            "管理员甲",
        )


@pytest.mark.parametrize("role", ["clerk", "trainer", "examiner"])
def test_only_a_manager_manages_staff(visit, role):
    for path in ("/staff/", "/staff/invite/", f"/staff/{person('trainer')}/"):
        assert visit("north", role).get(path).status_code == 403
    assert visit("north").get("/staff/").status_code == 302


def test_the_second_factors_of_two_bases_are_not_interchangeable(visit):
    with tenant_context(base("north")):
        sealed = Authenticator.objects.filter(type="totp").first().data["secret"]
    with tenant_context(base("south")):
        Authenticator.objects.filter(user__username="clerk").update(data={"secret": sealed})
        from tenants.crypto import SealError
        from tenants.staff.adapters import SecondFactorAdapter

        with pytest.raises(SealError):
            SecondFactorAdapter().decrypt(sealed)
    with tenant_context(base("north")):
        from tenants.staff.adapters import SecondFactorAdapter

        assert SecondFactorAdapter().decrypt(sealed) == SECRET


def test_a_second_factor_set_up_in_one_place_arms_no_other_sign_in(visit):
    with tenant_context(base("north")):
        Authenticator.objects.filter(user__username="manager").delete()
    here, thief = visit("north"), visit("north")
    sign_in(here, "manager")
    sign_in(thief, "manager")
    page = here.get("/account/second-factor/totp/activate/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    here.post("/account/second-factor/totp/activate/", {"code": code})
    assert here.get("/staff/").status_code == 200
    assert thief.get("/staff/").url.startswith("/login/"), "signed out"


def test_a_closed_account_is_not_reopened_by_an_old_link(visit):
    with tenant_context(base("north")):
        trainer = User.objects.get(username="trainer")
        manager = User.objects.get(username="manager")
        first = services.new_link(trainer, "x")
        second = services.new_link(trainer, "x")
        assert services.find_invitation(first) is None, "a newer link voids it"
        services.set_active(trainer, False, manager)
        with pytest.raises(ValidationError, match="过期"):
            services.accept(second, CHOSEN)
        trainer.refresh_from_db()
        assert not trainer.is_active


def test_invitations_of_a_closed_manager_lead_nowhere(visit):
    with tenant_context(base("north")):
        clerk, manager = (User.objects.get(username=n) for n in ("clerk", "manager"))
        token = services.invite("somebody", "某人", ["manager"], str(clerk))
        services.set_active(clerk, False, manager)
        assert services.find_invitation(token) is None
