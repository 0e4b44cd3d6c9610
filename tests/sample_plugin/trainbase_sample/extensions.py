from decimal import Decimal
from html import escape

from lms.plugin import (
    Channel,
    Column,
    Delivery,
    Filter,
    Panel,
    Report,
    Verdict,
    certificate_templates,
    channels,
    class_opening_rules,
    dashboard_panels,
    eligibility_rules,
    evidence_checks,
    jobs,
    reports,
    verification_outputs,
)


def verdict(rule, ok, value="", threshold=""):
    return Verdict(rule, ok, str(value), str(threshold), "样例", f"样例 {rule}", f"sample {rule}")


@eligibility_rules
def old_enough(case):
    from trainbase_sample.models import SampleSettings

    youngest = SampleSettings.load().youngest
    return verdict("age", case.age >= youngest, case.age, youngest)


@evidence_checks(order=10)
def enough_minutes(case):
    return [verdict("minutes", case.attended_minutes > 0, case.attended_minutes)]


@class_opening_rules
def no_class_in_the_sea(opening):
    return verdict("place", opening.place != "海里", opening.place)


@certificate_templates
def plain(paper):
    lines = "".join(f"<p>{escape(value)}</p>" for value in paper.claims.values() if value)
    return f"<html lang=zh><body><h1>样例</h1>{lines}{paper.qr}</body></html>"


@verification_outputs
def more(checked):
    return [(f"样例说明 {checked.number}", f"sample note {checked.number}")]


@channels
class Carrier(Channel):
    name = "carrier"
    title = "样例通道"
    price = Decimal("0.05")

    def send(self, message):
        return Delivery(ok=True, reference=f"ref-{message.pk}", cost=Decimal("0.05"))


@reports
class Notes(Report):
    name = "notes"
    title = "样例报表"
    definition = "便条，每张一行"
    permission = "sample.view_note"
    columns = (Column("便条"), Column("字数", number=True))

    @property
    def filters(self):
        return [Filter("text", "便条")]

    def rows(self, asked):
        from trainbase_sample.models import Note

        found = Note.objects.filter(text__contains=asked["text"])
        return [(note.text, len(note.text)) for note in found]


@dashboard_panels
def panel(request):
    from trainbase_sample.models import Note

    return Panel("样例面板", [("便条", str(Note.objects.count()), "/sample/")])


@jobs.every(minutes=60)
def remember():
    from trainbase_sample.models import Note

    Note.objects.create(text="按时")


@jobs.work("sample.count", "样例任务")
def count(run, progress):
    progress(1, 1)
    return {"counted": 1}
