"""What does `python -m conformance` do?

A line for each service goes to standard output, below it the tests that fail. The exit code is 0 when the playground,
or the service that `--address` names, passes all.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple

import click

from conformance import services
from conformance.reasons import REASONS
from conformance.running import Outcome, run
from conformance.suite import is_there
from conformance.target import Target

BESIDE_CHECKOUT = Path(__file__).parents[2] / "rdf-tests"
HOW_TO_GET_IT = "git clone --depth 1 https://github.com/w3c/rdf-tests"


class Service(NamedTuple):
    """What is tested: its name, how it is served, and why some tests need not pass."""

    name: str
    serve: AbstractContextManager[Target]
    reasons: Mapping[str, str] = {}


class Report(NamedTuple):
    """What a service gave."""

    service: Service
    outcomes: list[Outcome]

    @property
    def failures(self) -> list[Outcome]:
        """The tests that did not pass."""
        return [outcome for outcome in self.outcomes if not outcome.passed]

    def lines(self) -> Iterator[str]:
        """Yield the report as a person reads it."""
        yield f"{self.service.name}: {', '.join(self._sections())}"
        for failure in self.failures:
            foreseen = self.service.reasons.get(failure.name)
            yield f"  {failure.name}: {f'{foreseen} ({failure.reason})' if foreseen else failure.reason}"

    def as_json(self) -> Iterator[dict[str, object]]:
        """Yield the report as a program reads it."""
        for outcome in self.outcomes:
            foreseen = "" if outcome.passed else self.service.reasons.get(outcome.name, "")
            yield {"service": self.service.name, **outcome._asdict(), "foreseen": foreseen}

    def _sections(self) -> Iterator[str]:
        for section in dict.fromkeys(outcome.section for outcome in self.outcomes):
            passed = [outcome.passed for outcome in self.outcomes if outcome.section == section]
            yield f"{section} {sum(passed)}/{len(passed)}"


@click.command(
    epilog="\b\nExamples:\n  python -m conformance\n  python -m conformance --address http://127.0.0.1:8000 --token T"
)
@click.option(
    "--suite",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="RDF_TESTS",
    default=BESIDE_CHECKOUT,
    show_default="RDF_TESTS, or rdf-tests beside the checkout",
    help="A checkout of github.com/w3c/rdf-tests.",
)
@click.option("--address", help="Test this service, which loses its data; without it a playground and a catalogue.")
@click.option("--token", help="What that service wants from those who write.")
@click.option("--json", "as_json", is_flag=True, help="Write the outcome of each test as JSON.")
def main(suite: Path, address: str | None, token: str | None, as_json: bool) -> None:
    """Ask a service all that the W3C's tests of SPARQL 1.1 ask over HTTP."""
    if not is_there(suite):
        raise click.ClickException(f"The W3C's tests are not in {suite}. Get them: {HOW_TO_GET_IT} {suite}")
    reports = []
    for service in _services(address, token):
        reports.append(_test(service, suite))
        if not as_json:
            click.echo("\n".join(reports[-1].lines()))
    if as_json:
        click.echo(json.dumps([outcome for report in reports for outcome in report.as_json()], indent=2))
    sys.exit(bool(reports[0].failures))


def _services(address: str | None, token: str | None) -> Iterator[Service]:
    if address:
        yield Service(address, nullcontext(Target(address.rstrip("/"), token)))
    else:
        yield Service("playground", services.playground())
        yield Service("catalogue", services.catalogue(), REASONS)


def _test(service: Service, suite: Path) -> Report:
    try:
        with service.serve as target:
            return Report(service, list(run(target, suite)))
    except services.NotServed as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
