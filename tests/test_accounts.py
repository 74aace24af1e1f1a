"""Accounts: a token leads to its account and is kept nowhere, and the command line makes and deletes it."""

import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import BASE
from tests.test_cli import call, result
from tests.test_documentation import COMMON, DOCS, options, sections
from toolbox_graph.accounts import LOCK_SECONDS, PREFIX, TOKEN, Account, Accounts
from toolbox_graph.changes import Repository
from toolbox_graph.errors import BUSY, DONE, ENVIRONMENT, REFUSED, USAGE, Conflict, InvalidRequest, NotFound, Unusable
from toolbox_graph.store.locks import alone
from toolbox_graph.tokens import token as token_commands

NOW = "2026-12-07T10:00:00Z"
OURS = "https://example.org/graph/ours"
DIGEST = "0" * 64
ENTRY = {"name": "ada", "scopes": ["write"], "graph": OURS, "created": NOW}


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    """The accounts of a folder in which there are none yet."""
    return Accounts(tmp_path, BASE)


@pytest.fixture
def data(house: Repository) -> Path:
    """The folder of a small repository of one's own."""
    return house.folder


def create(accounts: Accounts, name: str, graph: str = "") -> str:
    """Make an account that may write, and return its token."""
    return accounts.create(name, ["write"], now=NOW, graph=graph)


def names(accounts: Accounts) -> list[str]:
    """Return the names of all accounts."""
    return [account.name for account in accounts.all()]


def test_a_token_leads_to_its_account(accounts: Accounts) -> None:
    token = create(accounts, "ada")
    assert accounts.find(token) == Account("ada", frozenset({"write"}), BASE.graph("community", "ada"), NOW)


def test_a_token_leads_to_its_own_account_among_others(accounts: Accounts) -> None:
    tokens = {name: create(accounts, name) for name in ("ada", "bob", "eve")}
    found = [accounts.find(token) for token in tokens.values()]
    assert [account and account.name for account in found] == list(tokens)


def test_a_graph_can_be_chosen(accounts: Accounts) -> None:
    create(accounts, "ada", graph=OURS)
    assert [account.graph for account in accounts.all()] == [OURS]


def test_a_token_is_long_and_begins_so_that_it_is_recognized(accounts: Accounts) -> None:
    token = create(accounts, "ada")
    assert TOKEN.fullmatch(token)
    assert len(token) == len(PREFIX) + 43


def test_accounts_are_told_by_name(accounts: Accounts) -> None:
    for name in ("eve", "ada", "bob"):
        create(accounts, name)
    assert names(accounts) == ["ada", "bob", "eve"]


def test_where_nobody_has_a_token_nobody_is_known(accounts: Accounts) -> None:
    assert accounts.all() == []
    assert accounts.find(PREFIX + "A" * 43) is None
    assert not accounts.path.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda token: None,
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token + "\n",
        lambda token: f" {token}",
        lambda token: token.upper(),
        lambda token: token.removeprefix(PREFIX),
        lambda token: f"Bearer {token}",
        lambda token: PREFIX + "A" * 43,
        lambda token: token * 100_000,
        lambda token: token[:-1] + "\ud800",
        lambda token: token[:-1] + "é",
    ],
)
def test_what_is_almost_a_token_is_none(accounts: Accounts, change: Callable[[str], str | None]) -> None:
    assert accounts.find(change(create(accounts, "ada"))) is None


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    """Accounts of which nobody knows the token."""
    accounts = Accounts(tmp_path_factory.mktemp("accounts"), BASE)
    create(accounts, "ada")
    return accounts


@given(st.one_of(st.text(st.characters()), st.from_regex(TOKEN, fullmatch=True)))
def test_any_other_text_is_no_token(known: Accounts, text: str) -> None:
    assert known.find(text) is None


def test_the_digest_of_a_token_is_no_token(accounts: Accounts) -> None:
    create(accounts, "ada")
    [digest] = json.loads(accounts.path.read_text())
    assert accounts.find(digest) is None


def test_the_token_stands_in_no_file(accounts: Accounts, tmp_path: Path) -> None:
    token = create(accounts, "ada")
    assert [path for path in tmp_path.iterdir() if token.removeprefix(PREFIX) in path.read_text()] == []


def test_only_the_owner_reads_the_file(accounts: Accounts) -> None:
    create(accounts, "ada")
    create(accounts, "bob")
    assert accounts.path.stat().st_mode & 0o777 == 0o600


def test_what_a_crash_left_of_a_file_that_others_read_is_not_written_to(accounts: Accounts) -> None:
    accounts.path.with_name("tokens.json.new").touch(mode=0o644)
    create(accounts, "ada")
    assert accounts.path.stat().st_mode & 0o777 == 0o600


def test_the_file_and_its_lock_are_all_that_is_left(accounts: Accounts, tmp_path: Path) -> None:
    create(accounts, "ada")
    assert {path.name for path in tmp_path.iterdir()} == {"tokens.json", "tokens.json.lock"}


def test_a_new_token_is_known_elsewhere_at_once(accounts: Accounts, tmp_path: Path) -> None:
    elsewhere = Accounts(tmp_path, BASE)
    assert elsewhere.all() == []
    assert elsewhere.find(create(accounts, "ada"))


def test_a_deleted_token_is_known_nowhere_at_once(accounts: Accounts, tmp_path: Path) -> None:
    elsewhere = Accounts(tmp_path, BASE)
    token = create(accounts, "ada")
    assert elsewhere.find(token)
    accounts.delete("ada")
    assert (accounts.find(token), elsewhere.find(token)) == (None, None)


def test_a_file_that_is_taken_away_lets_nobody_in(accounts: Accounts) -> None:
    token = create(accounts, "ada")
    assert accounts.find(token)
    accounts.path.unlink()
    assert accounts.find(token) is None


def test_a_file_that_has_not_changed_is_not_read_again(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    token = create(accounts, "ada")
    accounts.find(token)
    monkeypatch.setattr(Accounts, "_read", None)
    assert accounts.find(token)


def test_who_is_not_deleted_is_still_known(accounts: Accounts) -> None:
    token = create(accounts, "ada")
    create(accounts, "bob")
    accounts.delete("bob")
    assert accounts.find(token)


def test_a_name_that_was_deleted_can_be_had_again_with_another_token(accounts: Accounts) -> None:
    old = create(accounts, "ada")
    accounts.delete("ada")
    assert accounts.find(create(accounts, "ada"))
    assert accounts.find(old) is None


def test_to_delete_a_name_that_there_is_not_tells_which_there_are(accounts: Accounts) -> None:
    create(accounts, "ada")
    create(accounts, "bob")
    with pytest.raises(NotFound, match="no token named 'eve'; there are: ada, bob"):
        accounts.delete("eve")


@pytest.mark.parametrize("name", ["", "Ada", "ada lovelace", "ada/bob", "../ada", "ada\n", "adá", "a" * 3 + "\ud800"])
def test_a_name_that_is_no_key_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(InvalidRequest, match="small letters, digits and hyphens"):
        create(accounts, name)


@pytest.mark.parametrize("scopes", [[], ["read"], ["write", "read"], [""], ["Write"]])
def test_a_scope_that_there_is_not_is_refused(accounts: Accounts, scopes: list[str]) -> None:
    with pytest.raises(InvalidRequest, match="scopes: write"):
        accounts.create("ada", scopes, now=NOW)


@pytest.mark.parametrize(
    "graph",
    [
        BASE.merge,
        BASE.graph("ontology"),
        BASE.graph("shapes"),
        BASE.graph("history"),
        BASE.graph("derived"),
        "ours",
        "/graph/ours",
        "https://example.org/our graph",
        "https://example.org/<ours>",
        "http://[::1",
        "https://example.org/\ud800",
    ],
)
def test_a_graph_that_cannot_take_statements_is_refused(accounts: Accounts, graph: str) -> None:
    with pytest.raises(InvalidRequest, match="cannot take statements"):
        create(accounts, "ada", graph=graph)


def test_a_name_has_one_token(accounts: Accounts) -> None:
    create(accounts, "ada")
    with pytest.raises(Conflict, match="a token named ada already"):
        create(accounts, "ada", graph=OURS)


def test_a_graph_belongs_to_one_account(accounts: Accounts) -> None:
    create(accounts, "ada", graph=OURS)
    with pytest.raises(Conflict, match=f"{OURS} belongs to ada"):
        create(accounts, "bob", graph=OURS)


def test_the_graph_that_a_name_would_have_may_belong_to_another(accounts: Accounts) -> None:
    create(accounts, "ada", graph=BASE.graph("community", "bob"))
    with pytest.raises(Conflict, match="belongs to ada"):
        create(accounts, "bob")


def test_a_refusal_leaves_the_file_as_it_is(accounts: Accounts) -> None:
    create(accounts, "ada")
    before = accounts.path.read_bytes()
    with pytest.raises(Conflict):
        create(accounts, "ada")
    assert accounts.path.read_bytes() == before


DAMAGED = [
    b"",
    b"{",
    b"\xff\xfe\x00",
    b"null",
    b"[1]",
    b"[" * 100_000,
    json.dumps({"digest": ENTRY}).encode(),
    json.dumps({DIGEST: []}).encode(),
    json.dumps({DIGEST: None}).encode(),
    json.dumps({DIGEST: {}}).encode(),
    json.dumps({DIGEST: ENTRY | {"more": 1}}).encode(),
    json.dumps({DIGEST: ENTRY | {"name": None}}).encode(),
    json.dumps({DIGEST: ENTRY | {"name": "Ada Lovelace"}}).encode(),
    json.dumps({DIGEST: ENTRY | {"scopes": "write"}}).encode(),
    json.dumps({DIGEST: ENTRY | {"scopes": ["all"]}}).encode(),
    json.dumps({DIGEST: ENTRY | {"scopes": [["write"]]}}).encode(),
    json.dumps({DIGEST: ENTRY | {"graph": "ours"}}).encode(),
    json.dumps({DIGEST: ENTRY | {"graph": 1}}).encode(),
    json.dumps({DIGEST: ENTRY | {"created": 1}}).encode(),
]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_lets_nobody_in_and_is_named(accounts: Accounts, content: bytes) -> None:
    accounts.path.write_bytes(content)
    with pytest.raises(Unusable, match=r"tokens\.json of the data folder is damaged"):
        accounts.find(PREFIX + "A" * 43)


def test_a_damaged_file_is_not_written_over(accounts: Accounts) -> None:
    accounts.path.write_bytes(b"{")
    with pytest.raises(Unusable):
        create(accounts, "ada")
    assert accounts.path.read_bytes() == b"{"


def test_a_file_that_cannot_be_read_is_named(accounts: Accounts) -> None:
    accounts.path.mkdir()
    with pytest.raises(Unusable, match=r"tokens\.json of the data folder cannot be read"):
        accounts.all()


def test_a_file_that_was_mended_is_read_again(accounts: Accounts) -> None:
    token = create(accounts, "ada")
    whole = accounts.path.read_bytes()
    accounts.path.write_bytes(b"{")
    with pytest.raises(Unusable):
        accounts.find(token)
    accounts.path.write_bytes(whole)
    assert accounts.find(token)


def test_of_tokens_made_at_the_same_time_none_is_lost(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def make(number: int) -> list[str]:
        accounts = Accounts(tmp_path, BASE)
        together.wait()
        return [create(accounts, f"writer-{number}-{turn}") for turn in range(4)]

    with ThreadPoolExecutor(8) as pool:
        tokens = [token for made in pool.map(make, range(8)) for token in made]
    assert all(map(Accounts(tmp_path, BASE).find, tokens))
    assert len(names(Accounts(tmp_path, BASE))) == 32


def test_of_two_who_want_the_same_name_one_gets_it(tmp_path: Path) -> None:
    together = threading.Barrier(2)

    def make(_: int) -> bool:
        together.wait()
        try:
            return bool(create(Accounts(tmp_path, BASE), "ada"))
        except Conflict:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(make, range(2))) == [False, True]


# The commands.


def make(data: Path, *arguments: str) -> Result:
    """Make a token on the command line."""
    return call(data, "token", "create", "--scope", "write", *arguments)


@pytest.mark.parametrize("name", ["create", "list", "delete"])
def test_each_command_explains_itself_with_examples(tmp_path: Path, name: str) -> None:
    shown = call(tmp_path, "token", name, "--help").stdout
    assert re.search(rf"Examples:\n +toolbox-graph token {name}", shown)


@pytest.mark.parametrize("name", token_commands.commands)
def test_each_command_and_its_options_are_explained(name: str) -> None:
    told = sections(DOCS / "command-line.md")["token"]
    assert f"    toolbox-graph token {name}" in told
    assert {option for option in options(token_commands.commands[name]) - COMMON if f"`{option}" not in told} == set()


def test_create_writes_the_token_to_standard_output_alone(data: Path) -> None:
    done = make(data)
    assert TOKEN.fullmatch(done.stdout.removesuffix("\n"))
    assert done.stdout.strip() not in done.stderr


def test_create_says_to_which_graph_the_token_writes(data: Path) -> None:
    assert f"operator writes to {BASE.graph('community', 'operator')}." in make(data).stderr
    assert f"lab writes to {OURS}." in make(data, "--name", "lab", "--graph", OURS).stderr


def test_of_a_token_that_writes_nothing_no_graph_is_told(data: Path) -> None:
    made = call(data, "token", "create", "--scope", "review", "--name", "ada")
    assert "This token of ada allows to review." in made.stderr


def test_create_says_that_the_token_is_shown_once(data: Path) -> None:
    assert "shown once; keep it where others do not read" in make(data).stderr


def test_a_token_of_the_command_line_is_known(data: Path) -> None:
    account = Accounts(data, BASE).find(make(data, "--name", "lab").stdout.strip())
    assert account
    assert account.name == "lab"


def test_create_has_the_shape_that_programs_rely_on(data: Path) -> None:
    made = result(data, "token", "create", "--scope", "write")
    assert TOKEN.fullmatch(made.pop("token"))
    assert made == {"name": "operator", "scopes": ["write"], "graph": BASE.graph("community", "operator")}


def test_the_folder_may_be_named_before_or_after_the_commands(data: Path, tmp_path: Path) -> None:
    shown = [
        call(tmp_path, *arguments).stdout
        for arguments in (["--data", str(data), "token", "list"], ["token", "list", "--data", str(data)])
    ]
    assert shown == ["There are no tokens.\n"] * 2


def test_list_tells_name_time_scopes_and_graph(data: Path) -> None:
    create(Accounts(data, BASE), "lab", graph=OURS)
    create(Accounts(data, BASE), "operator")
    assert call(data, "token", "list").stdout.splitlines() == [
        f"lab       {NOW}  write  {OURS}",
        f"operator  {NOW}  write  {BASE.graph('community', 'operator')}",
    ]


def test_list_has_the_shape_that_programs_rely_on(data: Path) -> None:
    assert result(data, "token", "list") == []
    create(Accounts(data, BASE), "ada", graph=OURS)
    assert result(data, "token", "list") == [ENTRY]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_list_shows_no_token_and_no_digest(data: Path, form: list[str]) -> None:
    token = create(Accounts(data, BASE), "ada")
    [digest] = json.loads((data / "tokens.json").read_text())
    shown = call(data, "token", "list", *form).output
    assert token not in shown
    assert digest not in shown


def test_delete_takes_a_token_away(data: Path) -> None:
    token = create(Accounts(data, BASE), "ada")
    assert call(data, "token", "delete", "ada").exit_code == DONE
    assert Accounts(data, BASE).find(token) is None


def test_delete_has_the_shape_that_programs_rely_on(data: Path) -> None:
    create(Accounts(data, BASE), "ada")
    assert result(data, "token", "delete", "ada") == {"deleted": "ada"}


def test_tokens_change_nothing_in_the_journal(data: Path) -> None:
    before = (data / "journal.rdfp").read_bytes()
    make(data)
    call(data, "token", "delete", "operator")
    assert (data / "journal.rdfp").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["create"], USAGE, "Missing option '--scope'"),
        (["create", "--scope", "read"], USAGE, "'read' is not one of 'write', 'query', 'review', 'admin'"),
        (["create", "--scope", "write", "--name", "Ada"], USAGE, "small letters, digits and hyphens"),
        (["create", "--scope", "write", "--graph", "ours"], USAGE, "'ours' cannot take statements"),
        (["create", "--scope", "write", "--graph", BASE.merge], USAGE, "cannot take statements"),
        (["create", "--scope", "write", "--name", "ada"], REFUSED, "There is a token named ada already"),
        (["create", "--scope", "write", "--graph", OURS], REFUSED, f"{OURS} belongs to ada"),
        (["delete"], USAGE, "Missing argument 'NAME'"),
        (["delete", "eve"], USAGE, "There is no token named 'eve'; there are: ada."),
        (["frobnicate"], USAGE, "No such command"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(data: Path, arguments: list[str], code: int, told: str) -> None:
    create(Accounts(data, BASE), "ada", graph=OURS)
    before = (data / "tokens.json").read_bytes()
    done = call(data, "token", *arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert told in done.stderr
    assert (data / "tokens.json").read_bytes() == before


@pytest.mark.parametrize("arguments", [["list"], ["create", "--scope", "write"], ["delete", "ada"]])
def test_a_damaged_file_is_told_without_a_traceback(data: Path, arguments: list[str]) -> None:
    (data / "tokens.json").write_text("{")
    done = call(data, "token", *arguments)
    assert done.exit_code == ENVIRONMENT
    assert "tokens.json of the data folder is damaged" in done.stderr


@pytest.mark.parametrize("arguments", [["list"], ["create", "--scope", "write"], ["delete", "ada"]])
def test_without_a_data_folder_init_is_named(tmp_path: Path, arguments: list[str]) -> None:
    done = call(tmp_path / "nowhere", "token", *arguments)
    assert done.exit_code == ENVIRONMENT
    assert "make one with `toolbox-graph init`" in done.stderr


def test_while_somebody_makes_a_token_the_exit_code_is_three(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LOCK_SECONDS >= 1
    monkeypatch.setattr("toolbox_graph.accounts.LOCK_SECONDS", 0)
    with alone(data / "tokens.json.lock", seconds=0, doing="a test"):
        done = make(data)
    assert done.exit_code == BUSY
    assert "Another change of the tokens is running; try again when it has ended." in done.stderr
