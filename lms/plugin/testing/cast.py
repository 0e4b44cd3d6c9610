"""The fixed people and bases of all tests: a centre and two bases that must not know each other.

At each base: `manager`, `clerk`, `trainer`, `examiner`, and `liaison` of north's county; at the centre:
`director`, `officer`, and `township_officer` in charge of the same county. All with the password
PASSWORD; manager, clerk, director and officer with a second factor of the secret SECRET.
"""

import time
from datetime import date

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group
from django_tenants.utils import tenant_context

from courses.directory.models import RuleSet
from courses.models import BaseHomePage, CoursePage, Project
from tenants.designations.services import (
    Official,
    Places,
    apply_for,
    designate,
    link_site,
    take_step,
)
from tenants.models import Tenant, Trade
from tenants.staff.models import User
from tenants.staff.roles import AT_BASE, AT_CENTRE

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "a-long-test-password"
CENTRE = ("centre", "12222400MB00000014")
NORTH = ("north", "52222403MJ0000011T")
SOUTH = ("south", "52222406MJ0000022A")
OFFICIAL = Official("测试主任", "director")
NORTH_COUNTY = "222403"
VILLAGE = "222403001001"  # the first village of the county, set by build()


class QuickHasher(PBKDF2PasswordHasher):
    """Other processes can read what it wrote: the rounds stand in it."""

    iterations = 100


def build() -> None:
    """Make the cast in an empty, prepared database."""
    from lms.demo.facts import DIVISIONS
    from tenants.provisioning import create_tenant, load_divisions

    load_divisions(DIVISIONS)
    Trade.objects.create(code="sewing", name="缝纫裁剪", name_en="Sewing and cutting")
    RuleSet.objects.create(
        code="standard",
        version=1,
        effective_from=date(2020, 1, 1),
        document="测劳转〔2026〕1号",
        attendance_percent=90,
        theory_percent=80,
        practice_percent=90,
        pass_theory=60,
        pass_practice=60,
    )
    centre = create_tenant("centre", CENTRE[0], "测试服务中心", CENTRE[1], "222401", phone="0433-1")
    with tenant_context(centre):
        _staff(AT_CENTRE)
    for slug, uscc, county in ((*NORTH, NORTH_COUNTY), (*SOUTH, "222406")):
        base = create_tenant("base", slug, f"测试基地{slug}", uscc, county, phone="0433-2")
        _designate(base)
        with tenant_context(base):
            _staff(AT_BASE)
            _course()


def _designate(base: Tenant) -> None:
    """Sewing for 500 people until 2035, by the steps that an official takes."""
    on = date(2020, 1, 6)
    record = apply_for(Tenant.objects.get(slug="centre"), base.uscc, base.name, base.division,
                       OFFICIAL, on)  # fmt: skip
    take_step(record, "check", OFFICIAL, reason="场地、设备、教师符合要求", on=on)
    designate(
        record,
        OFFICIAL,
        document=f"测劳认〔2020〕{base.slug}号",
        starts_on=on,
        ends_on=date(2035, 12, 31),
        trades={"sewing": Places(500, 8, 120)},
        reason="核查合格",
        on=on,
    )
    link_site(record, base)


def _staff(roles: dict[str, str]) -> None:
    for role, title in roles.items():
        user = User.objects.create_user(role, password=PASSWORD, display_name=f"{title}甲")
        if role in ("township_officer", "liaison"):
            user.division_prefix = NORTH_COUNTY
            user.save()
        user.groups.add(Group.objects.get(name=title))
        if role in ("manager", "clerk", "director", "officer"):
            TOTP.activate(user, SECRET)


def code_now() -> str:
    """What the second factor of the cast shows at this moment."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def _course() -> None:
    project = Project.objects.create(
        code="sewing",
        name="缝纫裁剪初级班",
        name_en="Sewing and cutting, elementary",
        trade=Trade.objects.get(code="sewing"),
        level="elementary",
        theory_hours=4,
        practice_hours=4,
    )
    page = BaseHomePage.objects.get().add_child(
        instance=CoursePage(
            title="缝纫裁剪初级班",
            slug="sewing",
            project=project,
            summary="学会做一件上衣",
            place="测试街 1 号",
            contact="吴老师",
            contact_phone="0433-2",
        )
    )
    page.save_revision().publish()


def base(slug: str) -> Tenant:
    return Tenant.objects.get(slug=slug)
