"""Whose word counts how much, how long links live, and what the holder allows. Pure."""

from datetime import datetime, timedelta

from certificates.rules.employment import EVIDENCE as LEVELS

#: An employer that was reached by its own number has confirmed; anybody else has only said so.
EVIDENCE = {
    "register": "employer_confirmed",
    "public": "employer_confirmed",
    "claim": "liaison_call",
}
CONFIRM_LINK_LIVES = timedelta(days=7)
WORKER_LINK_LIVES = timedelta(days=60)
#: Wrong last-four guesses that a worker's link bears: 5 in 10,000 (11,000 with X).
MOST_WRONG = 5
#: Claims of one certificate that may wait at the same time.
MOST_OPEN = 3

#: What the holder agrees to, by version: whoever changes the words adds a version.
CONSENT_TEXTS = {
    "2026-1": (
        (
            "我同意培训基地把我的联系电话提供给“{employer}”，只用于核实就业和联系工作。我可以随时撤回，"
            "撤回后该单位不能再在这里看到。"
        ),
        (
            "I agree that the training base shows my phone number to {employer}, to confirm my work and to"
            " reach me about it. I can take this back at any time; the employer then no longer sees it here."
        ),
    )
}
CONSENT_VERSION = "2026-1"


def evidence_of(reached: str) -> str:
    """The evidence level of an employer's word that came by the number `reached`."""
    return EVIDENCE[reached]


def fault_of_link(now: datetime, expires_at: datetime, used_at: datetime | None) -> str:
    """Why a link can no longer be used: `used`, `expired`, or nothing."""
    if used_at is not None:
        return "used"
    return "expired" if now >= expires_at else ""


def may_overrule(evidence: str, old: str) -> bool:
    """Whether a word of this level replaces one of the level `old` with nobody of the base between."""
    return evidence == "employer_confirmed" and LEVELS.index(evidence) >= LEVELS.index(old)
