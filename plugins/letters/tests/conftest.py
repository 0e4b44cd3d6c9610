"""The centre with the plugin on, its people, and ledgers that tests write themselves."""

from collections import namedtuple
from datetime import date

import pytest
from letters_cast import all_targets

from lms.plugin.testing import inside, plugin_on

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
Line = namedtuple(
    "Line", "division trade_code trained_on certified_on outcome started_on", defaults=["", None]
)


@pytest.fixture
def centre(db):
    """Inside the centre, with the plugin on."""
    with plugin_on("centre", "letters"), inside("centre") as tenant:
        yield tenant


@pytest.fixture
def people(centre):
    from lms.plugin import User

    return {user.username: user for user in User.objects.all()}


@pytest.fixture
def director(people):
    return people["director"]


@pytest.fixture
def ledger(monkeypatch):
    """Lines that the bases' ledgers hold, by year of training: `ledger(division, n, year)`.

    The core's own tests show that its ledger says what the chain has recorded; here it is the
    input. Every line is trained and certified, and employed nearby where `work` says so.
    """
    from django.core.cache import cache
    from trainbase_letters.services import actuals

    cache.clear()
    lines = []
    asked = []

    def answer(starts, ends):
        asked.append(starts)
        return lines if len(asked) % 2 else []  # the first of the two bases has all

    monkeypatch.setattr(actuals, "ledger", answer)

    def add(division, n, year, work=True, trade="sewing"):
        for _ in range(n):
            day = date(year, 6, 1)
            done = ("local", day) if work else ("unknown", None)
            lines.append(Line(division, trade, day, day, *done))
        cache.clear()

    return add


@pytest.fixture
def towns(centre):
    """A township with two villages of north's county, and one of south's: [top, a, b], [other]."""
    from trainbase_letters.models import Unit

    from lms.plugin import Division

    def unit(name, kind, division, parent=None):
        return Unit.objects.create(
            name=name, kind=kind, division=division, parent=parent, leader=f"{name}长"
        )

    town = Division.objects.filter(code__startswith="222403", level="township").first()
    other = Division.objects.filter(code__startswith="222406", level="township").first()
    first, second = town.children.all()[:2]
    top = unit("甲镇", "township", town)
    return {
        "top": top,
        "a": unit("一村", "village", first, top),
        "b": unit("二村", "village", second, top),
        "other": unit("乙镇", "township", other),
    }


@pytest.fixture
def scan():
    from django.core.files.uploadedfile import SimpleUploadedFile

    def make(content=PDF, name="签字.pdf"):
        return SimpleUploadedFile(name, content)

    return make


@pytest.fixture
def signed(director, scan):
    """`signed(unit, year, trained=5)`: a letter whose scan is filed."""
    from trainbase_letters.services import letters
    from trainbase_letters.services.standing import paper_code

    def make(unit, year, **targets):
        letter = letters.draft(unit, year, all_targets(**targets), director)
        return letters.sign(letter, scan(), date(year, 1, 10), paper_code(letter), director)

    return make
