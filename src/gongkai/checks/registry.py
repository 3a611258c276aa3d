"""How a check is declared, and how one is run.

A check is one generator function that takes a :class:`~gongkai.checks.subject.Subject` and yields
:class:`~gongkai.checks.finding.Fault`; the decorator adds what is true of every finding of that check::

    @check("t4.total", severity="error", basis="{format}:t4", title="表四各组：四种结果之和等于总计", editions=STATUTORY)
    def total(subject: Subject) -> Iterator[Fault]:
        '''What the check looks at, and which innocent causes it lets pass.'''
        ...

The decorated name is the :class:`Check` itself, so a room's checks are what stands in its modules, in the order they are
written. A house test walks the room and fails on a check without docstring, passing case or failing case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from gongkai.checks.finding import SEVERITIES, Fault, Finding
from gongkai.checks.subject import Subject

# Editions that print the three statutory tables (two, three and four).
STATUTORY = ("2021", "2019")

NEEDS = ("edition", "year", "scope", "previous", "predecessor", "siblings", "units")

Function = Callable[[Subject], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Check:
    """A declared check. ``needs`` names what the subject must have, ``editions`` the forms that it speaks of (``None``: all)."""

    code: str
    severity: str
    basis: str
    title: str
    function: Function
    editions: tuple[str, ...] | None = None
    needs: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """The docstring of the function."""
        return self.function.__doc__ or ""

    def applies(self, subject: Subject) -> bool:
        """Whether the subject has all that the check needs."""
        if self.editions is not None and (
            subject.edition is None or not {subject.edition.edition, *subject.edition.like} & set(self.editions)
        ):
            return False
        return all(subject.has(need) for need in self.needs)

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """What the check finds on that subject; nothing when it does not apply."""
        if not self.applies(subject):
            return
        for fault in self.function(subject):
            basis = (fault.basis or self.basis).replace("{format}", subject.format_basis)
            yield Finding(self.code, fault.severity or self.severity, fault.message, basis, fault.cells, fault.quote)


def check(
    code: str,
    *,
    severity: str,
    basis: str,
    title: str,
    editions: tuple[str, ...] | None = None,
    needs: tuple[str, ...] = (),
) -> Callable[[Function], Check]:
    """Declare a check. ``{format}`` in ``basis`` stands for the edition of the report, ``format-2021`` for instance."""
    if severity not in SEVERITIES:
        raise ValueError(f"unknown severity: {severity}")
    if not set(needs) <= set(NEEDS):
        raise ValueError(f"unknown need of {code}: {needs}")

    def declare(function: Function) -> Check:
        return Check(code, severity, basis, title, function, editions, needs)

    return declare


def checks_in(module: ModuleType) -> list[Check]:
    """The checks that a module declares, in the order they are written."""
    return [value for value in vars(module).values() if isinstance(value, Check)]
