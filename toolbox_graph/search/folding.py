"""How does the index stay in few parts?

Each change adds a part of its own. The library joins parts when there are eight of a size, and in a small catalogue
that is all of them: every eighth change would wait for it. So before it comes to that, a change notes again what the
few before it noted, in its own part, and theirs are empty and fall away.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

FILE = "recent.json"

PARTS = 4
"""Parts of recent changes that are folded into one."""

LARGEST = 30
"""Things that are worth being noted again; a larger part is left as it is, for the library to join."""


class Recent(NamedTuple):
    """The things that recent changes noted, a list for each part."""

    parts: list[list[str]]

    @classmethod
    def read(cls, folder: Path) -> "Recent":
        """Return what an index keeps of it."""
        path = folder / FILE
        return cls(json.loads(path.read_text()) if path.exists() else [])

    def write(self, folder: Path) -> None:
        """Keep it beside the index."""
        (folder / FILE).write_text(json.dumps(self.parts))

    def and_then(self, noted: Iterable[str]) -> "Recent":
        """Return this after a change that notes some things, and perhaps those of the parts before again.

        >>> Recent([["a"], ["b"], ["c"]]).and_then(["d"]).parts
        [['a', 'b', 'c', 'd']]
        """
        parts = [*self.parts, sorted(noted)]
        if len(parts) >= PARTS:
            parts = [sorted({thing for part in parts for thing in part})]
        return Recent([part for part in parts if len(part) <= LARGEST])
