"""Write templates, begin a sending, hand each of its notices on once, and keep who wants none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.notices import rules
from courses.notices.audiences import Person
from courses.notices.models import Notice, NoticeTemplate, OptOut, Sending
from tenants.current import current_tenant
from tenants.jobs.models import JobRun
from tenants.jobs.services import start
from tenants.outbox.channels import Email, channels
from tenants.outbox.models import Message
from tenants.outbox.services import OUTBOX, write_message
from tenants.staff.models import User

SEND = "notices.send"
MOST = 2000  # people of one sending
FORGET_AFTER = timedelta(days=30)
Skipped = Notice.Skipped


@dataclass(frozen=True)
class Way:
    """A channel as a sender sees it: `price` is of one segment, in yuan."""

    name: str
    title: str
    price: Decimal


@dataclass(frozen=True)
class Draft:
    """What one person would get. Without a text: `skipped` or `missing` says why."""

    person: Person
    text: str
    length: rules.Length
    skipped: str = ""
    missing: tuple[str, ...] = ()

    @property
    def skipped_label(self) -> str:
        return str(Skipped(self.skipped).label) if self.skipped else ""


def ways() -> list[Way]:
    """The outbox, and the channels that are on here and take phone numbers."""
    found = [Way(OUTBOX, "", Decimal(0))]
    for each in channels.on():
        if each.fn.name != Email.name and each.fn.reaches in ("", "phone"):
            found.append(Way(each.fn.name, str(each.fn.title), Decimal(each.fn.price)))
    return found


def way_named(name: str) -> Way:
    """Raises ValidationError for a channel that is off."""
    for way in ways():
        if way.name == name:
            return way
    raise ValidationError("没有这个通道，请另选一个 / there is no such channel: choose another one")


def check_template(text: str) -> None:
    """Raises ValidationError for a text with a place holder that nobody fills."""
    if wrong := rules.unknown(text):
        known = "、".join("{" + zh + "}" for zh, _en in rules.WORDS)
        english = ", ".join("{" + en + "}" for _zh, en in rules.WORDS)
        raise ValidationError(
            f"不认识 {' '.join(wrong)[:80]}，请改用：{known}"
            f" / {' '.join(wrong)[:80]} is not known; use: {english}"
        )


@transaction.atomic
def write_template(
    template: NoticeTemplate, name: str, text: str, in_use: bool, by: User
) -> NoticeTemplate:
    """Raises ValidationError for an unknown place holder."""
    check_template(text)
    template.name, template.text, template.in_use = name.strip(), text.strip(), in_use
    template.changed_by = by
    template.save()
    return template


def facts_of(person: Person, link: str) -> dict[str, str]:
    """What stands for each place holder, for this person."""
    tenant, found = current_tenant(), person.training_class
    facts = {
        "name": person.trainee.name,
        "link": link,
        "base": tenant.name,
        "phone": tenant.phone,
    }
    if found is not None:
        facts |= {
            "class": found.code,
            "course": found.project_name,
            "place": f"{found.village.name}{found.place}",
            "date": day_in_words(found.starts_on),
        }
    return facts


def day_in_words(day: date) -> str:
    """As people say it in a message, which is in Chinese whoever writes it."""
    return f"{day.month}月{day.day}日"


def drafts(people: Iterable[Person], text: str, link: str, channel: str) -> list[Draft]:
    """What each of them would get by that channel."""
    against = set(OptOut.objects.values_list("phone", flat=True))
    return [_draft(person, text, link, channel, against) for person in people]


def _draft(person: Person, text: str, link: str, channel: str, against: set[str]) -> Draft:
    facts, none = facts_of(person, link), rules.Length(0, 0)
    phone = rules.plain_number(person.trainee.phone)
    if not phone or (channel != OUTBOX and not rules.is_mobile(phone)):
        return Draft(person, "", none, Skipped.NO_PHONE)
    if phone in against:
        return Draft(person, "", none, Skipped.OPTED_OUT)
    if lacking := rules.missing(text, facts):
        return Draft(person, "", none, missing=tuple(lacking))
    said = rules.fill(text, facts)
    return Draft(person, said, rules.length(said))


@transaction.atomic
def begin(
    template: NoticeTemplate,
    people: list[Person],
    audience: str,
    *,
    channel: str,
    link: str,
    urgent: bool,
    by: User,
    now: datetime | None = None,
) -> Sending:
    """Write the sending with all its people, and start its job, or leave that for the morning.

    Raises ValidationError when nobody can be reached, or when a place holder is empty for somebody.
    """
    if len(people) > MOST:
        raise ValidationError(
            f"一次最多 {MOST} 人，请分批发送 / at most {MOST} people at once: send in parts"
        )
    way, found = way_named(channel), drafts(people, template.text, link, channel)
    if lacking := [draft for draft in found if draft.missing]:
        _refuse(lacking[0])
    if not any(draft.text for draft in found):
        raise ValidationError(
            "选中的人都发不到，请先补上电话 / nobody can be reached: add phone numbers first"
        )
    at = timezone.localtime(now)
    sending = Sending.objects.create(
        template_name=template.name,
        text=template.text,
        audience=audience[:120],
        link=link,
        channel=way.name,
        price=way.price,
        urgent=urgent,
        by=by,
        not_before=rules.leaves_at(at, urgent),
    )
    Notice.objects.bulk_create(
        Notice(
            sending=sending,
            trainee=draft.person.trainee,
            training_class=draft.person.training_class,
            segments=draft.length.segments,
            skipped=draft.skipped,
        )
        for draft in found
    )
    if rules.may_leave(at, urgent):
        start_job(sending)
    return sending


def _refuse(draft: Draft) -> None:
    words = {en: zh for zh, en in rules.WORDS}
    zh = "、".join("{" + words[key] + "}" for key in draft.missing)
    en = ", ".join("{" + key + "}" for key in draft.missing)
    name = draft.person.trainee.name
    raise ValidationError(
        f"{name}没有{zh}可填，请补上，或不选这个人"
        f" / {name} has no value for {en}: fill it in, or leave the person out"
    )


def start_job(sending: Sending) -> JobRun:
    back = f"/desk/notices/{sending.pk}/"
    return start(SEND, str(sending)[:120], {"sending": sending.pk}, sending.by, back)


@transaction.atomic
def deliver(notice: Notice) -> Message | None:
    """Write the message of one person, once. Somebody who has opted out since gets none.

    It is handed to the channel by the caller, after this is committed: tenants.outbox.services.
    """
    locked = (
        Notice.objects.select_for_update(of=("self",)).select_related("sending").get(pk=notice.pk)
    )
    if locked.message_id or locked.skipped:
        return None
    sending = locked.sending
    person = Person(notice.trainee, notice.training_class)
    draft = drafts([person], sending.text, sending.link, sending.channel)[0]
    if not draft.text:
        locked.skipped = draft.skipped or Skipped.NO_PHONE
        locked.save(update_fields=["skipped"])
        return None
    locked.message = write_message(
        notice.trainee.phone, sending.template_name, draft.text, sending.channel
    )
    locked.save(update_fields=["message"])
    return locked.message


def mark_interrupted(sending: Sending) -> None:
    """What a killed run had in its hands: nobody knows whether it went out, so it is not sent twice."""
    Message.objects.filter(notice__sending=sending, state=Message.State.WAITING).update(
        state=Message.State.FAILED,
        error="发送时中断，不知是否发出，请核对后再发 / broken off: ask the carrier, then send again",
    )


@transaction.atomic
def stop(sending: Sending) -> None:
    """What has left has left; the rest stays. Raises ValidationError when it is over."""
    locked = Sending.objects.select_for_update().get(pk=sending.pk)
    if not locked.is_open:
        raise ValidationError("发送已经结束 / the sending is over")
    locked.stopped_at = timezone.now()
    locked.save(update_fields=["stopped_at"])


def start_due(now: datetime | None = None) -> int:
    """Start what has waited for the morning, and what a lost job has left; how many."""
    at = timezone.localtime(now)
    due = Sending.objects.filter(
        finished_at__isnull=True, stopped_at__isnull=True, not_before__lte=at
    )
    started = [start_job(each) for each in due if rules.may_leave(at, each.urgent)]
    return len(started)


def opt_out(phone: str, said: str, by: User | None) -> OptOut:
    """Raises ValidationError for what is no phone number."""
    number = rules.plain_number(phone)
    if not 7 <= len(number) <= 15:
        raise ValidationError("请填写电话号码 / give a phone number")
    found, _new = OptOut.objects.get_or_create(phone=number, defaults={"said": said, "by": by})
    return found


def opt_in(row: OptOut) -> None:
    row.delete()


def forget_gone() -> int:
    """Numbers and texts of notices to people whose phone is no longer kept; how many."""
    gone = Message.objects.filter(
        notice__trainee__phone="", notice__sending__at__lt=timezone.now() - FORGET_AFTER
    )
    return gone.exclude(text="—").update(to="—", text="—")
