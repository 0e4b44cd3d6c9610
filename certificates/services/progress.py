"""How far those without a certificate have come: trained, qualified. Cheap enough for every write."""

from collections.abc import Collection

from certificates import rules
from certificates.services.basis import attended_of, is_accepted, logs_of, marks_of, numbers_of
from courses.models import TrainingClass
from courses.services.assessment import latest_scores


def progress_of(
    training_class: TrainingClass, enrolments: Collection[int]
) -> dict[int, tuple[bool, bool]]:
    """Trained and qualified of each enrolment, as `evidence.cases_of` judges them.

    While the log of one session is not accepted nobody is trained: who has a mark in it waits for its
    review, and who has none lacks a session. So the marks of a running class are not even read.
    """
    sessions = list(training_class.sessions.all())
    logs = logs_of(sessions)
    if not sessions or not all(is_accepted(logs.get(session.pk)) for session in sessions):
        return dict.fromkeys(enrolments, (False, False))
    marks, scores = marks_of(training_class, enrolments), latest_scores(training_class)
    numbers = numbers_of(training_class.rule_set)
    found = {}
    for pk in enrolments:
        trained = rules.trained(numbers, attended_of(training_class, sessions, marks[pk], logs))
        score = scores.get(pk)
        assessed = rules.Assessed(score.theory, score.practice) if score else None
        qualified = rules.qualified(numbers, assessed)
        found[pk] = (all(v.ok for v in trained), all(v.ok for v in qualified))
    return found
