"""A stand-in for Wikidata: a small server of our own that answers in the documented shapes.

It is no Wikidata: it knows the invented items of `items.json`, and of the API what our client asks. What it refuses,
the real one refuses too, and in the same words for programs; `test_standin.py` holds it against recorded answers of a
real Wikibase. Its query service is a real SPARQL engine over the same items.

`faults` are answers that the next requests get instead of theirs; `seen` are the requests that came.
"""

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit
from uuid import NAMESPACE_URL, uuid5

import pyoxigraph as ox

DATA = json.loads(Path(__file__).with_name("items.json").read_text(encoding="utf-8"))
WD, WDT = "http://www.wikidata.org/entity/", "http://www.wikidata.org/prop/direct/"
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ALSO = ox.NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
DATATYPES = {"P31": "wikibase-item", "P279": "wikibase-item", "P17": "wikibase-item", "P856": "url", "P1324": "url"}
"""All others are identifiers."""
LANGUAGES = {"en", "fr", "es", "de", "it", "pt", "nl", "pl", "ru", "uk", "ar", "zh", "ja", "mul"}
ALL = "info|sitelinks|aliases|labels|descriptions|claims|datatype"
ITEM = re.compile(r"[QP][1-9]\d{0,9}")
HELP = "See the documentation of the API."
JSON = "application/json; charset=utf-8"


class Reply(NamedTuple):
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: str


LAGGING = Reply(
    200,
    {"Content-Type": JSON, "MediaWiki-API-Error": "maxlag", "Retry-After": "5"},
    json.dumps(
        {
            "error": {
                "code": "maxlag",
                "info": "Waiting for a database server: 12.5 seconds lagged.",
                "host": "db1",
                "lag": 12.5,
                "type": "db",
                "*": HELP,
            }
        }
    ),
)
TOO_MANY = Reply(429, {"Content-Type": "text/plain", "Retry-After": "7"}, "Too many requests")
DOWN = Reply(503, {"Content-Type": "text/html"}, "<!DOCTYPE html><title>Wikimedia Error</title>")
CUT = Reply(200, {"Content-Type": JSON}, '{"entities": {"Q142": {"type"')
FORBIDDEN = Reply(403, {"Content-Type": "text/plain"}, "Please set a user-agent.")


class Standin:
    """What the server knows and what has come to it."""

    def __init__(self) -> None:
        self.items = {item["id"]: written(item) for item in DATA["items"]}
        self.redirects = dict(DATA["redirects"])
        self.faults: list[Reply] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def answer(self, path: str, given: dict[str, str], agent: str, host: str) -> Reply:
        """Return the answer to a request."""
        with self._lock:
            self.seen.append((path, given))
            self._now += 1
            self.most = max(self.most, self._now)
            fault = self.faults.pop(0) if self.faults else None
        try:
            time.sleep(0.002)  # Long enough for others to come meanwhile.
            return fault or self._answer(path, given, agent, host)
        finally:
            with self._lock:
                self._now -= 1

    def _answer(self, path: str, given: dict[str, str], agent: str, host: str) -> Reply:
        if "@" not in agent and "://" not in agent:
            return FORBIDDEN
        if path == "/sparql":
            return self._sparql(given["query"])
        if path.startswith("/wiki/Special:EntityData/"):
            return self._entity_data(path.rpartition("/")[2], host)
        if path == "/w/api.php":
            return self._act(given)
        return Reply(404, {"Content-Type": "text/html"}, "<!DOCTYPE html>")

    def _act(self, given: Mapping[str, str]) -> Reply:
        actions = {"wbgetentities": self._get, "wbsearchentities": self._search}
        if given.get("action") not in actions:
            return error("badvalue", f'Unrecognized value for parameter "action": {given.get("action")}.')
        return actions[given["action"]](given)

    def _get(self, given: Mapping[str, str]) -> Reply:
        if "ids" not in given:
            return error("param-missing", 'Either provide the Item "ids" or …', messages=[message("selector")])
        ids = given["ids"].split("|")
        if len(ids) > 50:
            info = 'Too many values supplied for parameter "ids". The limit is 50.'
            return error("toomanyvalues", info, limit=50, lowlimit=50, highlimit=500)
        if bad := next((one for one in ids if not ITEM.fullmatch(one)), None):
            info = f'Could not find an entity with the ID "{bad}".'
            return error("no-such-entity", info, id=bad, messages=[message("no-such-entity", bad, info)])
        props = set(given.get("props", ALL).split("|"))
        languages = set(given["languages"].split("|")) if "languages" in given else LANGUAGES
        return done({"entities": {one: self._entity(one, props, languages) for one in ids}, "success": 1})

    def _entity(self, one: str, props: set[str], languages: set[str]) -> dict[str, Any]:
        target = self.redirects.get(one, one)
        item = self.items.get(target)
        if item is None:
            return {"id": one, "missing": ""}
        leading = {"redirects": {"from": one, "to": target}} if target != one else {}
        return leading | narrowed(item, props, languages)

    def _search(self, given: Mapping[str, str]) -> Reply:
        if "language" not in given:
            return error("missingparam", 'The "language" parameter must be set.')
        if given["language"] not in LANGUAGES:
            return error("badvalue", f'Unrecognized value for parameter "language": {given["language"]}.')
        limit = int(given.get("limit", 7))
        text = f'The value "{limit}" for parameter "limit" must be between 0 and 50.'
        warnings = {"warnings": {"wbsearchentities": {"*": text}}} if limit > 50 else {}
        hits = list(self._hits(given["search"], given["language"]))[: min(limit, 50)]
        return done({**warnings, "searchinfo": {"search": given["search"]}, "search": hits, "success": 1})

    def _hits(self, search: str, language: str) -> Iterator[dict[str, Any]]:
        for item in self.items.values():
            if item["id"] == search:
                yield hit(item, {"type": "entityId", "text": search})
                continue
            label = item["labels"].get(language, {}).get("value", "")
            aliases = [entry["value"] for entry in item["aliases"].get(language, ())]
            for kind, text in (("label", label), *(("alias", alias) for alias in aliases)):
                if text.casefold().startswith(search.casefold()):
                    yield hit(item, {"type": kind, "language": language, "text": text})
                    break

    def _entity_data(self, name: str, host: str) -> Reply:
        one, _, ending = name.partition(".")
        html = {"Content-Type": "text/html; charset=utf-8"}
        if not ITEM.fullmatch(one):
            return Reply(400, html, f"<!DOCTYPE html><p>Invalid ID: {one}.</p>")
        item = self.items.get(self.redirects.get(one, one))
        if item is None:
            return Reply(404, html, f"<!DOCTYPE html><p>No entity with ID {one} was found.</p>")
        if not ending:
            return Reply(303, {**html, "Location": f"http://{host}/wiki/Special:EntityData/{one}.json"}, "")
        body = json.dumps({"entities": {item["id"]: narrowed(item, set(ALL.split("|")), LANGUAGES)}})
        return Reply(200, {"Content-Type": "application/json; charset=UTF-8"}, body)

    def _sparql(self, query: str) -> Reply:
        store = ox.Store()
        for item in self.items.values():
            store.extend(truthy(item))
        try:
            found = store.query(query)
        except SyntaxError as problem:
            return Reply(400, {"Content-Type": "text/plain"}, str(problem))
        assert isinstance(found, ox.QuerySolutions)
        body = found.serialize(format=ox.QueryResultsFormat.JSON)
        assert body is not None
        return Reply(200, {"Content-Type": "application/sparql-results+json"}, body.decode())


def written(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item as a Wikibase writes it."""
    number = int(item["id"][1:])
    claims = {
        name: [statement(item["id"], name, place, value) for place, value in enumerate(values)]
        for name, values in item.items()
        if re.fullmatch(r"P\d+", name)
    }
    return {
        "pageid": number,
        "ns": 0,
        "title": item["id"],
        "lastrevid": number,
        "modified": "2026-11-22T04:33:13Z",
        "type": "item",
        "id": item["id"],
        "labels": {code: {"language": code, "value": text} for code, text in item.get("labels", {}).items()},
        "descriptions": {
            code: {"language": code, "value": text} for code, text in item.get("descriptions", {}).items()
        },
        "aliases": {
            code: [{"language": code, "value": text} for text in texts]
            for code, texts in item.get("aliases", {}).items()
        },
        "claims": claims,
        "sitelinks": {},
    }


def statement(item: str, name: str, place: int, given: Any) -> dict[str, Any]:
    """Return a statement as a Wikibase writes it."""
    value, rank = (given["value"], given["rank"]) if isinstance(given, dict) else (given, "normal")
    datatype = DATATYPES.get(name, "external-id")
    entity = {"entity-type": "item", "numeric-id": int(value[1:]), "id": value} if datatype == "wikibase-item" else None
    return {
        "mainsnak": {
            "snaktype": "value",
            "property": name,
            "hash": f"{place:040x}",
            "datavalue": {"value": entity or value, "type": "wikibase-entityid" if entity else "string"},
            "datatype": datatype,
        },
        "type": "statement",
        "id": f"{item}${str(uuid5(NAMESPACE_URL, f'{item} {name} {place}')).upper()}",
        "rank": rank,
    }


def narrowed(item: Mapping[str, Any], props: set[str], languages: set[str]) -> dict[str, Any]:
    """Return the parts of an item that are asked for."""
    kept = {"type", "id"} | (props & {"labels", "descriptions", "aliases", "claims", "sitelinks"})
    kept |= {"pageid", "ns", "title", "lastrevid", "modified"} if "info" in props else set()
    texts = {"labels", "descriptions", "aliases"}
    return {
        name: {code: text for code, text in value.items() if code in languages} if name in texts else value
        for name, value in item.items()
        if name in kept
    }


def hit(item: Mapping[str, Any], match: Mapping[str, str]) -> dict[str, Any]:
    """Return an item as a search shows it."""
    shown = {name: entry for name in ("label", "description") if (entry := item[f"{name}s"].get("en"))}
    also = {"aliases": [match["text"]]} if match["type"] != "label" else {}
    return {
        "id": item["id"],
        "title": item["id"],
        "pageid": item["pageid"],
        "display": shown,
        "repository": "local",
        "url": f"//www.wikidata.org/wiki/{item['id']}",
        "concepturi": f"{WD}{item['id']}",
        **{name: entry["value"] for name, entry in shown.items()},
        "match": match,
        **also,
    }


def truthy(item: Mapping[str, Any]) -> Iterator[ox.Quad]:
    """Yield the statements of an item that its query service has, and its names."""
    subject = ox.NamedNode(WD + item["id"])
    labels = [(LABEL, entry) for entry in item["labels"].values()]
    for predicate, entry in [*labels, *((ALSO, entry) for some in item["aliases"].values() for entry in some)]:
        yield ox.Quad(subject, predicate, ox.Literal(entry["value"], language=entry["language"]))
    for name, statements in item["claims"].items():
        for one in statements:
            if one["rank"] != "deprecated":
                yield ox.Quad(subject, ox.NamedNode(WDT + name), term(one["mainsnak"]))


def term(snak: Mapping[str, Any]) -> ox.NamedNode | ox.Literal:
    """Return a value as a term."""
    value = snak["datavalue"]["value"]
    if snak["datatype"] == "wikibase-item":
        return ox.NamedNode(WD + value["id"])
    return ox.NamedNode(value) if snak["datatype"] == "url" else ox.Literal(value)


def message(name: str, parameter: str = "", html: str = "") -> dict[str, Any]:
    """Return a message of an error, as the API gives it."""
    return {
        "name": f"wikibase-api-{name}",
        "parameters": [parameter] if parameter else [],
        "html": {"*": html or name},
    }


def error(code: str, info: str, **members: Any) -> Reply:
    """Return an error of the API: its status is 200."""
    body = json.dumps({"error": {"code": code, "info": info, **members, "*": HELP}})
    return Reply(200, {"Content-Type": JSON, "MediaWiki-API-Error": code}, body)


def done(body: Mapping[str, Any]) -> Reply:
    """Return an answer of the API."""
    return Reply(200, {"Content-Type": JSON}, json.dumps(body))


@contextmanager
def standing_in() -> Iterator[tuple[Standin, str]]:
    """Run the server; yield what it knows and its address."""
    standin = Standin()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._give(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._give(dict(parse_qsl(body, keep_blank_values=True)))

        def _give(self, given: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            host = self.headers.get("Host", "")
            reply = standin.answer(path, given, self.headers.get("User-Agent", ""), host)
            self.send_response(reply.status)
            body = reply.body.encode()
            for name, value in {**reply.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield standin, f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
