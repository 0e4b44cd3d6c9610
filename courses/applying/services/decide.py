"""The desk decides over applications: into a class, onto the waiting list, or refused with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.applying.models import ApplicationStep, ClassTerms, CourseApplication
from courses.applying.rules import may_go
from courses.applying.services.tell import tell_decision
from courses.models import Enrolment, TrainingClass
from courses.roster.words import REASONS
from courses.services.identity import open_sealed
from courses.services.roster import confirm_import, judged_rows, upload_roster
from tenants.staff.models import User
from tenants.tables import workbook_bytes

State = CourseApplication.State
HEADER = ("姓名", "身份证号码", "联系电话", "县市", "乡镇", "村")
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
        tell_decision(one)
    return done


@transaction.atomic
def accept(keys: Sequence[int], training_class: TrainingClass, by: User) -> Done:
    """Enrol them in the class, by the same checks as a roster: it is one, kept sealed like every other.

    Those whom a roster would refuse are left with the reason. Raises ValidationError for nobody that may
    be enrolled, a class of another project, one that is finished or full, and for what the base's
    designation has no place for.
    """
    one_class = TrainingClass.objects.select_for_update(of=("self",)).get(pk=training_class.pk)
    done = _locked(keys, State.ACCEPTED)
    for one in list(done.decided):
        if one.project_id != one_class.project_id:
            done.decided.remove(one)
            done.left.append((one, "报的不是这个项目 / it is for another course"))
    if not done.decided:
        return done
    _enrol(done, one_class, by)
    for one in done.decided:
        one.state, one.placed_in, one.decided_at = State.ACCEPTED, one_class, timezone.now()
        one.reason = ""
        one.save(update_fields=["state", "placed_in", "enrolment", "decided_at", "reason"])
        ApplicationStep.objects.create(
            application=one, kind=State.ACCEPTED, training_class=one_class, by=by
        )
        tell_decision(one)
    return done


def _enrol(done: Done, one_class: TrainingClass, by: User) -> None:
    """Upload and confirm a roster of those in `done`, and give each application its enrolment."""
    rows = [_row(one) for one in done.decided]
    with transaction.atomic():
        kept = upload_roster(one_class, "applications.xlsx", workbook_bytes(HEADER, rows), by)
        judged = {row.row: row for row in judged_rows(kept)}
        good: list[tuple[CourseApplication, bytes]] = []
        for line, one in enumerate(list(done.decided), 2):
            if judged[line].verdict == "reject":
                why = "；".join(" / ".join(REASONS[code]) for code in judged[line].codes)
                done.decided.remove(one)
                done.left.append((one, why))
            else:
                good.append((one, bytes(one.id_digest)))
        if not good:
            transaction.set_rollback(True)  # nothing of the roster is kept
            return
        _fits(one_class, len(good))
        confirm_import(kept)
    joined = Enrolment.objects.filter(
        training_class=one_class, trainee__id_digest__in=[digest for _one, digest in good]
    ).select_related("trainee")
    by_person = {bytes(each.trainee.id_digest): each for each in joined}
    for one, digest in good:
        one.enrolment = by_person[digest]


def _row(one: CourseApplication) -> list[str]:
    village = one.village
    town = village.parent if village else None
    county = town.parent if town else None
    places = [place.name if place else "" for place in (county, town, village)]
    return [one.name, open_sealed(bytes(one.id_sealed)), one.phone, *places]


def _fits(one_class: TrainingClass, more: int) -> None:
    terms = ClassTerms.objects.filter(training_class=one_class, capacity__isnull=False).first()
    if terms is None or terms.capacity is None:
        return
    there = one_class.enrolments.count()
    if there + more > terms.capacity:
        raise ValidationError(
            f"本班名额 {terms.capacity} 人，已有 {there} 人，这次 {more} 人，超出名额：请少选几人、转候补或改名额"
            f" / {terms.capacity} places, {there} are taken, {more} more do not fit: choose fewer,"
            " put them on the waiting list, or change the capacity"
        )


def classes_for(project: int) -> list[TrainingClass]:
    """Classes of the project that somebody may join, those to come first."""
    today = timezone.localdate()
    found = TrainingClass.objects.filter(project=project).exclude(
        state=TrainingClass.State.FINISHED
    )
    return list(found.filter(ends_on__gte=today).select_related("village").order_by("starts_on"))
