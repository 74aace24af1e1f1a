"""What can an operator choose, and what is the default?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from toolbox_graph.errors import InvalidRequest

DEFAULT_BASE = "http://127.0.0.1:8000/"
PREFIX = "TOOLBOX_"

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Settings:
    """The operator's choices; each can be given as an environment variable, `TOOLBOX_` and the name in capitals.

    `data`: folder that holds journal and store.
    `host`, `port`: where `serve` listens.
    `workers`: processes that answer queries, hence queries that run at the same time.
    `query_seconds`: how long one query may run.
    `query_megabytes`: how much memory one query may take.
    `answer_megabytes`: how long one answer may be.
    `waiting_seconds`: how long a query waits for a free worker before it is told to come back.
    `client_seconds`: how many seconds of query time one client may have; they come back one in a second.
    `client_errors`: how many queries of one client may fail in a minute.
    `token_seconds`: how long a query may run whose token has the scope `query`.
    `token_answer_megabytes`: how long its answer may be.
    `services`: endpoints that queries may call with SERVICE, with blanks between.
    `service_networks`: networks in which these may stand though they are not public, such as 10.0.0.0/8.
    `queries`: a folder with further questions, in our form or in grlc's.
    `publisher`: who publishes the catalogue, as its description says.
    `versions`: past versions of the data that are kept ready on the disk.
    `version_seconds`: how long it may take to make a past version again.
    `contact`: a mail or web address at which the operator is reached; Wikidata is not asked without.
    `wikidata`, `wikidata_sparql`: where Wikidata and its query service are.
    `proxies`: how many proxies of ours a request comes through; the client's address is what the first of them saw.
    """

    data: Path = Path("toolbox-data")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 4
    query_seconds: float = 10.0
    query_megabytes: int = 1000
    answer_megabytes: int = 64
    waiting_seconds: float = 2.0
    client_seconds: float = 120.0
    client_errors: int = 30
    token_seconds: float = 300.0
    token_answer_megabytes: int = 1000
    services: str = ""
    service_networks: str = ""
    queries: str = ""
    publisher: str = "Toolbox Graph"
    versions: int = 4
    version_seconds: float = 60.0
    contact: str = ""
    wikidata: str = "https://www.wikidata.org/"
    wikidata_sparql: str = "https://query.wikidata.org/sparql"
    proxies: int = 0

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """Return the settings that an environment states, defaults for the rest.

        >>> Settings.read({"TOOLBOX_PORT": "9000"}).port
        9000
        """
        given = {
            field.name: _value(field.name, type(field.default), environment[name])
            for field in fields(cls)
            if (name := PREFIX + field.name.upper()) in environment
        }
        return cls(**given)  # type: ignore[arg-type]

    def environment(self) -> dict[str, str]:
        """Return the environment that states these settings; what is 0 is so by default."""
        stated = {field.name: getattr(self, field.name) for field in fields(self)}
        return {PREFIX + name.upper(): str(value) for name, value in stated.items() if value}


def _value(name: str, kind: type, text: str) -> object:
    try:
        value = kind(text)
    except ValueError:
        value = None
    if value is None or (isinstance(value, int | float) and not 0 < value < math.inf):
        wanted = "a whole number above 0" if kind is int else "a number above 0"
        raise InvalidRequest(f"{PREFIX}{name.upper()} has to be {wanted}, not {text!r}.")
    return value
