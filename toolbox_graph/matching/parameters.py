"""By which numbers does the matcher decide? They stand in `parameters.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("parameters.toml")


class Parameters(NamedTuple):
    """The numbers."""

    scores: Mapping[str, float]
    names: Mapping[str, float]
    weights: Mapping[str, float]


@cache
def parameters() -> Parameters:
    """Return the numbers."""
    return Parameters(**tomllib.loads(FILE.read_text(encoding="utf-8")))
