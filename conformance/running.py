"""What does a service give for each of the W3C's tests?"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from conformance import description
from conformance.conversation import Conversation
from conformance.suite import DESCRIPTION, Case, read
from conformance.target import NoAnswer, Target


class Outcome(NamedTuple):
    """How a test went; the reason is empty where it passed."""

    section: str
    name: str
    passed: bool
    reason: str


def run(target: Target, suite: Path) -> Iterator[Outcome]:
    """Yield the outcome of each test; what the service held is lost, for some tests empty it."""
    for case in read(suite):
        reason = _reason(target, case)
        yield Outcome(case.section, case.name, not reason, reason)


def _reason(target: Target, case: Case) -> str:
    try:
        if case.section == DESCRIPTION:
            return description.objection(target, case.name)
        return Conversation(target, case).hold()
    except NoAnswer as nothing:
        return str(nothing)
