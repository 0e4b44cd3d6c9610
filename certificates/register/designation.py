"""What the centre's history says of the base that has issued a certificate: on that day, and today."""

from dataclasses import dataclass
from datetime import date

from certificates.register.models import RegisterEntry
from tenants.designations.models import TrainingBase
from tenants.designations.rules import WORDS, Terms, last_against, standing_on, terms_on
from tenants.designations.services import history

Line = tuple[str, str]
DESIGNATED, ENDED, AGAINST, NONE = "designated", "ended", "against", "none"


@dataclass(frozen=True)
class Designation:
    """`state` decides what the page shows beside the status: designated then and today; expired or
    taken away since; none on record for the day of issue, which is never green. Texts are (zh, en).
    """

    state: str
    verdict: Line
    then: Line
    now: Line | None = None

    @property
    def lines(self) -> list[Line]:
        return [self.then, *([self.now] if self.now else [])]


def designation_of(entry: RegisterEntry, today: date) -> Designation:
    base = TrainingBase.objects.filter(tenant_id=entry.tenant_id).first()
    steps = history(base) if base else []
    terms = terms_on(steps, entry.issued_on)
    if terms is None:
        return Designation(NONE, _NONE, _none(entry))
    then = _then(entry, terms)
    if against := last_against(steps, today):
        zh, en = WORDS[against.state]
        now = (
            f"该基地现在{zh}（{against.document}），此前签发的证书不受影响。",
            f"As of today the base {en} ({against.document}); certificates issued before stay as they are.",
        )
        return Designation(AGAINST, (f"发证基地{zh}", f"The issuer {en}"), then, now)
    ended = (standing_on(steps, today).terms or terms).ends_on
    if ended < today:
        now = (
            f"该基地的认定已于 {ended} 到期，此前签发的证书不受影响。",
            f"The designation of the base expired on {ended}; certificates issued before stay as they are.",
        )
        return Designation(ENDED, _ENDED, then, now)
    return Designation(DESIGNATED, _DESIGNATED, then)


def _then(entry: RegisterEntry, terms: Terms) -> Line:
    day, name = entry.issued_on, entry.tenant.name
    if terms.ends_on < day:
        return (
            (
                f"{name}是服务中心认定的培训基地（{terms.document}），认定于 {terms.ends_on} 到期；"
                f"{day} 为到期前开办的班发证。"
            ),
            (
                f"The issuer was a designated training base ({terms.document}) until {terms.ends_on}; on {day}"
                " it certified a class that was opened before."
            ),
        )
    return (
        (
            f"发证之日（{day}）{name}是服务中心认定的培训基地"
            f"（{terms.document}，有效期 {terms.starts_on} 至 {terms.ends_on}）。"
        ),
        (
            f"On the day of issue ({day}) the issuer was a designated training base"
            f" ({terms.document}, from {terms.starts_on} to {terms.ends_on})."
        ),
    )


def _none(entry: RegisterEntry) -> Line:
    day = entry.issued_on
    return (
        f"登记簿中没有 {entry.tenant.name} 在发证之日（{day}）的认定，请询问服务中心。",
        f"No designation of the issuer is on record for the day of issue ({day}); ask the service centre.",
    )


_DESIGNATED = ("发证基地已认定", "The issuer is designated")
_ENDED = ("发证基地的认定已到期", "The issuer's designation has expired")
_NONE = ("登记在册，但发证之日无认定", "On record, but not by a designated base on that day")
