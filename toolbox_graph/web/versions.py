"""Which version of the data is a request about, and what is told with the answer, so that it can be cited?"""

import re
from datetime import datetime
from urllib.parse import quote, urlencode

from werkzeug.http import http_date

from toolbox_graph.assembly import Service
from toolbox_graph.errors import Busy, InvalidRequest
from toolbox_graph.store.generations import Name
from toolbox_graph.store.journal import Header
from toolbox_graph.store.versions import day_of
from toolbox_graph.web.version_views import AT, Fields

FOR_EVER = ("Cache-Control", "public, max-age=31536000, immutable")
"""What a client is told of data that will not change (RFC 8246); a year is as long as caches look ahead."""

NAMED = re.compile(rb"(?:^|&)(?:a|%61)(?:t|%74)=")


def may_be_named(parameters: bytes) -> bool:
    """Return whether parameters, as they were sent, may name a version; it costs little to see that most do not."""
    # To look for the end of the name alone takes a hundredth of the time, and most long texts do not have it.
    return (b"t=" in parameters or b"%74=" in parameters) and NAMED.search(parameters) is not None


def asked(fields: Fields, service: Service) -> Header | None:
    """Return the version that a request names by `at`, None where it names none; raise the refusal that fits."""
    given = [value for name, value in fields if name == AT]
    if not given:
        return None
    if service.is_playground:
        raise InvalidRequest("A playground keeps no versions; leave the parameter at out.", parameter=AT)
    if len(given) > 1:
        raise InvalidRequest("Give the parameter at once.", parameter=AT)
    return service.timeline.at(given[0], _present(service))


def is_present(version: Header, service: Service) -> bool:
    """Return whether a version is the newest."""
    return version.position == _present(service)


def _present(service: Service) -> int:
    return Name.parse(service.state()).position


def refuse(fields: Fields, what: str) -> None:
    """Raise InvalidRequest where a request names a version that is about something without versions."""
    if any(name == AT for name, _ in fields):
        raise InvalidRequest(f"{what}; leave the parameter at out.", parameter=AT)


def superseded() -> Busy:
    """Return the refusal of an answer that is not of the version that was meant: it has changed meanwhile."""
    return Busy("The data has changed just now; ask again.", retry_after=1)


def led(fields: Fields, version: Header) -> str:
    """Return the relative address of the version that a date means; empty where a position was given."""
    if not any(name == AT and day_of(value) for name, value in fields):
        return ""
    return f"?{urlencode([(name, str(version.position) if name == AT else value) for name, value in fields])}"


def told(version: Header, present: str) -> list[tuple[str, str]]:
    """Return what is told with an answer of a past version: when it was made (RFC 7089, section 2.1), and what is now.

    `present` is the address of the same in the present version.
    """
    return [
        ("Memento-Datetime", http_date(datetime.fromisoformat(version.origin.time))),
        ("Link", f'<{quote(present, safe="%/?&=+.~-_")}>; rel="original latest-version"'),
    ]
