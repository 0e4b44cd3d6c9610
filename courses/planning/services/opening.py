"""No class without an approved request, where the centre demands one; and open a class from it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.directory.models import Programme
from courses.extensions import Judged, OpeningRule
from courses.models import Project, TrainingClass
from courses.planning.models import ClassApproval, Proposal
from courses.planning.services.share import share_plan
from courses.requests import facts as said
from courses.requests.facts import Facts
from courses.requests.models import ClassRequest
from courses.requests.rules.steps import Terms, approved
from courses.requests.services.policies import terms_on
from courses.requests.services.steps import By, facts_of, last_version, take_step
from courses.services.classes import PlannedSession, open_class
from tenants.current import current_tenant
from tenants.models import Division, Trade
from tenants.staff.models import User
from tenants.verdict import faults_of


def approved_request(code: str) -> ClassRequest | None:
    """The approved and not yet opened request of a class of this base."""
    return ClassRequest.objects.filter(
        tenant_id=current_tenant().pk, kind="opening", state="approved", class_code__iexact=code
    ).first()


def _judge(trade: Trade, code: str, on: date, lock: bool) -> Judged:
    """Of a trade alone, before anybody has named a class, there is nothing to say."""
    terms = terms_on(current_tenant(), on)
    request = approved_request(code) if code else None
    if request is not None and request.trade_id != trade.pk:
        request = None
    if not terms.demands or not code:
        return Judged(kept=(terms, request))
    verdict = approved(terms, request is not None, [], [])
    return Judged(verdicts=(verdict,), refuses=True, kept=(terms, request))


def _keep(opened: TrainingClass, judged: Judged) -> None:
    """The class stands now, with its sessions: it has to be the one that was approved."""
    terms, request = judged.kept
    if request is not None and _is_same(terms, facts_of(request), facts_of_class(opened)):
        ClassApproval.objects.create(
            training_class=opened,
            number=request.number,
            version=last_version(request).number,
            document=_document(request),
        )
        take_step(request.number, "carry", By(current_tenant().name))
    share_plan(opened)


def _document(request: ClassRequest) -> str:
    step = request.steps.filter(kind="approve").order_by("-number").first()
    return step.document if step else ""


def _is_same(terms: Terms, wanted: Facts, found: Facts) -> bool:
    """Raises ValidationError for a class that is not as it was approved, where that is demanded."""
    if wanted.plan() == found.plan():
        return True
    if not terms.demands:
        return False
    differing = said.differences(wanted, found) or [("内容", "contents", "", "")]
    verdict = approved(terms, True, [d[0] for d in differing], [d[1] for d in differing])
    raise ValidationError(faults_of([verdict]))


RULE = OpeningRule("request", _judge, _keep, lambda opened: None)


def facts_of_class(found: TrainingClass) -> Facts:
    """A class as a request would say it."""
    village, programme = found.village, found.programme
    return Facts(
        class_code=found.code,
        project=found.project.code,
        project_name=found.project_name,
        trade=found.project.trade.code,
        village=village.code,
        village_name=village_name(village),
        place=found.place,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        trainer=found.trainer_id,
        trainer_name=str(found.trainer),
        programme=programme.code if programme else "",
        programme_name=programme.name if programme else "",
        sessions=tuple(
            said.Planned(s.held_on, s.starts_at, s.kind, s.minutes, s.topic)
            for s in found.sessions.order_by("number")
        ),
    )


def village_name(village: Division) -> str:
    return f"{village.parent.name} {village.name}" if village.parent else village.name


def open_from(proposal: Proposal, by: User) -> TrainingClass:
    """Open the class just as it was approved. Raises ValidationError.

    Everything that is asked of a class is asked again: the designation, the rules, the programme.
    """
    request = approved_request(proposal.class_code)
    if request is None or request.number != proposal.number:
        raise ValidationError(
            "这份申请没有获批，或班已开 / this request is not approved, or its class is open already"
        )
    facts = facts_of(request)
    trainer = User.objects.filter(pk=facts.trainer, is_active=True).first()
    if trainer is None:
        raise ValidationError(
            "申请中的教师账号已停用，请另行申请 / the trainer's account is closed: ask anew"
        )
    return open_class(
        project=Project.objects.get(code=facts.project),
        code=facts.class_code,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        village=Division.objects.get(code=facts.village),
        place=facts.place,
        trainer=trainer,
        programme=Programme.objects.filter(code=facts.programme).first(),
        sessions=[PlannedSession(**vars(planned)) for planned in facts.sessions],
        opened_on=timezone.localdate(),
    )
