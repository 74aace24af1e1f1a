"""The review of links to Wikidata: who may, what a decision does, and that the page and the terminal decide the same."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from click.testing import CliRunner
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.conftest import BASE, Served, serving
from tests.web.conftest import Html
from tests.web.test_chromium import FAINT, WIDTH
from toolbox_graph import cli
from toolbox_graph.accounts import Accounts
from toolbox_graph.assembly import Service
from toolbox_graph.linking.decisions import Decisions
from toolbox_graph.linking.proposing import REASONS
from toolbox_graph.linking.reviewing import CHOICES, KEYS
from toolbox_graph.matching.records import Evidence
from toolbox_graph.settings import Settings
from toolbox_graph.web import sessions
from toolbox_graph.web.app import create_app
from toolbox_graph.web.private import COOKIE

LIST = "/quality/wikidata/review"
DOOR, ROOF, FRANCE = f"{LIST}/tool/door", f"{LIST}/tool/roof", f"{LIST}/country/fr"
MOSS, PROGRAM = "Q900000002", "Q900000001"
ATTACK = "<script>alert(1)</script>\u202e"
NOW = "2026-12-07T10:00:00Z"

ITEMS: list[dict[str, Any]] = [
    {"id": "Q7397", "labels": {"en": "software"}},
    {"id": "Q16521", "labels": {"en": "taxon"}},
    {"id": "Q6256", "labels": {"en": "country"}},
    {"id": "Q142", "labels": {"en": "France"}, "P31": ["Q6256"], "P297": ["FR"]},
    {
        "id": PROGRAM,
        "labels": {"en": "Door"},
        "descriptions": {"en": ATTACK},
        "P31": ["Q7397"],
        "P856": ["https://door.example.org/"],
        "P1324": ["javascript:alert(1)"],
    },
    {"id": MOSS, "labels": {"en": "Door"}, "descriptions": {"en": "fictitious moss"}, "P31": ["Q16521"]},
    {"id": "Q900000003", "labels": {"en": "Roof"}, "P31": ["Q7397"], "P856": ["https://other.example.com/"]},
]
"""A slice of Wikidata with invented items, such as no slice has."""


def reconcile(data: Path, *arguments: str, typed: str | None = None) -> None:
    """Give a command at a terminal."""
    environment = {"TOOLBOX_DATA": str(data), "XDG_CACHE_HOME": str(data / "cache")}
    done = CliRunner(env=environment).invoke(cli.main, ["reconcile", *arguments], input=typed)
    assert done.exit_code == 0, done.output


class Office(NamedTuple):
    """A small catalogue in which three items are proposed, behind a real server, and the tokens of two reviewers."""

    served: Served
    tokens: dict[str, str]

    @property
    def decisions(self) -> Decisions:
        """What was said, as the server keeps it."""
        return Decisions(self.served.data)

    def forget(self) -> None:
        """Take away all that was decided."""
        path = self.served.data / "reconciliation" / "decisions.jsonl"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:3]))

    def tell(self, path: str = LIST, name: str = "ada", **sent: Any) -> requests.Response:
        """Ask as a program, or tell it something as JSON."""
        headers = {"Authorization": f"Bearer {self.tokens[name]}"}
        address = self.served.address + path
        return requests.request("POST" if sent else "GET", address, json=sent or None, headers=headers, timeout=30)

    def decide(self, path: str, decision: str, name: str = "ada", **more: Any) -> Any:
        """Decide as a program, and return what is told."""
        after = {} if decision == "undo" else {"after": self.tell(path).json()["after"]}
        answer = self.tell(path, name, decision=decision, **after, **more)
        assert answer.ok, answer.text
        return answer.json()


class Visitor:
    """A browser without a window: it keeps cookies and sends forms as they stand on pages."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.headers["Accept"] = "text/html"

    def get(self, path: str) -> requests.Response:
        """Open a page."""
        return self.session.get(urljoin(self.address, path), timeout=30, allow_redirects=False)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> requests.Response:
        """Send a form."""
        address = urljoin(self.address, path)
        return self.session.post(address, fields, headers=headers, timeout=30, allow_redirects=False)

    def sign_in(self, token: str, **fields: str) -> requests.Response:
        """Sign in with a token."""
        return self.post("/sign-in", {"token": token, **fields})

    def form(self, path: str) -> dict[str, str]:
        """Return what the form for a decision has on a page."""
        fields = Html(self.get(path).text).all(".//main//section/form/input")
        return {one.attrib["name"]: one.attrib.get("value", "") for one in fields if one.attrib["name"] != "why"}

    def decide(self, path: str, decision: str, **fields: str) -> requests.Response:
        """Open a page, and press one of its buttons."""
        return self.post(path, {**self.form(path), "decision": decision, **fields})


@pytest.fixture(scope="module")
def proposed(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the house, in which items are proposed for two tools and a country."""
    folder = tmp_path_factory.mktemp("review")
    shutil.copytree(house_template, folder / "data", symlinks=True)
    things = folder / "slice.jsonl"
    things.write_text("".join(f"{json.dumps(item)}\n" for item in ITEMS))
    for kind in ("tools", "countries"):
        reconcile(folder / "data", "wikidata", kind, "--slice", str(things))
    return folder / "data"


@pytest.fixture(scope="module")
def running(proposed: Path) -> Iterator[Office]:
    """The office, open as long as its tests run."""
    accounts = Accounts(proposed, BASE)
    scopes = {"ada": ["review"], "eve": ["review"], "bob": ["write", "query"]}
    tokens = {name: accounts.create(name, allowed, now=NOW) for name, allowed in scopes.items()}
    with serving(proposed, TOOLBOX_WORKERS="1") as service:
        yield Office(service, tokens)


@pytest.fixture
def office(running: Office) -> Office:
    """The office, in which nothing is decided yet."""
    running.forget()
    return running


@pytest.fixture
def stranger(office: Office) -> Visitor:
    """A browser in which nobody is signed in."""
    return Visitor(office.served.address)


@pytest.fixture
def ada(office: Office, stranger: Visitor) -> Visitor:
    """A browser in which a reviewer is signed in."""
    assert stranger.sign_in(office.tokens["ada"]).status_code == 303
    return stranger


@pytest.mark.parametrize("path", [LIST, DOOR, f"{LIST}/tool/nothing"])
def test_who_is_not_signed_in_sees_nothing_and_is_led_to_sign_in(stranger: Visitor, path: str) -> None:
    answer = stranger.get(path)
    html = Html(answer.text)
    assert (answer.status_code, PROGRAM in answer.text) == (401, False)
    assert html.one(".//input[@name='next']").attrib["value"] == path.strip("/")
    assert "WWW-Authenticate" in answer.headers


def test_a_program_without_a_token_gets_a_problem_document(office: Office) -> None:
    answer = office.served.get(LIST, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:toolbox-graph:problem:unauthorized")


def test_a_token_without_the_scope_may_not(office: Office, stranger: Visitor) -> None:
    stranger.sign_in(office.tokens["bob"])
    assert (stranger.get(LIST).status_code, office.tell(LIST, "bob").status_code) == (403, 403)
    assert office.tell(DOOR, "bob", decision="skip", after=1).status_code == 403


def test_who_signs_in_gets_where_they_wanted_to_go(office: Office, stranger: Visitor) -> None:
    answer = stranger.sign_in(office.tokens["ada"], next=DOOR.strip("/"))
    assert urlsplit(urljoin("/sign-in", answer.headers["Location"])).path == DOOR
    assert Html(stranger.get(DOOR).text).one(".//h1").text == "Door"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        r"/\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "../../x",
    ],
)
def test_nobody_is_led_elsewhere(office: Office, stranger: Visitor, elsewhere: str) -> None:
    answer = stranger.sign_in(office.tokens["ada"], next=elsewhere)
    assert urljoin("http://ours.example/sign-in", answer.headers["Location"]) == f"http://ours.example{LIST}"


def test_the_cookie_is_for_the_browser_alone_and_is_no_token(office: Office, stranger: Visitor) -> None:
    cookie = stranger.sign_in(office.tokens["ada"]).headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert office.tokens["ada"] not in cookie
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))


def test_behind_a_proxy_with_a_certificate_the_cookie_goes_over_nothing_else(proposed: Path) -> None:
    settings = Settings(data=proposed, proxies=1)
    token = Accounts(proposed, BASE).create("zoe", ["review"], now=NOW)
    client = create_app(Service(settings)).test_client()
    answer = client.post("/sign-in", data={"token": token}, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_each_who_signs_in_has_another_cookie(office: Office, stranger: Visitor) -> None:
    stranger.sign_in(office.tokens["ada"])
    first = stranger.session.cookies[COOKIE]
    stranger.sign_in(office.tokens["ada"])
    assert stranger.session.cookies[COOKIE] != first
    assert requests.get(office.served.address + LIST, cookies={COOKIE: first}, timeout=30).status_code == 401


def test_who_signs_out_is_signed_out_also_where_the_cookie_is_kept(ada: Visitor) -> None:
    kept = ada.session.cookies[COOKIE]
    form = Html(ada.get("/sign-in").text).one(".//input[@name='form']").attrib["value"]
    assert ada.post("/sign-out", {"form": form}).status_code == 303
    assert ada.get(LIST).status_code == 401
    assert requests.get(urljoin(ada.address, LIST), cookies={COOKIE: kept}, timeout=30).status_code == 401


def test_an_address_that_is_only_looked_at_signs_nobody_out(ada: Visitor) -> None:
    assert ada.get("/sign-out").status_code == 303
    assert ada.get(LIST).ok


def test_a_token_that_is_deleted_ends_its_sessions(office: Office, stranger: Visitor) -> None:
    accounts = Accounts(office.served.data, BASE)
    stranger.sign_in(accounts.create("mia", ["review"], now=NOW))
    assert stranger.get(LIST).ok
    accounts.delete("mia")
    assert stranger.get(LIST).status_code == 401


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.time


def test_a_session_ends_after_some_hours(proposed: Path) -> None:
    clock = Clock()
    token = Accounts(proposed, BASE).create("leo", ["review"], now=NOW)
    client = create_app(Service(Settings(data=proposed)), clock).test_client()
    client.post("/sign-in", data={"token": token})
    clock.time = sessions.SECONDS - 1.0
    assert client.get(LIST).status_code == 200
    clock.time = float(sessions.SECONDS)
    assert client.get(LIST).status_code == 401


def test_of_too_many_sessions_the_oldest_end(proposed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST", 2)
    accounts = Accounts(proposed, BASE)
    token = accounts.create("kim", ["review"], now=NOW)
    kept = sessions.Sessions(accounts, Clock())
    names = [kept.begin(token, "") for _ in range(3)]
    assert [kept.find(name) is None for name in names] == [True, False, False]


def test_who_sends_too_many_wrong_tokens_waits_and_others_do_not(proposed: Path) -> None:
    clock = Clock()
    client = create_app(Service(Settings(data=proposed)), clock).test_client()
    answers = [_wrong(client, "192.0.2.1") for _ in range(sessions.WRONG + 1)]
    assert [answer.status_code for answer in answers] == [401] * sessions.WRONG + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert _wrong(client, "192.0.2.2").status_code == 401
    clock.time += int(answers[-1].headers["Retry-After"])
    assert _wrong(client, "192.0.2.1").status_code == 401


def _wrong(client: FlaskClient, address: str) -> Any:
    return client.post("/sign-in", data={"token": "tbg_no"}, environ_base={"REMOTE_ADDR": address})


def test_wrong_tokens_of_programs_count_too(proposed: Path) -> None:
    client = create_app(Service(Settings(data=proposed)), Clock()).test_client()
    headers = {"Authorization": "Bearer tbg_no"}
    assert [client.get(LIST, headers=headers).status_code for _ in range(sessions.WRONG + 1)][-1] == 429


def test_a_token_in_an_address_is_refused(office: Office, stranger: Visitor) -> None:
    assert stranger.get(f"{LIST}?token={office.tokens['ada']}").status_code == 400


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"form": ""}, {}),
        ({"form": "é"}, {}),
        ({}, {"Origin": "https://evil.example"}),
        ({}, {"Origin": "null"}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"Sec-Fetch-Site": "same-site"}),
    ],
)
def test_what_another_site_sends_is_refused(
    office: Office, ada: Visitor, fields: dict[str, str], headers: dict[str, str]
) -> None:
    form = {**ada.form(DOOR), "decision": "accept", **fields}
    assert ada.post(DOOR, form, **headers).status_code == 403
    assert len(office.decisions.lines()) == 3


def test_a_form_of_another_session_is_refused(office: Office, ada: Visitor) -> None:
    other = Visitor(office.served.address)
    other.sign_in(office.tokens["ada"])
    assert ada.post(DOOR, {**other.form(DOOR), "decision": "accept"}).status_code == 403


def test_nobody_is_signed_in_by_another_site(office: Office, stranger: Visitor) -> None:
    answer = stranger.post("/sign-in", {"token": office.tokens["ada"]}, Origin="https://evil.example")
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize("path", [LIST, DOOR, "/sign-in"])
def test_nobody_keeps_what_is_not_public(ada: Visitor, path: str) -> None:
    answer = ada.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not {"ETag", "Access-Control-Allow-Origin"} & answer.headers.keys()
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert Html(answer.text).one("head/meta[@name='robots']").attrib["content"] == "noindex"


@pytest.mark.parametrize("path", ["/", "/tools", "/tool/door", "/quality/wikidata", "/search?q=door"])
def test_who_is_signed_in_sees_the_same_catalogue(office: Office, ada: Visitor, path: str) -> None:
    known, unknown = ada.get(path), Visitor(office.served.address).get(path)
    assert known.content == unknown.content
    told = [{name: value for name, value in one.headers.items() if name != "date"} for one in (known, unknown)]
    assert told[0] == told[1]
    assert "Cookie" not in known.headers.get("Vary", "")


def test_what_waits_is_listed_by_kind_the_surest_first(ada: Visitor) -> None:
    html = Html(ada.get(LIST).text)
    assert html.texts(".//h2") == ["tools 2", "countries 1"]
    assert html.texts(".//td[@data-label='Thing']") == ["Door", "Roof", "France"]
    assert html.texts(".//td[@data-label='Confidence']") == ["0.97", "0.95", "0.99"]


def test_both_records_stand_side_by_side(ada: Visitor) -> None:
    rows = Html(ada.get(DOOR).text).texts(".//table[@class='records']/tbody/tr")
    assert "website https://door.example.org/ https://door.example.org/" in rows


def test_another_candidate_is_shown_in_place_of_the_first(ada: Visitor) -> None:
    html = Html(ada.get(f"{DOOR}?item={MOSS}").text)
    assert "fictitious moss" in html.text()
    assert html.one(".//section/form/input[@name='item']").attrib["value"] == MOSS


def test_what_others_wrote_is_text_and_no_link_runs_anything(ada: Visitor) -> None:
    html = Html(ada.get(DOOR).text)
    assert ATTACK in html.texts(".//td//bdi")
    assert [script.text for script in html.all(".//script")] == [None]
    links = html.all(".//td//a")
    assert {urlsplit(link.attrib["href"]).scheme for link in links} <= {"http", "https"}
    assert {link.attrib["rel"] for link in links} == {"noopener nofollow"}


@pytest.mark.parametrize("decision", CHOICES)
def test_a_button_writes_what_a_key_at_the_terminal_writes(office: Office, ada: Visitor, decision: str) -> None:
    ada.decide(DOOR, decision)
    [made] = office.decisions.lines()[3:]
    office.forget()
    reconcile(office.served.data, "review", "tools", "--by", "ada", typed=f"{KEYS[decision]}q")
    [typed] = office.decisions.lines()[3:]
    assert made._replace(time="") == typed._replace(time="")


def test_a_reason_is_kept(office: Office, ada: Visitor) -> None:
    ada.decide(DOOR, "reject", why="  a moss,\nnot a program ")
    assert office.decisions.lines()[-1].why == "a moss, not a program"


def test_after_a_decision_the_next_thing_is_shown_with_what_was_decided(ada: Visitor) -> None:
    answer = ada.decide(DOOR, "accept")
    assert answer.status_code == 303
    address = urljoin(DOOR, answer.headers["Location"])
    html = Html(ada.get(address).text)
    assert (urlsplit(address).path, html.texts(".//main/*[@role='status']")) == (ROOF, [f"accepted – Door = {PROGRAM}"])


def test_while_candidates_are_left_the_same_thing_is_shown(ada: Visitor) -> None:
    assert urlsplit(urljoin(DOOR, ada.decide(DOOR, "reject").headers["Location"])).path == DOOR
    assert ada.form(DOOR)["item"] == MOSS


def test_when_nothing_waits_the_list_says_so(ada: Visitor) -> None:
    for path in (DOOR, ROOF, FRANCE):
        last = ada.decide(path, "skip").headers["Location"]
    assert urlsplit(urljoin(FRANCE, last)).path == LIST
    assert "Nothing waits" in ada.get(LIST).text


def test_the_language_that_a_reviewer_chose_stays(ada: Visitor) -> None:
    form = ada.form(f"{DOOR}?lang=fr")
    answer = ada.post(f"{DOOR}?lang=fr", {**form, "decision": "accept"})
    assert "lang=fr" in answer.headers["Location"]


def test_what_was_decided_is_undone_by_a_button(office: Office, ada: Visitor) -> None:
    ada.decide(DOOR, "accept")
    form = Html(ada.get(ROOF).text).one(".//main/div/form[button='Undo u']")
    fields = {one.attrib["name"]: one.attrib["value"] for one in form.findall("input")}
    answer = ada.post(DOOR, {**fields, "decision": "undo"})
    assert urlsplit(urljoin(DOOR, answer.headers["Location"])).path == DOOR
    assert office.tell(DOOR).json()["state"] == "proposed"


def test_another_reviewer_undoes_what_was_decided_and_that_is_told(office: Office, ada: Visitor) -> None:
    number = office.decide(DOOR, "accept")["decision"]["number"]
    assert office.decide(DOOR, "undo", "eve", number=number)["decision"]["by"] == "eve"
    assert ada.get(LIST).text.count("Decided lately") == 0


def test_who_decides_of_what_somebody_else_has_decided_meanwhile_is_told_so(office: Office, ada: Visitor) -> None:
    form = ada.form(DOOR)
    office.decide(DOOR, "new", "eve")
    answer = ada.post(DOOR, {**form, "decision": "accept"})
    html = Html(answer.text)
    assert answer.status_code == 409
    assert html.texts(".//*[@role='alert']") == [
        "Meanwhile eve said “new” of tool/door (decision 4); look at it again."
    ]
    assert "../../../../quality/wikidata/review" in [link.attrib["href"] for link in html.all(".//main//a")]
    assert [line.by for line in office.decisions.lines()[3:]] == ["eve"]


def test_a_candidate_that_was_rejected_meanwhile_is_a_conflict_too(office: Office, ada: Visitor) -> None:
    form = ada.form(DOOR)
    office.decide(DOOR, "reject", "eve", item=MOSS)
    assert ada.post(DOOR, {**form, "decision": "accept"}).status_code == 409


@pytest.mark.parametrize("decision", ["accept", "reject", "skip"])
def test_a_form_that_is_sent_twice_decides_once(office: Office, ada: Visitor, decision: str) -> None:
    form = {**ada.form(DOOR), "decision": decision}
    answers = [ada.post(DOOR, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"].partition("?")[2] == answers[1].headers["Location"].partition("?")[2]
    assert len(office.decisions.lines()) == 4


def test_to_undo_twice_is_to_undo_once(office: Office, ada: Visitor) -> None:
    ada.decide(DOOR, "accept")
    form = {"form": ada.form(ROOF)["form"], "decision": "undo", "number": "4"}
    assert [ada.post(DOOR, form).status_code for _ in range(2)] == [303, 303]
    assert len(office.decisions.lines()) == 5


def test_what_somebody_else_has_undone_is_a_conflict(office: Office, ada: Visitor) -> None:
    ada.decide(DOOR, "accept")
    office.decide(DOOR, "undo", "eve", number=4)
    form = {"form": ada.form(ROOF)["form"], "decision": "undo", "number": "4"}
    assert ada.post(DOOR, form).status_code == 409


def test_a_program_reads_what_waits_and_decides(office: Office) -> None:
    waiting = office.tell().json()
    assert [one["thing"] for one in waiting["items"]] == ["tool/door", "tool/roof", "country/fr"]
    assert waiting["items"][0]["candidates"][0]["item"] == PROGRAM
    told = office.decide(DOOR, "close", item=PROGRAM, why="a fork")
    assert (told["next"], told["decision"]["near"], told["decision"]["by"]) == ("tool/roof", True, "ada")
    assert [one["number"] for one in office.tell().json()["decided"]] == [4]


def test_an_item_that_was_not_proposed_is_accepted(office: Office) -> None:
    assert office.decide(f"{LIST}/tool/wall", "accept", item="Q42")["decision"]["item"] == "Q42"


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        (DOOR, {"decision": "marry", "after": 1}, 400),
        (DOOR, {"decision": ["accept"], "after": 1}, 400),
        (DOOR, {"decision": "accept", "item": PROGRAM}, 400),
        (DOOR, {"decision": "accept", "item": PROGRAM, "after": True}, 400),
        (DOOR, {"decision": "accept", "item": "Q0", "after": 1}, 400),
        (DOOR, {"decision": "accept", "item": f"{PROGRAM}\n", "after": -1}, 400),
        (DOOR, {"decision": "skip", "after": 1, "why": "x" * 501}, 400),
        (DOOR, {"decision": "skip", "after": 0}, 409),
        (DOOR, {"decision": "undo", "number": 2}, 404),
        (f"{LIST}/tool/nothing", {"decision": "new", "after": 0}, 404),
        (f"{LIST}/colour/red", {"decision": "new", "after": 0}, 404),
        (DOOR, {"decision": "skip", "why": "x" * 20_000}, 413),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is(
    office: Office, path: str, sent: dict[str, Any], status: int
) -> None:
    answer = office.tell(path, **sent)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert len(office.decisions.lines()) == 3


@pytest.mark.parametrize(("body", "media_type", "status"), [("[", "application/json", 400), ("a", "text/plain", 415)])
def test_what_cannot_be_read_is_refused(office: Office, body: str, media_type: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {office.tokens['ada']}", "Content-Type": media_type}
    assert office.served.post(DOOR, data=body, headers=headers).status_code == status


def test_half_a_character_in_a_reason_is_left_out(office: Office) -> None:
    headers = {"Authorization": f"Bearer {office.tokens['ada']}", "Content-Type": "application/json"}
    body = '{"decision": "skip", "after": 1, "why": "a\\ud800b"}'
    assert office.served.post(DOOR, data=body, headers=headers).json()["decision"]["why"] == "a b"


def test_what_the_catalogue_has_no_more_does_not_wait(office: Office) -> None:
    gone = office.decisions.lines()[0]._replace(thing="tool/gone", time=NOW)
    office.decisions.add(gone)
    assert "tool/gone" not in [one["thing"] for one in office.tell().json()["items"]]


@pytest.mark.parametrize(("language", "english"), [("fr", False), ("es", False), ("en", True)])
def test_all_reasons_and_classes_are_told_in_the_language_of_the_reader(
    office: Office, ada: Visitor, language: str, english: bool
) -> None:
    phrases = [phrase for pair in REASONS.values() for phrase in pair]
    phrases += ["the same name", "a name that says the same", "called as its address", "a name alike by 87 %"]
    first = office.decisions.lines()[0]
    some = [
        {**first.candidates[0], "item": f"Q9{n}", "evidence": str(evidence), "why": ", ".join(phrases)}
        for n, evidence in enumerate(Evidence)
    ]
    office.decisions.add(first._replace(candidates=some))
    said = Html(ada.get(f"{DOOR}?lang={language}").text).texts(".//ol/li/span")
    assert len(said) == len(Evidence)
    assert all((phrase in text) == english for phrase in phrases for text in said)


@pytest.mark.parametrize("path", [LIST, DOOR, FRANCE, "/sign-in"])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_page_of_a_reviewer_is_well_formed_and_its_fields_have_labels(
    office: Office, ada: Visitor, path: str, language: str
) -> None:
    office.decide(ROOF, "close", why="a fork")
    html = Html(ada.get(f"{path}?lang={language}").text)
    labels = {label.attrib["for"] for label in html.all(".//label")}
    fields = [field for field in html.all(".//input") if field.attrib.get("type") != "hidden"]
    assert html.root.attrib["lang"] == language
    assert {field.attrib["id"] for field in fields} == labels
    assert len(html.ids()) == len(set(html.ids()))


def test_the_page_of_links_leads_to_the_review(office: Office) -> None:
    html = Html(office.served.get("/quality/wikidata", headers={"Accept": "text/html"}).text)
    assert LIST in [urljoin("/quality/wikidata", link.attrib["href"]) for link in html.all(".//main//a")]


@pytest.fixture
def reviewer(office: Office, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """What opens a window in which a reviewer has signed in by the form."""
    contexts = []

    def open_window(*, scripts: bool = True) -> Page:
        context = chromium.new_context(java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.goto(office.served.address + DOOR)
        page.fill("#token", office.tokens["ada"])
        with page.expect_navigation():
            page.click("main button")
        return page

    yield open_window
    for context in contexts:
        context.close()


def press(page: Page, key: str) -> str:
    """Press a key that leads on, and return the path where that is."""
    with page.expect_navigation():
        page.keyboard.press(key)
    return urlsplit(page.url).path


def test_a_reviewer_decides_with_the_keys_of_the_terminal(office: Office, reviewer: Callable[..., Page]) -> None:
    page = reviewer()
    press(page, "2")
    assert "fictitious moss" in page.inner_text(".records")
    assert [press(page, key) for key in "rcsu"] == [DOOR, ROOF, FRANCE, ROOF]
    press(page, "n")
    found = [(line.thing, str(line.state), line.item, line.near, line.undoes) for line in office.decisions.lines()[3:]]
    assert found == [
        ("tool/door", "rejected", MOSS, False, 0),
        ("tool/door", "accepted", PROGRAM, True, 0),
        ("tool/roof", "skipped", "", False, 0),
        ("tool/roof", "undone", "", False, 6),
        ("tool/roof", "new", "", False, 0),
    ]


def test_what_was_done_has_the_focus_and_is_a_message(reviewer: Callable[..., Page]) -> None:
    page = reviewer()
    press(page, "a")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "status"


def test_who_types_a_reason_decides_nothing(office: Office, reviewer: Callable[..., Page]) -> None:
    page = reviewer()
    page.click("#why")
    page.keyboard.type("racsnu")
    page.keyboard.press("Escape")
    press(page, "a")
    assert [(line.state, line.why) for line in office.decisions.lines()[3:]] == [("accepted", "racsnu")]


def test_single_keys_can_be_turned_off(office: Office, reviewer: Callable[..., Page]) -> None:
    page = reviewer()
    page.uncheck("#by-key")
    page.reload()
    page.keyboard.press("a")
    assert (page.is_checked("#by-key"), page.is_visible("kbd")) == (False, False)
    assert len(office.decisions.lines()) == 3


def test_without_scripts_buttons_do_all_of_it(office: Office, reviewer: Callable[..., Page]) -> None:
    page = reviewer(scripts=False)
    page.click(f"text={MOSS}")
    page.fill("#why", "a moss")
    page.click("button[value=reject]")
    page.click("button[value=accept] >> nth=0")
    page.click("button[value=undo]")
    assert not page.is_visible("kbd")
    assert urlsplit(page.url).path == DOOR
    assert [line.state for line in office.decisions.lines()[3:]] == ["rejected", "accepted", "undone"]


def test_the_pages_fit_each_window_and_can_be_read(office: Office, reviewer: Callable[..., Page]) -> None:
    page = reviewer()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in (LIST, DOOR, "/sign-in"):
        page.goto(office.served.address + path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(FAINT) == []
        for width in (360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WIDTH) <= width
    assert complaints == []
