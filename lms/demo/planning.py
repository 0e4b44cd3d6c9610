"""What lies ahead in the demo: the centre's rules and its year, requests on every step, a changed class."""

import random
from datetime import time, timedelta

from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from courses.fieldlog.models import VillagePlace
from courses.models import Project, TrainingClass
from courses.planning.models import Proposal
from courses.planning.services import proposals
from courses.planning.services.changes import facts_after, move_of
from courses.planning.services.decide import decide
from courses.planning.services.opening import open_from
from courses.planning.services.share import share_all
from courses.requests.facts import Facts, Planned
from courses.requests.models import OpeningPolicy, SeasonWindow
from courses.requests.services.holidays import known_days, load_year
from courses.requests.services.steps import By
from courses.services.classes import proposed_plan
from lms.demo import facts
from lms.demo.people import roster
from tenants.models import Division, Tenant
from tenants.staff.models import User

OFFICER = By("李科长", "officer")
#: Name, English name, from the term, to the day before the term (places in the year's order).
WINDOWS = (("冬闲", "Winter off-season", 20, 4), ("挂锄期", "Summer off-season", 12, 14))
DOCUMENT = "示范劳培〔2026〕3号"


def plan_ahead(centre: Tenant) -> None:
    """Once: the policy begins today, so that the classes that are open already stay as they are."""
    if OpeningPolicy.objects.filter(centre=centre).exists():
        return
    today = timezone.localdate()
    with transaction.atomic():
        OpeningPolicy.objects.create(
            centre=centre, effective_from=today, document=DOCUMENT, days_before=7
        )
        for name, name_en, starts, ends in WINDOWS:
            SeasonWindow.objects.create(
                centre=centre, name=name, name_en=name_en, starts=starts, ends=ends
            )
        for year in (today.year, today.year + 1):
            if known_days(year):
                load_year(centre, year)
        for number, described in enumerate(facts.BASES):
            base = Tenant.objects.get(slug=described["slug"])
            with tenant_context(base):
                share_all()
                _requests(base, busy=number == 0)
                _places(base)


def _places(base: Tenant) -> None:
    """Where the villages lie in which nothing was taught yet: invented points of the county. With the others
    the phones that were there are compared.
    """
    draw = random.Random(base.pk)
    ahead = TrainingClass.objects.filter(state=TrainingClass.State.OPEN).order_by()
    for village in Division.objects.filter(pk__in=list(ahead.values_list("village", flat=True))):
        spot = {"lat": 42.7 + draw.random() / 2, "lon": 129.0 + draw.random() / 2}
        VillagePlace.objects.get_or_create(village=village, defaults=spot | {"said_by": "示范"})


def _requests(base: Tenant, busy: bool) -> None:
    """At the first base one of each kind; at the second one that waits."""
    manager = User.objects.get(username="manager")
    waiting = _proposal(base, "sewing", 45, "07")
    proposals.send_on(waiting, manager)
    if not busy:
        return
    _proposal(base, "computer", 70, "08")
    asked = _proposal(base, "catering", 60, "09")
    proposals.ask(asked)
    returned = proposals.send_on(_proposal(base, "security-guard", 50, "10"), manager)
    decide(returned.number, "return", OFFICER, version=1, reason="考核安排请写明考评员和日期")
    approved = proposals.send_on(_proposal(base, "catering", 28, "11"), manager)
    decide(approved.number, "approve", OFFICER, version=1, document=f"{DOCUMENT}-1")
    opened = proposals.send_on(_proposal(base, "computer", 18, "12"), manager)
    decide(opened.number, "approve", OFFICER, version=1, document=f"{DOCUMENT}-2")
    _changed(Proposal.objects.get(number=opened.number), manager)


def _changed(proposal: Proposal, manager: User) -> None:
    """The class is open, and a request to move its last session waits."""
    opened = open_from(proposal, manager)
    last = opened.sessions.order_by("-number")[0]
    change = move_of(last, last.held_on, time(18, 30))
    said = facts_after(opened, change)
    wanted = proposals.write(
        Facts(**vars(said) | {"reason": "村里当天下午办喜事，改到晚上"}),
        manager,
        training_class=opened,
    )
    proposals.send_on(wanted, manager)


def _proposal(base: Tenant, trade: str, days: int, serial: str) -> Proposal:
    """Written by the clerk, with a roster that was checked."""
    clerk, trainer = (User.objects.get(username=name) for name in ("clerk", "trainer"))
    project = Project.objects.select_related("trade").get(code=trade)
    villages = list(
        Division.objects.filter(level="village", code__startswith=base.division.code)
        .select_related("parent")
        .order_by("code")[60 + days : 70 + days]
    )
    starts = timezone.localdate() + timedelta(days=days)
    pieces = -(-project.theory_hours // 4) + -(-project.practice_hours // 4)
    ends = starts + timedelta(days=-(-pieces // 2) + 1)
    prefix = "".join(word[0] for word in trade.split("-")).upper()
    village, parent = villages[0], villages[0].parent
    assert parent is not None
    said = Facts(
        class_code=f"{prefix}{project.pk}-{starts:%Y}-{serial}",
        project=project.code,
        project_name=project.name,
        trade=project.trade.code,
        village=village.code,
        village_name=f"{parent.name} {village.name}",
        place="村部活动室",
        starts_on=starts,
        ends_on=ends,
        trainer=trainer.pk,
        trainer_name=str(trainer),
        sessions=tuple(Planned(**vars(each)) for each in proposed_plan(project, starts, ends)),
        resources="教材每人一册；实训器材由基地随车带到村",
        assessment=f"理论、实操 {ends:%Y-%m-%d} 在村部考，考评员王考评",
        contact="吴教务",
        contact_phone=base.phone,
    )
    content = roster("报名表", 16 + days % 7, base.pk * 1000 + days, villages)
    checked = proposals.check_roster(content)
    said = proposals.with_roster(said, checked, clerk, timezone.localdate())
    return proposals.write(said, clerk)
