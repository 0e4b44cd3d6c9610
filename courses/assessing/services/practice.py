"""Practice by checklist: examiners look apart, and what they saw comes to one score."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.assessing import rules
from courses.assessing.models import Attempt, AttemptEvent, Look, Result, Sitting
from courses.assessing.services.hold import How, State, locked_for, note
from tenants.staff.models import User

Stands = Attempt.State


def looks_of(attempt: Attempt) -> list[rules.Look]:
    items = attempt.sitting.checklist
    return [rules.look_of(items, row.points, row.failed) for row in attempt.looks.all()]


def comes_to(attempt: Attempt) -> rules.Practice:
    sitting = attempt.sitting
    return rules.agreed(looks_of(attempt), sitting.wanted_looks, sitting.gap)


@transaction.atomic
def look(
    sitting: Sitting,
    pk: int,
    points: Sequence[int],
    failed: Iterable[int],
    note_text: str,
    by: User,
) -> rules.Practice:
    """One examiner's look at one person, once. Raises ValidationError.

    With the last look that is needed the result is written.
    """
    locked = locked_for(sitting, by, State.OPEN)
    attempt = locked.attempts.select_for_update().filter(pk=pk).first()
    if attempt is None or locked.how != How.CHECKLIST:
        raise ValidationError("这一场没有此人，请刷新页面 / nobody of this sitting")
    if attempt.state != Stands.WAITING:
        raise ValidationError("此人已评完、缺考或作废 / is done, absent or void")
    if attempt.looks.filter(examiner=by).exists():
        raise ValidationError("您已经给此人评过分 / you have scored this person already")
    named = sorted({n for n in failed if 0 <= n < len(locked.items)})
    try:
        seen = rules.look_of(locked.checklist, points, named)
    except ValueError as error:
        raise ValidationError(
            "每一项都要评分，且不超过该项分值 / score every item, none above its points"
        ) from error
    Look.objects.create(
        attempt=attempt,
        examiner=by,
        number=attempt.looks.count() + 1,
        points=list(points),
        failed=named,
        score=seen.score,
        note=note_text.strip()[:200],
    )
    found = comes_to(attempt)
    if found.score is not None:
        Result.objects.create(
            attempt=attempt,
            score=rules.counted(found.score, found.failed, locked.pass_mark),
            failed=found.failed,
            how=Result.How.LOOKED,
            by=by,
        )
        attempt.state, attempt.done_at = Stands.DONE, timezone.now()
        attempt.save(update_fields=["state", "done_at"])
        note(attempt, AttemptEvent.What.TYPED, by)
    return found
