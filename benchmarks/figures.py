"""What was measured, and is it good enough?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median, quantiles
from typing import NamedTuple

Tell = Callable[[str], None]
"""Told what is being measured."""

RATE, QUERIES, TIMES = "requests/s", "queries/s", "times"

GROWING = frozenset({RATE, QUERIES, TIMES})
"""The units of which more is better; of all others less is."""


class Floor(NamedTuple):
    """What a figure has to stay below, or may just reach; one that is the least it has to reach that."""

    limit: float
    may_be_reached: bool = False
    is_least: bool = False

    def is_kept(self, value: float) -> bool:
        """Say whether a value is good enough."""
        if self.is_least:
            return value >= self.limit
        return value <= self.limit if self.may_be_reached else value < self.limit

    def __str__(self) -> str:
        sign = "≥" if self.is_least else "≤" if self.may_be_reached else "<"
        return f"{sign} {self.limit:g}"


class Figure(NamedTuple):
    """Something measured in several runs.

    `who`: the server that was measured, where several were. `fault`: why it does not count, if it does not.
    """

    part: str
    what: str
    unit: str
    runs: tuple[float, ...]
    floor: Floor | None = None
    who: str = ""
    fault: str = ""

    @property
    def name(self) -> str:
        """What was measured, and of whom."""
        return f"{self.what}, {self.who}" if self.who else self.what

    @property
    def value(self) -> float:
        """The best run."""
        return max(self.runs) if self.unit in GROWING else min(self.runs)

    @property
    def is_missed(self) -> bool:
        """Whether even the best run does not keep the floor, or none counts."""
        return self.floor is not None and (bool(self.fault) or not self.floor.is_kept(self.value))

    @property
    def verdict(self) -> str:
        """What to say of the floor."""
        if self.fault:
            return f"INVALID ({self.fault})"
        if self.floor is None:
            return ""
        return "MISSED" if self.is_missed else "met"

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return {
            "part": self.part,
            "what": self.what,
            "who": self.who,
            "unit": self.unit,
            "best": self.value,
            "runs": list(self.runs),
            "floor": self.floor and self.floor.limit,
            "met": None if self.floor is None else not self.is_missed,
            "fault": self.fault,
        }


class Spread(NamedTuple):
    """How long most took: half of them less than `p50`, 19 of 20 less than `p95`."""

    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Spread":
        """Return the spread of some times, in milliseconds.

        >>> Spread.of([0.001] * 19 + [1.0, 2.0]).p50
        1.0
        """
        return cls(median(seconds) * 1000, quantiles(seconds, n=20)[-1] * 1000)


def spread(
    part: str,
    what: str,
    runs: Iterable[Spread],
    *,
    p50: Floor | None = None,
    p95: Floor | None = None,
) -> Iterator[Figure]:
    """Yield what half of the times and 19 of 20 stay below."""
    fifty, ninety_five = zip(*runs, strict=True)
    yield Figure(part, f"{what}, p50", "ms", fifty, p50)
    yield Figure(part, f"{what}, p95", "ms", ninety_five, p95)


HEAD = ("part", "what", "best", "unit", "floor", "", "runs")


def table(figures: Sequence[Figure]) -> str:
    """Return figures as a table for a person."""
    rows = [HEAD, *map(_row, figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(_cells(row, widths)).rstrip() for row in rows)


def _row(figure: Figure) -> tuple[str, ...]:
    runs = " ".join(map(number, figure.runs)) if len(figure.runs) > 1 else ""
    floor = str(figure.floor) if figure.floor else ""
    return figure.part, figure.name, number(figure.value), figure.unit, floor, figure.verdict, runs


def _cells(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for index, (text, width) in enumerate(zip(row, widths, strict=True)):
        yield text.rjust(width) if HEAD[index] == "best" else text.ljust(width)


def number(value: float) -> str:
    """Return a number with three digits that count.

    >>> number(0.12345), number(12.345), number(1234.5)
    ('0.123', '12.3', '1,234')
    """
    digits = 3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f}"
