"""How is a service of Wikimedia asked so that it likes to answer?

With a User-Agent that says how to reach the operator, at most three requests at a time, and with the patience that the
service asks for (Retry-After, RFC 9110, section 10.2.3; maxlag, mediawiki.org/wiki/Manual:Maxlag_parameter). Where one
request is told to wait, no other one begins. What is wrong is also said within answers whose status is 200.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any, NamedTuple, TypeVar

import requests

from toolbox_graph.errors import InvalidRequest, ServiceFailed

AT_A_TIME = 3
TRIES = 6
SECONDS = 60
"""How long an answer may take."""
PATIENCE = 600
"""Seconds that are waited for at most; who is told to wait longer gives up, and goes on another time."""
LARGEST = 64_000_000
"""Bytes that are read of an answer."""

WAITING = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed."""
ABSENT = frozenset({400, 404})
"""Statuses that say that there is no such thing, or can be none."""
LATER = frozenset({"maxlag", "ratelimited", "readonly", "internal_api_error_DBQueryError"})
"""Errors of the Action API after which the same request may succeed."""

LATER_ON = "Begin again later; what was answered is kept."

Item = TypeVar("Item")
Result = TypeVar("Result")


class Request(NamedTuple):
    """What is asked: an address with parameters; with `form` they are sent as a form, which may be long."""

    address: str
    parameters: Mapping[str, str]
    form: bool = False


class Reply(NamedTuple):
    """What came back: status 0 where nothing did."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Manners:
    """Asks services; time, chance and sleep are arguments."""

    def __init__(
        self,
        contact: str,
        *,
        session: requests.Session,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        chance: Callable[[], float],
    ) -> None:
        self._session = session
        self._session.headers.update({"User-Agent": agent(contact), "Accept-Encoding": "gzip"})
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._open = threading.Lock()

    def each(self, ask: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Return what comes of asking for each of some items, in their order, three at a time."""
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            return list(pool.map(ask, items))

    def ask(self, request: Request) -> Any:
        """Return the JSON that a service answers, None where it has nothing; raise ServiceFailed where it does not.

        Errors of the Action API that waiting does not mend are returned, under `error`.
        """
        for attempt in range(TRIES):
            reply = self._send(request)
            if reply.status in ABSENT:
                return None
            _require(reply, request)
            problem, answer = _read(reply)
            if not problem:
                return answer
            self._wait(reply, attempt, request)
        raise ServiceFailed(f"{request.address} gave {problem} {TRIES} times. {LATER_ON}")

    def _send(self, request: Request) -> Reply:
        with self._open:
            pass  # Somebody may be waiting.
        given = dict(request.parameters)
        try:
            with self._session.request(
                "POST" if request.form else "GET",
                request.address,
                params=None if request.form else given,
                data=given if request.form else None,
                headers={"Accept": "application/sparql-results+json" if request.form else "application/json"},
                timeout=SECONDS,
                stream=True,
            ) as response:
                return Reply(response.status_code, response.headers, b"".join(_pieces(response)))
        except requests.RequestException:
            return Reply(0, {}, b"")

    def _wait(self, reply: Reply, attempt: int, request: Request) -> None:
        """Wait as long as the service asks for, else longer each time, by chance, so that not all come back at once."""
        asked = after(reply.headers.get("Retry-After", ""), now=self._clock())
        seconds = 2**attempt * (0.5 + self._chance()) if asked is None else asked
        if seconds > PATIENCE:
            raise ServiceFailed(f"{request.address} asks us to come back in {seconds:,.0f} seconds. {LATER_ON}")
        with self._open:
            self._sleep(seconds)


def agent(contact: str) -> str:
    """Return how we say who asks (foundation.wikimedia.org, User-Agent policy); refuse where nobody can be reached.

    >>> agent("ops@example.org").partition(" (")[2].partition(")")[0]
    'ops@example.org'
    """
    is_mail = "@" in contact.strip("@")
    if not (is_mail or contact.startswith(("https://", "http://"))) or not contact.isprintable() or " " in contact:
        raise InvalidRequest(
            "Wikidata asks who is asking: set TOOLBOX_CONTACT to a mail or web address at which you are reached."
        )
    return f"toolbox-graph/{version('toolbox-graph')} ({contact}) python-requests/{requests.__version__}"


def after(text: str, *, now: float) -> float | None:
    """Return how many seconds a Retry-After asks to wait, None where it asks nothing that can be understood.

    >>> after("5", now=0), after("Thu, 01 Jan 1970 00:01:00 GMT", now=15), after("soon", now=0)
    (5.0, 45.0, None)
    """
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except ValueError:
        return None


def _pieces(response: requests.Response) -> Iterable[bytes]:
    total = 0
    for piece in response.iter_content(1 << 16):
        total += len(piece)
        if total > LARGEST:
            raise requests.RequestException("too long")
        yield piece


def _require(reply: Reply, request: Request) -> None:
    """Raise ServiceFailed for a refusal that no other try mends."""
    if reply.status == 403:
        raise ServiceFailed(f"{request.address} refuses us; does TOOLBOX_CONTACT say how you are reached?")
    if reply.status >= 300 and reply.status not in WAITING:
        raise ServiceFailed(f"{request.address} answered with the status {reply.status}.")


def _read(reply: Reply) -> tuple[str, Any]:
    """Return what is wrong with a reply that another try may mend, else nothing and its answer."""
    if not reply.status:
        return "no answer", None
    if reply.status in WAITING:
        return f"the status {reply.status}", None
    try:
        answer = json.loads(reply.body)
    except ValueError:
        return "what is no JSON", None
    code = answer.get("error", {}).get("code", "") if isinstance(answer, dict) else ""
    return (f"the error {code}", None) if code in LATER else ("", answer)
