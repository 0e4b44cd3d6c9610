"""People whom the last call did not find at home: a notice may reach them."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.duties.models import Call, Result
from courses.models import Enrolment
from courses.notices.audiences import Audience, Person, enrolled, register_audience


def _unanswered() -> list[int]:
    """Trainees whose latest call nobody took."""
    latest = Call.objects.order_by("trainee_id", "-id").distinct("trainee_id")
    rows = latest.values_list("trainee_id", "result")
    return [trainee for trainee, result in rows if result == Result.NO_ANSWER]


def _choices() -> Iterable[tuple[str, str]]:
    count = len(_unanswered())
    said = gettext("最近一次电话没人接（%(count)s 人）") % {"count": count}
    return [("last", said)] if count else []


def _people(value: str) -> list[Person]:
    if value != "last":
        raise LookupError(value)
    rows = Enrolment.objects.filter(trainee__in=_unanswered())
    return enrolled(rows.order_by("-training_class__starts_on", "-pk"))


register_audience(Audience("no_answer", _("电话没人接的人"), _choices, _people))
