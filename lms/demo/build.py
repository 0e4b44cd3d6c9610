"""Make the demo through the same services that people use, and describe it."""

import random
from datetime import date, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.checkapi.services import make_key
from certificates.designs.models import CertificateDesign, DesignSignature
from certificates.models import Certificate
from certificates.services.papers import make_papers
from courses.assessing.shared.models import AssessmentPolicy
from courses.directory.models import Programme, RuleSet
from courses.fieldlog.services.review import accept_all
from courses.models import BaseHomePage, CoursePage, Project, TrainingClass
from courses.services.attendance import MarkEntry, record_sessions
from courses.services.classes import open_class, proposed_plan, set_class_state
from courses.services.roster import confirm_import, upload_roster
from courses.site.services import catalogue_of, make_sections
from lms.demo import facts
from lms.demo.assessing import build_bank, sittings
from lms.demo.certified import assess, certify
from lms.demo.coming import come_and_go
from lms.demo.designations import applicants, designate_base
from lms.demo.duties import follow_up
from lms.demo.employment import employ
from lms.demo.external import of_other_bodies
from lms.demo.field import BY_PHONE, out_in_the_village
from lms.demo.months import EARLIER, months, programmes
from lms.demo.notices import notices
from lms.demo.openings import apply_to
from lms.demo.people import roster
from lms.demo.planning import plan_ahead
from lms.demo.plugins import demonstrate
from lms.demo.site import written
from tenants.models import Division, Tenant, Trade
from tenants.provisioning import create_tenant, load_divisions, prepare_database
from tenants.staff.models import User
from tenants.staff.roles import TITLES

STAFF = {"manager": "周主任", "clerk": "吴教务", "trainer": "郑老师", "examiner": "王考评"}
STAFF |= {"liaison": "崔联络"}
SECURED = ("manager", "clerk", "director", "officer")  # their roles count with a second factor only
CENTRE_STAFF = {"director": "孙主任", "officer": "李科长", "township_officer": "韩干事"}


def build() -> None:
    """Make what is missing. Each base is one transaction: a killed run leaves whole bases."""
    prepare_database()
    load_divisions(facts.DIVISIONS)
    with transaction.atomic():
        _shared()
    for kind, described in (("centre", facts.CENTRE), *(("base", b) for b in facts.BASES)):
        if not Tenant.objects.filter(slug=described["slug"]).exists():
            with transaction.atomic():
                tenant = _tenant(kind, described)
                with tenant_context(tenant):
                    _staff(tenant)
                    if kind == "base":
                        _base(tenant, described)
                    else:
                        _centre(tenant)
                        applicants(tenant)
    for base in Tenant.objects.filter(type=Tenant.Type.BASE):
        with tenant_context(base):
            missing = Certificate.objects.filter(pdf_sha256="")
            for certificate, error in make_papers(list(missing)):
                if error is not None:
                    raise RuntimeError(f"the paper of {certificate.number} failed") from error
    employ()
    months(Tenant.objects.get(slug=facts.CENTRE["slug"]))
    plan_ahead(Tenant.objects.get(slug=facts.CENTRE["slug"]))
    demonstrate()


def _shared() -> None:
    for code, name, name_en in facts.TRADES:
        Trade.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en})
    for version, start, end, document, total, theory, practice, pass_t, pass_p in facts.RULE_SETS:
        made, _new = RuleSet.objects.get_or_create(
            code="standard",
            version=version,
            defaults={
                "effective_from": start,
                "effective_to": end,
                "document": document,
                "attendance_percent": total,
                "theory_percent": theory,
                "practice_percent": practice,
                "pass_theory": pass_t,
                "pass_practice": pass_p,
                "gate_after_days": 30,  # the demo's certificates are young
                **({"same_project": "refuse", "trainings_per_year": 3} if version > 1 else {}),
            },
        )
    AssessmentPolicy.objects.get_or_create(rule_set=made, defaults={"practice_examiners": 2})


def _tenant(kind: str, described: dict[str, Any]) -> Tenant:
    extra = {field: described[field] for field in ("name_en", "phone", "address")}
    tenant = create_tenant(
        kind,
        described["slug"],
        described["name"],
        described["uscc"],
        described["division"],
        **extra,
    )
    if kind == "base":
        designate_base(tenant, described)
    return tenant


def _staff(tenant: Tenant) -> None:
    staff = CENTRE_STAFF if tenant.type == Tenant.Type.CENTRE else STAFF
    for role, name in staff.items():
        user = User.objects.create_user(role, password=facts.PASSWORD, display_name=name)
        if role in ("township_officer", "liaison"):
            own = tenant.division.code if role == "liaison" else facts.BASES[0]["division"]
            user.division_prefix = own
            user.save()
        user.groups.add(Group.objects.get(name=TITLES[role]))
        if role in SECURED:
            TOTP.activate(user, facts.SECRET)


def _centre(tenant: Tenant) -> None:
    from lms.portal.models import CentreHomePage

    front = CentreHomePage.objects.get()
    front.body = [
        (
            "paragraph",
            (
                "<p>服务中心认定培训基地，组织农村劳动力学技能、找工作："
                "培训一人、合格一人、发证一人、就业一人。</p>"
                "<p>农闲时节，教师到村上门授课。培训免费，具体补贴以文件为准。</p>"
            ),
        ),
        ("heading", "用人单位怎么查证书"),
        ("paragraph", "<p>用手机扫证书上的二维码，或在本页输入编号，逐项与证书核对。</p>"),
    ]
    front.save_revision().publish()
    make_key("延边示范电子厂", "金经理 0433-0000009", 2000, User.objects.get(username="director"))
    _design("全市统一版式", colour="blue", note="服务中心统一印制")


def _design(name: str, signer: tuple[str, str] | None = None, **facts: Any) -> None:
    """A design that is in use: the centre's is lent to bases without one of their own."""
    design = CertificateDesign(name=name, live=False, **facts)
    if signer is not None:
        design.signatures = [DesignSignature(name=signer[0], title=signer[1])]
    design.save()
    in_charge = User.objects.filter(username__in=("manager", "director")).first()
    design.save_revision(user=in_charge).publish()


def _base(tenant: Tenant, described: dict[str, Any]) -> None:
    if described is facts.BASES[0]:
        _design("本校版式", (STAFF["manager"], "主任"), note="本证书可在服务中心网站核验")
    front = BaseHomePage.objects.get()
    front.body = [
        (
            "paragraph",
            (
                f"<p>{tenant.name}面向农村劳动力开设四个工种的培训，"
                "可以到基地学，也可以由教师到村上门教。</p>"
            ),
        )
    ]
    front.save_revision().publish()
    make_sections(front)
    projects = _projects(front, tenant, described)
    villages = list(
        Division.objects.filter(level="village", code__startswith=described["division"])
        .select_related("parent")
        .order_by("code")
    )
    draw = random.Random(described["seed"])
    today = timezone.localdate()
    diligent = described is facts.BASES[0]
    _earlier(projects, villages[-60:], draw, diligent)
    content = (facts.HERE / described["roster"]).read_bytes()
    finished = _class(projects[described["finished"]], today - timedelta(days=60), "01", villages)
    _import(finished, described["roster"], content)
    _to_the_end(finished, draw, diligent)
    of_other_bodies(finished)
    follow_up(draw, diligent)
    running = _class(projects["computer"], today - timedelta(days=6), "02", villages[40:])
    _import(running, "花名册.xlsx", roster("花名册", 24, described["seed"] + 1, villages[40:60]))
    _teach(running, draw, until=today - timedelta(days=BY_PHONE + 1))
    out_in_the_village(running, draw)
    build_bank()
    if diligent:
        sittings(running, random.Random(described["seed"]))
    for trade, days in (("security-guard", 14), ("sewing", 21), ("catering", 35)):
        opened = _class(projects[trade], today + timedelta(days=days), "03", villages[80 + days :])
        people = roster("报名表", 9 + days % 5, described["seed"] + days, villages[80:110])
        _import(opened, "报名表.xlsx", people)
    notices(opened)
    come_and_go(running, villages)
    apply_to(villages[80:140], random.Random(described["seed"]))
    written(tenant, described["phone"], described["address"])


def _earlier(
    projects: dict[str, Project], villages: list[Division], draw: random.Random, diligent: bool
) -> None:
    """Classes of earlier months that have gone all the way."""
    today, paid_by = timezone.localdate(), programmes()
    for place, (days, trade, people, programme) in enumerate(EARLIER):
        starts, here = today - timedelta(days=days), villages[20 * place :][:20]
        found = _class(projects[trade], starts, f"{4 + place:02}", here, paid_by.get(programme))
        _import(found, "花名册.xlsx", roster("花名册", people, draw.randrange(10**6), here))
        _to_the_end(found, draw, diligent)


def _to_the_end(training_class: TrainingClass, draw: random.Random, diligent: bool) -> None:
    _teach(training_class, draw, until=timezone.localdate())
    set_class_state(training_class, TrainingClass.State.FINISHED)
    assess(training_class, draw)
    certify(training_class, draw, diligent)


def _projects(front: BaseHomePage, tenant: Tenant, described: dict[str, Any]) -> dict[str, Project]:
    found = {}
    for trade, name, name_en, level, theory, practice in facts.PROJECTS:
        project = Project.objects.create(
            code=trade,
            name=name,
            name_en=name_en,
            trade=Trade.objects.get(code=trade),
            level=level,
            theory_hours=theory,
            practice_hours=practice,
        )
        units = [
            {
                "type": "unit",
                "value": dict(zip(("title", "theory", "practice", "content"), u))
                | {"weeks": max(1, (u[1] + u[2]) // 11)},
            }
            for u in facts.SYLLABUS[trade]
        ]
        page = catalogue_of(front).add_child(
            instance=CoursePage(
                title=name,
                slug=trade,
                project=project,
                summary=facts.SUMMARIES[trade],
                place=f"{described['address']}，或到村上门",
                contact="吴老师",
                contact_phone=described["phone"],
                syllabus=units,
            )
        )
        page.save_revision().publish()
        found[trade] = project
    return found


def _class(
    project: Project,
    starts_on: date,
    serial: str,
    villages: list[Division],
    programme: Programme | None = None,
) -> TrainingClass:
    pieces = -(-project.theory_hours // 4) + -(-project.practice_hours // 4)
    ends_on = starts_on + timedelta(days=-(-pieces // 2) + 1)
    prefix = "".join(word[0] for word in project.code.split("-")).upper()
    found = open_class(
        project=project,
        code=f"{prefix}{project.pk}-{starts_on:%Y}-{serial}",
        starts_on=starts_on,
        ends_on=ends_on,
        village=villages[0],
        place="村部活动室",
        trainer=User.objects.get(username="trainer"),
        sessions=proposed_plan(project, starts_on, ends_on),
        opened_on=min(timezone.localdate(), max(starts_on - timedelta(days=10), date(2025, 1, 1))),
        programme=programme,
    )
    if starts_on <= timezone.localdate():
        set_class_state(found, TrainingClass.State.IN_SESSION)
    return found


def _import(training_class: TrainingClass, name: str, content: bytes) -> None:
    clerk = User.objects.get(username="clerk")
    confirm_import(upload_roster(training_class, name, content, clerk))


def _teach(training_class: TrainingClass, draw: random.Random, until: date) -> None:
    """Marks of every session up to `until`: most come, a few are often away."""
    trainer = User.objects.get(username="trainer")
    people = list(training_class.enrolments.on_roll())
    weak = {e.pk for e in draw.sample(people, max(1, len(people) // 9))}
    told = []
    for session in training_class.sessions.filter(held_on__lte=until):
        entries = []
        for enrolment in people:
            chance = draw.random()
            if enrolment.pk in weak and chance < 0.3:
                mark, minutes = draw.choice([("absent", 0), ("excused", 0)])
            elif chance < 0.03:
                mark, minutes = "late", session.minutes - draw.randrange(10, 40)
            elif chance < 0.04:
                mark, minutes = "early_leave", session.minutes - draw.randrange(10, 60)
            else:
                mark, minutes = "present", session.minutes
            entries.append(MarkEntry(enrolment.pk, mark, minutes))
        told.append((session, entries))
    record_sessions(told, trainer)
    accept_all(training_class.pk, User.objects.get(username="manager"))
