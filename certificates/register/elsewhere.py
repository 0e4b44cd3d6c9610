"""The registers of other cells: one certificate a person and project across all of them.

Two cells cannot share a unique constraint. Whoever issues holds a lock of the first cell that the
file of cells lists, and looks into every other register; a register that does not answer refuses.
"""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from certificates.register.models import RegisterEntry
from tenants import cells
from tenants.cells import Cell
from tenants.verdict import Verdict

SECONDS = 5  # for a register of another cell to answer


class Unreachable(RuntimeError):
    """Another cell's register did not answer; the text is the cell's name."""


def _connect(cell: Cell) -> psycopg.Connection:
    try:
        return psycopg.connect(cell.database, connect_timeout=SECONDS)
    except psycopg.Error as error:
        raise Unreachable(cell.name) from error


def certified_elsewhere(persons: Collection[bytes], project_key: str) -> dict[bytes, str]:
    """Numbers of valid certificates of the project in other cells, by person.

    Raises Unreachable.
    """
    found: dict[bytes, str] = {}
    for cell in cells.others():
        if not cell.database:
            continue
        try:
            with _connect(cell) as link:
                rows = link.execute(
                    f"SELECT person, number FROM public.{RegisterEntry._meta.db_table} "
                    "WHERE status = 'valid' AND project_key = %s AND person = ANY(%s)",
                    [project_key, list(persons)],
                ).fetchall()
        except psycopg.Error as error:
            raise Unreachable(cell.name) from error
        found |= {bytes(person): number for person, number in rows}
    return found


@contextmanager
def one_at_a_time(person: bytes, project_key: str) -> Iterator[None]:
    """Hold the person and project in all cells until the block ends. Raises Unreachable.

    Enter it before the transaction that issues, so that it outlives the commit.
    """
    listed = list(cells.all_cells().values())
    arbiter = next((cell for cell in listed if cell.database), None)
    if len(listed) < 2 or arbiter is None:
        yield
        return
    text = b"certificate\0" + person + b"\0" + project_key.encode()
    number = int.from_bytes(hashlib.sha256(text).digest()[:8], "big", signed=True)
    with _connect(arbiter) as link:
        try:
            link.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        except psycopg.Error as error:
            raise Unreachable(arbiter.name) from error
        yield


def silent(cell: str) -> Verdict:
    """The refusal while another cell's register does not answer."""
    return Verdict(
        rule="other_registers",
        ok=False,
        value=cell,
        threshold="—",
        source="—",
        zh=f"分区“{cell}”的登记簿没有应答，无法排除重复发证，请稍后再试，或请运维检查",
        en=f"the register of the cell {cell} does not answer, so that a second certificate cannot be "
        "ruled out: try again later, or ask an operator",
    )


@dataclass(frozen=True)
class Held:
    """A certificate that another register answers for; `address` is where, empty when nobody knows."""

    number: str
    project: str
    address: str


def held_elsewhere(person: bytes) -> tuple[list[Held], list[str]]:
    """Certificates of the person in the registers of other cells, and the cells that do not answer."""
    found: list[Held] = []
    unheard: list[str] = []
    for cell in cells.others():
        if not cell.database:
            continue
        try:
            with _connect(cell) as link:
                rows = link.execute(
                    "SELECT number, code, claims->>'project_name' "
                    f"FROM public.{RegisterEntry._meta.db_table} "
                    "WHERE status <> 'moved' AND person = %s ORDER BY id",
                    [person],
                ).fetchall()
        except (psycopg.Error, Unreachable):
            unheard.append(cell.name)
            continue
        centre = cell.centre.rstrip("/")
        found += [
            Held(n, project or "", f"{centre}/c/{c}" if centre else "") for n, c, project in rows
        ]
    return found, unheard
