"""Read what the rules need to know of every trainee of a class, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from certificates import rules
from certificates.extensions import Eligibility, eligibility_rules, evidence_checks
from certificates.models import Certificate
from certificates.register.elsewhere import Unreachable, certified_elsewhere, silent
from certificates.register.models import RegisterEntry
from certificates.render import missing_glyphs
from certificates.services.basis import (
    Basis,
    attended_of,
    basis_of,
    logs_of,
    marks_of,
    numbers_of,
)
from courses.models import Enrolment, Score, TrainingClass
from courses.services.assessment import latest_scores
from courses.services.identity import age_on, is_forgotten, register_digest
from tenants.current import current_tenant
from tenants.designations.rules import may_continue
from tenants.designations.services import standing_of
from tenants.models import Tenant
from tenants.plugins.points import Judges
from tenants.verdict import Verdict


@dataclass(frozen=True)
class Case:
    """One trainee of a class with all that decides, and the verdicts of each step.

    `basis` is what its certificate would rest on; `asked` are the plugins whose rules were asked,
    with their versions.
    """

    enrolment: Enrolment
    attended: rules.Attended
    score: Score | None
    person: bytes
    basis: Basis
    trained: list[Verdict]
    qualified: list[Verdict]
    certified: list[Verdict]
    certificate_number: str = ""
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def verdicts(self) -> list[Verdict]:
        return [*self.trained, *self.qualified, *self.certified]

    @property
    def refusals(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if not verdict.ok]

    @property
    def eligible(self) -> bool:
        return not self.certificate_number and not self.refusals


def cases_of(
    training_class: TrainingClass,
    enrolments: Iterable[Enrolment] | None = None,
    on: date | None = None,
    ask_plugins: bool = True,
) -> list[Case]:
    """Judge the class, or only `enrolments` of it, for an issue on the day `on` (today).

    Without `ask_plugins` the rules of plugins are left out: for what is trained and qualified, which
    they have no part in.
    """
    if enrolments is None:
        enrolments = training_class.enrolments.on_roll().select_related("trainee").order_by("id")
    enrolments = list(enrolments)
    sessions = list(training_class.sessions.all())
    marks = marks_of(training_class)
    logs = logs_of(sessions)
    scores = latest_scores(training_class)
    numbers = numbers_of(training_class.rule_set)
    persons = {e.pk: register_digest(e.trainee) for e in enrolments}
    registered = dict(
        RegisterEntry.objects.filter(
            person__in=list(persons.values()),
            project_key=training_class.project_key,
            status=RegisterEntry.Status.VALID,
        ).values_list("person", "number")
    )
    earlier = {bytes(person): number for person, number in registered.items()}
    silence: list[Verdict] = []
    try:
        earlier |= certified_elsewhere(list(persons.values()), training_class.project_key)
    except Unreachable as error:
        silence = [silent(str(error))]
    own = _own_certificates(enrolments)
    revoked = _revoked(enrolments)
    shared = _printed_on_all(training_class)
    promised = training_class.theory_hours + training_class.practice_hours
    on = on or timezone.localdate()
    designated = may_continue(standing_of(current_tenant()))
    found = []
    with Judges(eligibility_rules, evidence_checks) if ask_plugins else Judges() as judges:
        for enrolment in enrolments:
            attended = attended_of(training_class, sessions, marks[enrolment.pk], logs)
            score = scores.get(enrolment.pk)
            person = persons[enrolment.pk]
            basis = basis_of(sessions, marks[enrolment.pk], logs, score)
            number = own.get(enrolment.pk, "")
            standing = rules.Standing(
                earlier="" if number else earlier.get(person, ""),
                disputed=sum(1 for row in marks[enrolment.pk] if row.why),
                unprintable="".join(missing_glyphs(enrolment.trainee.name + shared)),
                finished=training_class.state == TrainingClass.State.FINISHED,
                over=training_class.ends_on <= on,
                planned_minutes=sum(session.minutes for session in sessions),
                promised_minutes=promised * training_class.minutes_per_hour,
                revoked="" if number else revoked.get(enrolment.pk, ""),
            )
            found.append(
                Case(
                    enrolment=enrolment,
                    attended=attended,
                    score=score,
                    person=person,
                    basis=basis,
                    trained=rules.trained(numbers, attended),
                    qualified=rules.qualified(
                        numbers, rules.Assessed(score.theory, score.practice) if score else None
                    ),
                    certified=[
                        *rules.certified(numbers, standing),
                        designated,
                        *silence,
                        *_off_roll(enrolment),
                        *_forgotten(enrolment),
                        *_of_plugins(
                            judges, enrolment, training_class, attended, score, on, number
                        ),
                    ],
                    certificate_number=number,
                    asked=judges.asked,
                )
            )
    return found


def _off_roll(enrolment: Enrolment) -> list[Verdict]:
    """Whoever waits for a place, or has left the class, gets no certificate of it."""
    if enrolment.state == Enrolment.State.ENROLLED:
        return []
    return [
        Verdict(
            rule="on_roll",
            ok=False,
            value=str(enrolment.get_state_display()),
            threshold=str(Enrolment.State.ENROLLED.label),
            source=str(enrolment.training_class.rule_set),
            zh="不在本班名单（候补、已转班或已退班），不能发证；如应在班，请先在班次页恢复",
            en="not on the roll of the class: take back on the page of the class first, if so",
        )
    ]


def _forgotten(enrolment: Enrolment) -> list[Verdict]:
    """Whose ID was deleted when the archive's term was over gets no certificate any more: nothing tells
    whether there is one already.
    """
    if not is_forgotten(enrolment.trainee):
        return []
    return [
        Verdict(
            rule="id_on_file",
            ok=False,
            value="—",
            threshold="✓",
            source=str(enrolment.training_class.rule_set),
            zh="档案保存期已满，身份证号已清除，不能发证；如再参加培训请重新报名",
            en="the archive's term is over and the ID deleted: enrol anew for a new course",
        )
    ]


def _of_plugins(
    judges: Judges,
    enrolment: Enrolment,
    training_class: TrainingClass,
    attended: rules.Attended,
    score: Score | None,
    on: date,
    number: str,
) -> list[Verdict]:
    """What plugins say of a trainee; of one who has a certificate they are not asked again."""
    if number or not judges.wanted or is_forgotten(enrolment.trainee):
        return []
    return judges.verdicts(_facts(enrolment, training_class, attended, score, on))


def _facts(
    enrolment: Enrolment,
    training_class: TrainingClass,
    attended: rules.Attended,
    score: Score | None,
    on: date,
) -> Eligibility:
    return Eligibility(
        project_code=training_class.project.code,
        project_name=training_class.project_name,
        level=training_class.project_level,
        class_code=training_class.code,
        trade_code=training_class.project.trade.code,
        starts_on=training_class.starts_on,
        ends_on=training_class.ends_on,
        enrolment_id=enrolment.pk,
        holder_name=enrolment.trainee.name,
        age=age_on(enrolment.trainee, on),
        planned_minutes=attended.planned_theory + attended.planned_practice,
        attended_minutes=attended.theory + attended.practice,
        theory_score=score.theory if score else None,
        practice_score=score.practice if score else None,
        on=on,
    )


def awaiting(starts: date, ends: date) -> list[Eligibility]:
    """Trainees without a certificate, of classes that end from `starts` to `ends`: each as the rules
    of plugins get it today. They are not asked here. Not for pages that anybody may see: it has names.
    """
    on = timezone.localdate()
    classes = TrainingClass.objects.filter(ends_on__range=(starts, ends))
    found = []
    for training_class in classes.select_related("project__trade").order_by("ends_on", "pk"):
        on_roll = training_class.enrolments.on_roll()
        enrolments = on_roll.select_related("trainee").order_by("id")
        have = _own_certificates(list(enrolments))
        without = [e for e in enrolments if e.pk not in have and not is_forgotten(e.trainee)]
        sessions, marks = list(training_class.sessions.all()), marks_of(training_class)
        logs = logs_of(sessions)
        scores = latest_scores(training_class)
        found += [
            _facts(
                e,
                training_class,
                attended_of(training_class, sessions, marks[e.pk], logs),
                scores.get(e.pk),
                on,
            )
            for e in without
        ]
    return found


def _own_certificates(enrolments: list[Enrolment]) -> dict[int, str]:
    return dict(
        Certificate.objects.filter(
            enrolment__in=enrolments, status=Certificate.Status.VALID
        ).values_list("enrolment_id", "number")
    )


def _revoked(enrolments: list[Enrolment]) -> dict[int, str]:
    """Revoked certificates that nobody has released for a new issue, by enrolment."""
    return dict(
        Certificate.objects.filter(
            enrolment__in=enrolments, status=Certificate.Status.REVOKED, reissue_on__isnull=True
        ).values_list("enrolment_id", "number")
    )


def _printed_on_all(training_class: TrainingClass) -> str:
    """The texts that every paper of the class prints beside the holder's own."""
    tenant = current_tenant()
    return "".join(
        [
            training_class.project_name,
            training_class.project_name_en,
            training_class.project_level,
            training_class.code,
            str(training_class.rule_set),
            tenant.name,
            Tenant.objects.get(pk=tenant.centre_id).name,
        ]
    )
