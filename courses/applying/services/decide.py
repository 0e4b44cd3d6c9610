"""The desk decides over applications: into a class, onto the waiting list, or refused with a reason."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.applying.models import ApplicationStep, CourseApplication
from courses.applying.rules import may_go
from courses.applying.services.tell import tell_decision
from courses.intake.models import EnrolmentChange
from courses.intake.services.enter import Newcomer, enrol_people, lock_class
from courses.intake.services.places import withdraw
from courses.models import Enrolment, TrainingClass
from courses.services.identity import open_sealed
from tenants.staff.models import User
from tenants.verdict import faults_of

State = CourseApplication.State
FULL = "本班名额已满，按报名先后候补"
MOST = 500  # applications in one go


@dataclass
class Done:
    """What became of a bulk: `left` are (application, why in Chinese and English)."""

    decided: list[CourseApplication] = field(default_factory=list)
    left: list[tuple[CourseApplication, str]] = field(default_factory=list)


def _locked(keys: Sequence[int], wanted: str) -> Done:
    """`decided` are those that may go to `wanted`; two clerks who decide at once wait for each other."""
    rows = CourseApplication.objects.select_for_update(of=("self",)).filter(pk__in=keys[:MOST])
    done = Done()
    for one in rows.select_related("project", "village__parent__parent").order_by("pk"):
        if one.repeats_id is not None:
            done.left.append(
                (one, "是重复提交，请办理原来的那份 / it repeats another: decide that one")
            )
        elif not may_go(one.state, wanted):
            said = one.get_state_display()
            done.left.append((one, f"已经是“{said}” / it has been decided before"))
        elif not one.id_sealed:
            done.left.append((one, "保存期满，证号已清除 / its term is over, the ID was deleted"))
        else:
            done.decided.append(one)
    return done


@transaction.atomic
def wait(keys: Sequence[int], by: User, reason: str = "") -> Done:
    """Put them onto the waiting list of their course."""
    return _write(_locked(keys, State.WAITING), State.WAITING, by, reason.strip())


@transaction.atomic
def refuse(keys: Sequence[int], by: User, reason: str) -> Done:
    """Raises ValidationError without a reason: the applicant reads it."""
    reason = reason.strip()[:200]
    if not reason:
        raise ValidationError("不录取须写理由，本人会看到 / write a reason: the applicant reads it")
    hold_lists(keys)
    return _write(_locked(keys, State.REFUSED), State.REFUSED, by, reason)


def _write(done: Done, state: str, by: User, reason: str) -> Done:
    for one in list(done.decided):
        before = one.state
        one.state, one.reason, one.decided_at = state, reason[:200], timezone.now()
        try:
            with transaction.atomic():
                one.save(update_fields=["state", "reason", "decided_at"])
        except IntegrityError:  # a refused one is taken up again beside a newer one
            one.state = before
            done.decided.remove(one)
            done.left.append(
                (one, "本人另有一份待办的报名 / the person has another application that is open")
            )
            continue
        ApplicationStep.objects.create(application=one, kind=state, reason=one.reason, by=by)
        if state == State.REFUSED:
            leave_list(one, one.reason, by)
        tell_decision(one)
    return done


@transaction.atomic
def accept(keys: Sequence[int], training_class: TrainingClass, by: User) -> Done:
    """Enrol them in the class, in the order in which they have applied. When it is full the rest stand
    on its waiting list, and are accepted when they move up.

    Whom the rules refuse is left with the reason. Raises ValidationError for a class that is finished,
    and for what the base's designation has no place for.
    """
    one_class = lock_class(training_class)
    done = _locked(keys, State.ACCEPTED)
    for one in list(done.decided):
        if one.project_id != one_class.project_id:
            done.decided.remove(one)
            done.left.append((one, "报的不是这个项目 / it is for another course"))
    told = enrol_people(one_class, [_newcomer(one) for one in done.decided], by)
    for one, admission in zip(list(done.decided), told, strict=True):
        if admission.ok:
            one.enrolment_id, one.placed_in = admission.enrolment, one_class
            _placed(one, admission.state, by)
        else:
            done.decided.remove(one)
            done.left.append((one, "；".join(faults_of(admission.refusals))))
    return done


def _newcomer(one: CourseApplication) -> Newcomer:
    return Newcomer(
        one.name,
        open_sealed(bytes(one.id_sealed)),
        one.phone,
        one.village.code if one.village else "",
    )


def _placed(one: CourseApplication, state: str, by: User | None) -> None:
    """Write that somebody is in the class or on its waiting list, and tell."""
    inside = state == Enrolment.State.ENROLLED
    one.state = State.ACCEPTED if inside else State.WAITING
    one.reason, one.decided_at = "" if inside else FULL, timezone.now()
    one.save(update_fields=["state", "placed_in", "enrolment", "decided_at", "reason"])
    ApplicationStep.objects.create(
        application=one, kind=one.state, reason=one.reason, training_class=one.placed_in, by=by
    )
    tell_decision(one)


@transaction.atomic
def take_places(enrolments: Collection[int]) -> None:
    """Whoever of them has moved up from the waiting list is accepted now."""
    rows = CourseApplication.objects.select_for_update(of=("self",)).filter(
        state=State.WAITING,
        enrolment__any_of=enrolments,
        enrolment__state=Enrolment.State.ENROLLED,
    )
    for one in rows.select_related("project", "placed_in__village__parent").order_by("pk"):
        _placed(one, Enrolment.State.ENROLLED, None)


def hold_lists(keys: Sequence[int]) -> None:
    """Lock the classes on whose waiting lists these applications may stand: always before themselves."""
    stands = TrainingClass.objects.filter(enrolments__applications__in=keys).values("pk")
    held = TrainingClass.objects.select_for_update().filter(pk__in=stands).order_by("pk")
    list(held.values_list("pk"))


def leave_list(one: CourseApplication, words: str, by: User | None) -> None:
    """Take somebody off the waiting list of the class that the application led to."""
    places = Enrolment.objects.filter(pk=one.enrolment_id or 0, state=Enrolment.State.WAITING)
    place = places.exclude(training_class__state=TrainingClass.State.FINISHED).first()
    if place is not None:
        withdraw(place, EnrolmentChange.Why.OTHER, words, timezone.localdate(), by)


def classes_for(project: int) -> list[TrainingClass]:
    """Classes of the project that somebody may join, those to come first."""
    today = timezone.localdate()
    found = TrainingClass.objects.filter(project=project).exclude(
        state=TrainingClass.State.FINISHED
    )
    return list(found.filter(ends_on__gte=today).select_related("village").order_by("starts_on"))
