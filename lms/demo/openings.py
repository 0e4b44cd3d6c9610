"""What the open classes of the demo offer, who has applied, and villages that want a class of their own."""

import random
import uuid
from datetime import timedelta

from django.utils import timezone
from faker import Faker

from courses.applying.models import ClassProposal, CourseApplication
from courses.applying.services import decide
from courses.applying.services.apply import Sent, apply
from courses.applying.services.consents import in_force
from courses.applying.services.propose import Wanted, answer, propose
from courses.applying.services.terms import set_terms
from courses.fieldlog.services.villages import say_place
from courses.intake.services.places import set_places
from courses.models import Project, TrainingClass
from lms.demo.people import invented_id
from tenants.current import current_tenant
from tenants.models import Division, OffSeason, Trade
from tenants.staff.models import User

SEASONS = (("冬闲", "11-01", "03-31"), ("挂锄", "07-10", "08-20"))
#: places, lodging, meals, what to bring, cost: one an open class.
TERMS = (
    (20, "none", "free", "身份证、一寸照片两张", "培训免费"),
    (14, "free", "free", "身份证、换洗衣服、洗漱用品", "培训、食宿都免费"),
    (30, "paid", "none", "身份证、健康证", "培训免费，住宿每晚 20 元"),
)
NOTES = ("", "", "想和媳妇一个班", "以前在服装厂干过半年", "农历腊月二十以后有空", "")
#: Roughly where the counties of the demo's bases lie; villages are put around at random.
ABOUT = {"222403": (43.37, 128.23), "222406": (42.55, 129.0)}
PEOPLE = 26  # applications a base
WANTED = (
    ("sewing", 18, "村部活动室，能坐三十人", "想学缝纫的妇女多，晚上也行"),
    ("catering", 12, "村小学旧教室", ""),
    ("computer", 15, "党群服务中心二楼", "有八台旧电脑"),
    ("security-guard", 22, "村部", "年前开班最好"),
)


def apply_to(villages: list[Division], draw: random.Random) -> None:
    """At a base with its classes open: terms, applications in every state, proposals with and without answer."""
    base, clerk = current_tenant(), User.objects.get(username="clerk")
    if not base.off_seasons.exists():
        for name, starts, ends in SEASONS:
            OffSeason.objects.create(tenant=base, name=name, starts=starts, ends=ends)
    open_ = list(
        TrainingClass.objects.filter(state=TrainingClass.State.OPEN)
        .select_related("project", "village")
        .order_by("starts_on")
    )
    names = ("lodging", "meals", "bring", "cost")
    for one, (places, *terms) in zip(open_, TERMS, strict=False):
        set_terms(one, dict(zip(names, terms, strict=True)), clerk)
        if not one.sizes.exists():
            set_places(one, places, clerk)
        lat, lon = ABOUT.get(one.village.code[:6], (43.0, 129.0))
        north, east = draw.uniform(-0.2, 0.2), draw.uniform(-0.3, 0.3)
        say_place(one.village, f"{lat + north:.4f}, {lon + east:.4f}", clerk)
    _applications(open_, villages, draw)
    _decisions(open_, clerk)
    _proposals(villages, draw)


def _applications(
    open_: list[TrainingClass], villages: list[Division], draw: random.Random
) -> None:
    faker = Faker("zh_CN")
    faker.seed_instance(draw.randrange(10**6))
    consent = in_force("application").version
    used: set[str] = set()
    projects = list(Project.objects.order_by("code"))
    for number in range(PEOPLE):
        village = draw.choice(villages)
        one = draw.choice(open_) if open_ and number % 4 else None
        sent = Sent(
            name=faker.name(),
            resident_id=invented_id(village.code[:6], draw, used),
            phone=f"1{draw.choice('3578')}{draw.randrange(10**9):09}",
            village=village,
            project=one.project if one else draw.choice(projects),
            training_class=one,
            consent_version=consent,
            ticket=uuid.UUID(int=draw.getrandbits(128)),
            lodging=draw.random() < 0.3,
            note=draw.choice(NOTES),
        )
        made = apply(sent)
        when = timezone.now() - timedelta(hours=draw.randrange(1, 150))
        CourseApplication.objects.filter(pk=made.pk).update(sent_at=when)
        if number % 9 == 4:  # once more, from another telephone
            again = {"phone": f"13{draw.randrange(10**9):09}", "ticket": uuid.uuid4()}
            apply(Sent(**vars(sent) | again))


def _decisions(open_: list[TrainingClass], clerk: User) -> None:
    stand = CourseApplication.objects.filter(repeats__isnull=True).order_by("pk")
    for one in open_[:2]:  # the second is full: who is accepted there waits
        own = list(stand.filter(training_class=one).values_list("pk", flat=True))
        decide.accept(own[:3], one, clerk)
        decide.wait(own[3:5], clerk, "名额已满")
    last = list(stand.filter(state="new").values_list("pk", flat=True))
    decide.refuse(last[:2], clerk, "年内已参加过同一项目的培训")


def _proposals(villages: list[Division], draw: random.Random) -> None:
    faker = Faker("zh_CN")
    faker.seed_instance(draw.randrange(10**6))
    consent, today = in_force("proposal").version, timezone.localdate()
    liaison = User.objects.filter(username="liaison").first()
    for place, (trade, people, where, note) in enumerate(WANTED):
        by = liaison if place == 0 else None
        wanted = Wanted(
            village=draw.choice(villages),
            trade=Trade.objects.get(code=trade),
            starts_on=today + timedelta(days=20 + 9 * place),
            place=where,
            people=people,
            contact=str(by) if by else faker.name(),
            phone=f"13{draw.randrange(10**9):09}",
            sender="liaison" if by else "cadre",
            consent_version=consent,
            ticket=uuid.UUID(int=draw.getrandbits(128)),
            note=note,
        )
        propose(wanted, by)
    manager = User.objects.get(username="manager")
    first = ClassProposal.objects.earliest("pk")
    answer(first, "agreed", "可以，人数够了就开，教师下周到村里看场地。", manager)
