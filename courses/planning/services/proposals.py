"""A clerk writes a request, a manager sends it, the centre decides, the base opens the class from it."""

import hashlib
import io
import uuid
from dataclasses import dataclass, replace
from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.models import Project, TrainingClass
from courses.planning.models import Proposal
from courses.planning.services import tell
from courses.planning.services.calendar import conflicts_of_facts
from courses.planning.services.changes import carry_out
from courses.planning.services.opening import facts_of_class
from courses.requests.facts import Facts, Planned, differences, facts_from
from courses.requests.models import ClassRequest
from courses.requests.rules.steps import in_time
from courses.requests.services.policies import terms_on
from courses.requests.services.steps import By, send, take_step
from courses.roster import read_roster
from courses.services.classes import (
    PlannedSession,
    opening_verdicts,
    plan_faults,
    rule_set_on,
)
from tenants.current import current_tenant
from tenants.models import Tenant
from tenants.staff.models import User
from tenants.verdict import faults_of


@dataclass(frozen=True)
class Checked:
    """What a look at a roster gave. The file itself is not kept, and nobody in it leaves the base."""

    good: int
    bad: int
    sha256: str


def check_roster(content: bytes) -> Checked:
    """Judge every line as an import would. Raises RosterError when it is no roster."""
    rows = read_roster(io.BytesIO(content), timezone.localdate())
    good = sum(row.verdict != "reject" for row in rows)
    return Checked(good, len(rows) - good, hashlib.sha256(content).hexdigest())


def with_roster(facts: Facts, checked: Checked, by: User, on: date) -> Facts:
    return replace(
        facts,
        people=checked.good,
        roster_bad=checked.bad,
        roster_sha256=checked.sha256,
        roster_by=str(by),
        roster_on=on,
    )


def request_of(proposal: Proposal) -> ClassRequest | None:
    """The centre's row of it, once it was sent."""
    if not proposal.number:
        return None
    rows = ClassRequest.objects.filter(tenant_id=current_tenant().pk)
    return rows.filter(number=proposal.number).first()


def may_edit(proposal: Proposal, request: ClassRequest | None) -> bool:
    """While it is the base's to write: not yet sent, or sent back."""
    if proposal.state in (Proposal.State.DRAFT, Proposal.State.ASKED):
        return True
    return request is not None and request.state == "returned"


@transaction.atomic
def write(
    facts: Facts,
    by: User,
    *,
    proposal: Proposal | None = None,
    edition: str = "",
    training_class: TrainingClass | None = None,
) -> Proposal:
    """Keep what was written. `edition` is the one that it was written over.

    Raises ValidationError when somebody else has written meanwhile, or the request has gone on.
    """
    if training_class is None:  # of a class that is there, the place of a session is its number
        facts = replace(facts, sessions=tuple(sorted(facts.sessions, key=_when)))
    if proposal is None:
        if training_class is None and (same := _the_same(facts)):
            return same  # sent twice
        kind = Proposal.Kind.CHANGE if training_class else Proposal.Kind.OPENING
        made: Proposal = Proposal.objects.create(
            kind=kind,
            training_class=training_class,
            class_code=facts.class_code,
            facts=facts.as_json(),
            made_by=by,
        )
        return made
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if edition and str(locked.edition) != edition:
        changed = differences(facts_from(locked.facts), facts)
        listed = "、".join(line[0] for line in changed) or "—"
        raise ValidationError(
            f"{locked.updated_at:%H:%M} 有人改过这份申请，与您的不同：{listed}。请重新打开后再改"
            " / somebody has changed this request meanwhile: open it again, then change it"
        )
    if not may_edit(locked, request_of(locked)):
        raise ValidationError("申请已送审，不能再改 / it was sent: it can no longer be changed")
    locked.facts, locked.class_code = facts.as_json(), facts.class_code
    locked.state = Proposal.State.DRAFT
    locked.edition = uuid.uuid4()
    locked.save()
    return locked


def _the_same(facts: Facts) -> Proposal | None:
    """A draft that says just this. The tenant's row is locked, so that of two the second one sees the first."""
    Tenant.objects.select_for_update().get(pk=current_tenant().pk)
    drafts = Proposal.objects.filter(kind="opening", state=Proposal.State.DRAFT, number="")
    return drafts.filter(class_code=facts.class_code, facts=facts.as_json()).first()


def _when(planned: Planned) -> tuple[date, time]:
    return planned.held_on, planned.starts_at


def faults_of_facts(proposal: Proposal) -> list[str]:
    """What stands against sending it, in Chinese and English; empty when nothing does."""
    facts, on = facts_from(proposal.facts), timezone.localdate()
    terms = terms_on(current_tenant(), on)
    first = facts.starts_on
    if proposal.kind == Proposal.Kind.CHANGE:
        first = first_day_concerned(proposal, facts)
    faults = faults_of([in_time(terms, proposal.kind, first, on)])
    if proposal.kind == Proposal.Kind.CHANGE:
        return faults + ([] if facts.reason else ["请写明理由 / say why"])
    if TrainingClass.objects.filter(code__iexact=facts.class_code).exists():
        faults.append("班次代码已用过，请换一个 / the code of the class is taken: choose another")
    if not facts.people:
        faults.append("请先上传花名册核对 / upload the roster first, to have it checked")
    project = Project.objects.filter(code=facts.project).select_related("trade").first()
    if project is None:
        return [*faults, "培训项目已不存在 / the project is gone"]
    faults += faults_of(opening_verdicts(project, facts.starts_on, facts.ends_on, on))
    plan = [PlannedSession(**vars(planned)) for planned in facts.sessions]
    limit = rule_set_on(on).minutes_per_day
    return faults + plan_faults(project, facts.starts_on, facts.ends_on, plan, limit)


def first_day_concerned(proposal: Proposal, facts: Facts) -> date:
    """The first day that a change touches, as it was or as it shall be."""
    assert proposal.training_class is not None  # by its constraint
    before = facts_of_class(proposal.training_class)
    days = [
        day
        for one, other in zip(before.sessions, facts.sessions, strict=True)
        if one != other
        for day in (one.held_on, other.held_on)
    ]
    rest = (before.place, before.village, before.trainer)
    if rest != (facts.place, facts.village, facts.trainer):
        today = timezone.localdate()
        days += [planned.held_on for planned in before.sessions if planned.held_on >= today]
    return min(days, default=facts.ends_on)


@transaction.atomic
def ask(proposal: Proposal) -> None:
    """The clerk has done: the manager may send it. Raises ValidationError for what cannot be sent."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not may_edit(locked, request_of(locked)):
        raise ValidationError("申请已送审 / it was sent already")
    if faults := faults_of_facts(locked):
        raise ValidationError(faults)
    Proposal.objects.filter(pk=locked.pk).update(state=Proposal.State.ASKED)


@transaction.atomic
def send_on(proposal: Proposal, by: User) -> ClassRequest:
    """To the centre, with what stands against it as notes. Raises ValidationError."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not may_edit(locked, request_of(locked)):
        raise ValidationError("申请已送审 / it was sent already")
    if faults := faults_of_facts(locked):
        raise ValidationError(faults)
    facts, before = facts_from(locked.facts), None
    if locked.training_class is not None:
        before = facts_of_class(locked.training_class)
    request = send(
        current_tenant(),
        locked.kind,
        facts,
        By(str(by), by.username),
        before=before,
        notes=[
            [f"{each.day} {each.zh}", f"{each.day} {each.en}"] for each in conflicts_of_facts(facts)
        ],
        number=locked.number,
    )
    locked.state, locked.number = Proposal.State.SENT, request.number
    locked.save(update_fields=["state", "number"])
    tell.centre(current_tenant(), request, "送审")
    return request


@transaction.atomic
def withdraw(proposal: Proposal, by: User, reason: str) -> None:
    """Take back what the centre has; a draft that was never sent is dropped. Raises ValidationError."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    request = request_of(locked)
    if request is None:
        Proposal.objects.filter(pk=locked.pk).update(state=Proposal.State.DROPPED)
        return
    if request.kind == "opening" and request.state == "carried":
        raise ValidationError("班已开，不能撤回 / the class is open: it cannot be withdrawn")
    done = take_step(request.number, "withdraw", By(str(by), by.username), reason=reason)
    tell.centre(current_tenant(), done, "撤回")


def carry_change(number: str, facts: Facts, by: By) -> None:
    """Inside the base, in the transaction of the approval: the class becomes what was approved."""
    proposal = Proposal.objects.filter(number=number).select_related("training_class").first()
    if proposal is None or proposal.training_class is None:
        raise ValidationError("基地没有这份申请 / the base does not have this request")
    carry_out(proposal.training_class, facts, by, number)
