"""Enter assessment scores; a correction is a new row with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.assessing.services.policy import refuse_trainer
from courses.models import Score, TrainingClass
from courses.moments import chain_moved, scores_entered
from tenants.staff.models import User


@dataclass(frozen=True)
class ScoreEntry:
    """Scores of 100, one decimal."""

    theory: Decimal
    practice: Decimal
    reason: str = ""


def latest_scores(training_class: TrainingClass) -> dict[int, Score]:
    """The score that counts, by enrolment id."""
    rows = Score.objects.filter(enrolment__training_class=training_class).order_by("id")
    return {row.enrolment_id: row for row in rows}


@transaction.atomic
def enter_scores(
    training_class: TrainingClass, entries: Mapping[int, ScoreEntry], on: date, by: User
) -> int:
    """Append the scores that say something new; return how many.

    Raises ValidationError (all faults, nothing written) for a stranger to the class, a score
    outside 0 to 100, a correction without a reason, or the class's own trainer.
    """
    TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    refuse_trainer(training_class, by)
    names = {
        e.pk: e.trainee.name for e in training_class.enrolments.on_roll().select_related("trainee")
    }
    current = latest_scores(training_class)
    if not training_class.starts_on <= on <= timezone.localdate():
        raise ValidationError(
            f"考核日期应在开班日期 {training_class.starts_on} 与今天之间"
            f" / the assessment lies between the first day {training_class.starts_on} and today"
        )
    faults, rows = [], []
    for enrolment_id, entry in entries.items():
        name = names.get(enrolment_id)
        if name is None:
            faults.append("名单中没有此人，请刷新页面 / not on this class's list; reload the page")
            continue
        old = current.get(enrolment_id)
        if old and (old.theory, old.practice) == (entry.theory, entry.practice):
            continue
        if not all(0 <= score <= 100 for score in (entry.theory, entry.practice)):
            faults.append(f"{name}：成绩应在 0 到 100 之间 / {name}: a score is 0 to 100")
        elif old and not entry.reason.strip():
            faults.append(f"{name}：更正成绩须填写原因 / {name}: a correction needs a reason")
        rows.append((enrolment_id, entry, old))
    if faults:
        raise ValidationError(faults)
    for enrolment_id, entry, old in rows:
        Score.objects.create(
            enrolment_id=enrolment_id,
            theory=entry.theory,
            practice=entry.practice,
            assessed_on=on,
            replaces=old,
            reason=entry.reason.strip(),
            entered_by=by,
        )
    written = {pk for pk, _entry, _old in rows}
    chain_moved.send(None, enrolments=written)
    scores_entered.send(None, enrolments=written)
    return len(rows)
