"""Tell the holder what was said of the work, and take what the holder says against it."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates.employment.models import WorkerLink
from certificates.employment.rules import MOST_WRONG, WORKER_LINK_LIVES
from certificates.models import Objection, Outcome
from certificates.services.outcomes import object_to
from tenants import crypto
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.outbox.channels import way_to
from tenants.outbox.services import send_message


class NoWay(ValidationError):
    """The link does not open; the text says why and what to do."""


def _digest(token: str) -> bytes:
    return crypto.keyed_digest(token, "employment/worker", current_tenant().uuid.bytes)


@transaction.atomic
def tell(outcome: Outcome) -> WorkerLink | None:
    """Write to the holder's phone what is on record now; None without a phone number."""
    trainee = outcome.certificate.trainee
    if not trainee.phone.strip():
        return None
    token = secrets.token_urlsafe(16)
    link = WorkerLink.objects.create(
        trainee=trainee,
        outcome=outcome,
        digest=_digest(token),
        expires_at=timezone.now() + WORKER_LINK_LIVES,
    )
    base = current_tenant()
    address = absolute(base, f"/mine/{token}/")
    text = (
        f"{trainee.name}，{_words(outcome)}。不是这样？请点开告诉我们：{address}"
        f"（需要身份证号后四位，60 天内有效）{base.name} {base.phone}"
    )
    send_message(trainee.phone, "就业登记", text.strip(), way_to(trainee.phone), secret=token)
    return link


def _words(outcome: Outcome) -> str:
    if outcome.ends:
        return f"“{outcome.ends.employer}”登记您已于 {outcome.ended_on} 离职"
    firm = f"在“{outcome.employer}”" if outcome.employer else ""
    return f"您的就业情况已登记为：{firm}{outcome.get_kind_display()}，自 {outcome.started_on} 起"


def find_link(token: str) -> WorkerLink:
    """The link, while it lives and was not guessed at. Raises NoWay."""
    link = WorkerLink.objects.filter(digest=_digest(token)).select_related("trainee").first()
    base = current_tenant()
    ask = f"请电话联系{base.name} {base.phone} / call {base.name} {base.phone}"
    if link is None or timezone.now() >= link.expires_at:
        raise NoWay(f"链接已过期或不完整，{ask}: the link is too old or incomplete")
    if link.wrong >= MOST_WRONG:
        raise NoWay(f"输错次数过多，链接已停用，{ask}: too many wrong tries")
    return link


def unlock(token: str, last4: str) -> WorkerLink:
    """Open the link with the last four of the resident ID. Raises NoWay, and counts what was wrong.

    The count is committed before the answer: tries beside each other are counted all.
    """
    link = find_link(token)
    with transaction.atomic():
        locked = WorkerLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if locked.wrong >= MOST_WRONG:
            return find_link(token)
        right = secrets.compare_digest(
            last4.strip().upper().encode(), link.trainee.id_last4.upper().encode()
        )
        if right:
            locked.opened_at = locked.opened_at or timezone.now()
        else:
            locked.wrong += 1
        locked.save(update_fields=["opened_at", "wrong"])
    if right:
        return link
    find_link(token)
    raise NoWay("后四位不对，请再看一遍身份证 / these are not the last four of the ID: look again")


def own_outcomes(link: WorkerLink) -> list[Outcome]:
    """Everything that was said of the holder's work at this base, the latest first."""
    found = Outcome.objects.filter(certificate__trainee_id=link.trainee_id)
    return list(
        found.select_related("certificate", "ends")
        .prefetch_related("objections", "replaced_by", "ended_by")
        .order_by("-id")
    )


def object_by_link(link: WorkerLink, outcome_id: int, text: str) -> Objection:
    """The holder objects to one of the rows. Raises ValidationError."""
    found = next((row for row in own_outcomes(link) if row.pk == outcome_id), None)
    if found is None:
        raise ValidationError("没有这条记录，请刷新页面 / no such row: load the page anew")
    if found.replaced_by.exists():
        raise ValidationError("这条记录已经更正 / this row was corrected already")
    return object_to(found, text)
