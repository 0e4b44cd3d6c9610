"""Hold a sitting: open, take in, mark absent or void, close. Only by its examiners."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.assessing import rules
from courses.assessing.models import Attempt, AttemptEvent, Result, Sitting
from courses.assessing.services.outcome import settle
from courses.assessing.services.standing import result_of
from tenants.lists import history
from tenants.staff.models import User

How, Stands, What = Sitting.How, Attempt.State, AttemptEvent.What
State = Sitting.State


def is_examiner(sitting: Sitting, user: User) -> bool:
    return any(each.user_id == user.pk for each in sitting.examiners.all())


def locked_for(sitting: Sitting, by: User, *states: str) -> Sitting:
    """The sitting's row, locked, in one of `states`, for one of its examiners. Raises ValidationError."""
    locked = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if not is_examiner(locked, by):
        raise ValidationError("您不是这一场的考评人 / you are not an examiner of this sitting")
    if locked.state not in states:
        raise ValidationError(
            f"这一场{locked.get_state_display()}，不能这样做，请刷新页面"
            " / not in this state of the sitting: reload the page"
        )
    return locked


@transaction.atomic
def open_sitting(sitting: Sitting, by: User) -> Sitting:
    """From now on examinees come in. Raises ValidationError before its day."""
    locked = locked_for(sitting, by, State.PLANNED)
    if locked.held_on > timezone.localdate():
        raise ValidationError(
            f"考核日期 {locked.held_on} 还没有到 / the day {locked.held_on} is still to come"
        )
    locked.state, locked.opened_at = State.OPEN, timezone.now()
    locked.save(update_fields=["state", "opened_at"])
    history.note(locked, by, "开始考核 / opened")
    return locked


def note(attempt: Attempt, what: str, by: User | None = None, text: str = "") -> None:
    AttemptEvent.objects.create(attempt=attempt, what=what, by=by, note=text.strip()[:200])


def finish(attempt: Attempt, what: str, by: User | None, at: datetime | None = None) -> Result:
    """Grade what was saved. The attempt is locked by the caller."""
    chosen = {a.question_id: a.chosen for a in attempt.answers.all()}
    asked = attempt.sitting.questions.select_related("version")
    rows = [(q.version.answer, chosen.get(q.pk, ""), q.points) for q in asked]
    got, total = rules.graded(rows)
    attempt.state, attempt.done_at, attempt.door = Stands.DONE, at or timezone.now(), ""
    attempt.save(update_fields=["state", "done_at", "door"])
    note(attempt, what, by)
    return Result.objects.create(
        attempt=attempt,
        score=rules.of_100(Decimal(got), Decimal(total)),
        points=got,
        total=total,
        how=Result.How.MARKED,
        by=by,
    )


@transaction.atomic
def finish_overdue(sitting: Sitting) -> int:
    """Take in the papers whose time is over, with what was saved; how many."""
    over = sitting.attempts.select_for_update().filter(
        state=Stands.STARTED, ends_at__lt=timezone.now() - rules.GRACE
    )
    rows = list(over)
    for attempt in rows:
        finish(attempt, What.TIME_OVER, None, attempt.ends_at)
    return len(rows)


def _attempt(sitting: Sitting, pk: int) -> Attempt:
    found = sitting.attempts.select_for_update().filter(pk=pk).first()
    if found is None:
        raise ValidationError("这一场没有此人，请刷新页面 / nobody of this sitting")
    return found


@transaction.atomic
def mark_absent(sitting: Sitting, pk: int, by: User, absent: bool = True) -> None:
    """Or take it back, for somebody who came late."""
    locked = locked_for(sitting, by, State.OPEN)
    attempt = _attempt(locked, pk)
    if attempt.state != (Stands.WAITING if absent else Stands.ABSENT):
        raise ValidationError("此人已开始或已有结果 / has begun, or has a result")
    attempt.state = Stands.ABSENT if absent else Stands.WAITING
    attempt.save(update_fields=["state"])
    note(attempt, What.ABSENT if absent else What.CAME_LATE, by)


@transaction.atomic
def take_in(sitting: Sitting, pk: int, by: User) -> None:
    """The examiner ends it for somebody who sits and cannot go on."""
    locked = locked_for(sitting, by, State.OPEN)
    attempt = _attempt(locked, pk)
    if attempt.state != Stands.STARTED or locked.how != How.PHONE:
        raise ValidationError("此人不在作答中 / is not sitting now")
    finish(attempt, What.TAKEN_IN, by)


@transaction.atomic
def void(sitting: Sitting, pk: int, reason: str, by: User) -> None:
    """Cheating: the score is 0, the attempt is used up, and the reason stays. After the sitting is closed
    it takes whoever decides appeals, and the scores follow. Raises ValidationError.
    """
    locked = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if locked.state == State.CLOSED and by.has_perm("assessing.decide_appeal"):
        pass
    else:
        locked = locked_for(sitting, by, State.OPEN)
    attempt = _attempt(locked, pk)
    reason = reason.strip()[:200]
    if not reason:
        raise ValidationError("请写明作废原因 / say why it is void")
    if attempt.state not in (Stands.STARTED, Stands.DONE):
        raise ValidationError("此人没有可作废的作答 / has nothing that could be void")
    before = result_of(attempt)
    Result.objects.create(
        attempt=attempt, score=0, how=Result.How.VOID, reason=reason, by=by, replaces=before
    )
    attempt.state, attempt.door = Stands.VOID, ""
    attempt.save(update_fields=["state", "door"])
    note(attempt, What.VOID, by, reason)
    if locked.state == State.CLOSED:
        settle(locked.training_class, {attempt.enrolment_id}, by, f"作废：{reason}")


def unfinished(sitting: Sitting) -> list[Attempt]:
    """Who has no result and is not absent: absent when the sitting is closed, but for `begun`."""
    rows = sitting.attempts.filter(state=Stands.WAITING).select_related("enrolment__trainee")
    return list(rows)


@transaction.atomic
def close(sitting: Sitting, absent: int, by: User) -> int:
    """Take in what is still open, write `absent` people down as absent, publish. How many scores changed.

    Raises ValidationError when it is another number by now, or when somebody waits for a look.
    """
    finish_overdue(sitting)
    locked = locked_for(sitting, by, State.OPEN)
    half = locked.attempts.filter(state=Stands.WAITING, looks__isnull=False).distinct()
    if names := [a.enrolment.trainee.name for a in half.select_related("enrolment__trainee")]:
        raise ValidationError(
            f"还有人没有评完：{'、'.join(names[:8])} / these still wait for an examiner's look:"
            f" {', '.join(names[:8])}"
        )
    for attempt in locked.attempts.select_for_update().filter(state=Stands.STARTED):
        finish(attempt, What.TAKEN_IN, by)
    missing = unfinished(locked)
    if len(missing) != absent:
        raise ValidationError(
            f"现在有 {len(missing)} 人没有结果，请核对后再结束"
            f" / {len(missing)} people have no result now: look again, then close"
        )
    for attempt in missing:
        attempt.state = Stands.ABSENT
        attempt.save(update_fields=["state"])
        note(attempt, What.ABSENT, by)
    locked.state, locked.closed_at = State.CLOSED, timezone.now()
    locked.save(update_fields=["state", "closed_at"])
    history.note(locked, by, "结束考核 / closed", [("缺考 / absent", "", absent)])
    people = set(locked.attempts.values_list("enrolment_id", flat=True))
    return settle(locked.training_class, people, by)
