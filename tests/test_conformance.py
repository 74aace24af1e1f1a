"""What the W3C's suites find, where a copy of them is at hand."""

import os
from pathlib import Path

import pytest

from conformance import services
from conformance.__main__ import BESIDE_CHECKOUT
from conformance.running import run
from conformance.suite import is_there


def test_a_playground_passes_the_suites_of_the_w3c() -> None:
    suite = Path(os.environ.get("RDF_TESTS", BESIDE_CHECKOUT))
    if not is_there(suite):
        pytest.skip("needs RDF_TESTS, a checkout of github.com/w3c/rdf-tests")
    with services.playground() as target:
        outcomes = list(run(target, suite))
    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == 50
