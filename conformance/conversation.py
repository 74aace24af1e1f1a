"""How does one test of a protocol go: what is there before, the requests, what is removed after?"""

from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote, urljoin

from conformance.judging import objection
from conformance.suite import Case, Request
from conformance.target import READING, Answer, Target

STORE = "/gsp"
"""The path of the graph store in the manifests."""


class Conversation:
    """One test on its way, with the values that answers gave to the names in later requests."""

    def __init__(self, target: Target, case: Case) -> None:
        self.target = target
        self.case = case
        self.values: dict[str, str] = {}

    def hold(self) -> str:
        """Return what went wrong, or nothing; the graphs of the test are removed before and after it."""
        self._tidy()
        try:
            return next(chain(self._load(), self._ask()), "")
        finally:
            self._tidy()

    def _load(self) -> Iterator[str]:
        for graph, file in self.case.data:
            headers = [("Content-Type", "application/n-triples")]
            answer = self.target.send("PUT", self.target.graph(graph), headers, file.read_bytes())
            if answer.status >= 300:
                yield f"its data cannot be put into <{graph}>: {answer.said}"

    def _ask(self) -> Iterator[str]:
        for number, request in enumerate(self.case.requests, 1):
            address = self.target.locate(self._filled(request.path))
            answer = self.target.send(request.method, address, request.headers, self._filled_body(request))
            if wrong := objection(answer, request.expected, address):
                which = f"request {number} of {len(self.case.requests)}, {request.method}"
                yield f"{which} {address.removeprefix(self.target.address).partition('?')[0]}: {wrong}"
            self._learn(request, answer, address)

    def _learn(self, request: Request, answer: Answer, address: str) -> None:
        if request.expected.location:
            self.values[request.expected.location] = urljoin(address, answer.location)

    def _filled(self, path: str) -> str:
        """Return a path with what was learnt, written so that it comes out of a query string as it went in."""
        for name, value in self.values.items():
            path = path.replace(name, quote(value, safe=":/"))
        return path

    def _filled_body(self, request: Request) -> bytes | None:
        body = request.body
        for name, value in self.values.items():
            body = body and body.replace(name.encode(), value.encode())
        return body

    def _tidy(self) -> None:
        for address in self._graphs():
            self.target.send("DELETE", address)

    def _graphs(self) -> set[str]:
        """Return the addresses of the graphs that the test makes."""
        loaded = {self.target.graph(graph) for graph, _ in self.case.data}
        made = {self.target.graph(location) for location in self.values.values()}
        written = {request.path for request in self.case.requests if request.method not in READING}
        in_store = {path for path in written if path.startswith(STORE) and path != STORE}
        return loaded | made | {self.target.locate(path) for path in in_store}
