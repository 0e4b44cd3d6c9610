"""Compare what a village liaison has kept with the log: is it there, unchanged, with all before it?"""

from dataclasses import dataclass

from courses.fieldlog.models import Device, FieldEvent, Reading
from courses.fieldlog.rules.codes import Witness, base32, starts_between
from courses.fieldlog.rules.envelope import hash_of
from courses.fieldlog.services.receipts import arrived


@dataclass(frozen=True)
class Answer:
    """`state` is `whole`, `gaps`, `broken`, `other`, `damaged` or `unknown`.

    `broken`: the numbers are all here, but one does not follow from the one before it. `other`: the
    phone has written something else under this number. `may_come` are phones whose number has not
    arrived yet, when nothing is known of it.
    """

    state: str
    event: FieldEvent | None = None
    reading: Reading | None = None
    gaps: tuple[tuple[int, int], ...] = ()
    broken: tuple[int, ...] = ()
    may_come: tuple[Device, ...] = ()


def look_up(witness: Witness) -> Answer:
    found = _find(witness)
    if found is None:
        return _not_here(witness)
    if hash_of(found.body) != bytes(found.hash):
        return Answer("damaged", found)
    assert found.device is not None
    assert found.seq is not None
    reading = Reading.objects.filter(event=found).select_related("session__training_class").first()
    gaps = tuple(_below(arrived(found.device).gaps, found.seq))
    wrong = (
        Reading.objects.filter(event__device=found.device, event__seq__lte=found.seq)
        .filter(chain_wrong=True)
        .order_by("event__seq")
        .values_list("event__seq", flat=True)[:50]
    )
    broken = tuple(number for number in wrong if number)
    state = "gaps" if gaps else "broken" if broken else "whole"
    return Answer(state, found, reading, gaps, broken)


def _find(witness: Witness) -> FieldEvent | None:
    events = FieldEvent.objects.filter(device__isnull=False).select_related("device__trainer")
    if witness.hash:
        found = events.filter(hash=bytes.fromhex(witness.hash)).first()
        if found is None or witness.seq not in (None, found.seq):
            return None
        return found
    low, high = starts_between(witness.letters)
    for event in events.filter(seq=witness.seq, hash__gte=low, hash__lte=high):
        if base32(bytes(event.hash), len(witness.letters)) == witness.letters:
            return event
    return None


def _below(gaps: list[tuple[int, int]], seq: int) -> list[tuple[int, int]]:
    return [(first, min(last, seq - 1)) for first, last in gaps if first < seq]


def _not_here(witness: Witness) -> Answer:
    if witness.seq is None:
        return Answer("unknown")
    devices = list(Device.objects.select_related("trainer"))
    if witness.device:
        devices = [each for each in devices if str(each.uuid).startswith(witness.device)]
        under = FieldEvent.objects.filter(device__in=devices, seq=witness.seq)
        if other := under.select_related("device__trainer").first():
            return Answer("other", other)
    waiting = [
        each
        for each in devices
        if (each.claimed_seq < witness.seq and witness.device)
        or any(first <= witness.seq <= last for first, last in arrived(each).gaps)
    ]
    return Answer("unknown", may_come=tuple(waiting[:20]))
