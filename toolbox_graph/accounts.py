"""Whose token is this, and what may they do?

An account is a name with a graph of its own, the only one that it may change. Whoever shows its token acts in its name.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from toolbox_graph.errors import Conflict, InvalidRequest, NotFound, Unusable
from toolbox_graph.namespaces import KEY, Base
from toolbox_graph.self_description import made
from toolbox_graph.store.disk import sync, sync_path
from toolbox_graph.store.locks import alone
from toolbox_graph.store.terms import is_whole

FILE = "tokens.json"

SCOPES = ("write", "query", "review", "admin")
"""What a token may allow.

`write` the statements of the account's own graph, `query` longer queries, `review` to decide of links to Wikidata,
`admin` to see and end the queries of all.
"""

LOCK_SECONDS = 10.0
"""How long a change of the accounts waits for another; one takes some milliseconds."""

PREFIX = "tbg_"
"""How each token begins, so that programs that look for secrets in public places find ours."""

TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
"""A token: 32 random bytes in the alphabet of RFC 4648, section 5."""

DIGEST = re.compile(r"[0-9a-f]{64}")

Version = tuple[int, int, int]


class Account(NamedTuple):
    """Somebody who may do more than read: a key, what they may do, the graph that is theirs, and since when."""

    name: str
    scopes: frozenset[str]
    graph: str
    created: str


class Accounts:
    """The accounts of one data folder; whatever another process changes holds from the next question on."""

    def __init__(self, folder: Path, base: Base) -> None:
        self.path = folder / FILE
        self._base = base
        self._cached: tuple[Version | None, Mapping[str, Account]] = (None, {})

    def create(self, name: str, scopes: Collection[str], *, now: str, graph: str = "") -> str:
        """Make an account and return its token, which nobody can read again."""
        account = self._account(name, scopes, graph, now)
        token = PREFIX + secrets.token_urlsafe(32)
        with self._changing() as accounts:
            _refuse_twice(account, accounts.values())
            accounts[digest(token)] = account
        return token

    def find(self, token: str | None) -> Account | None:
        """Return the account that a token belongs to."""
        return self.of(digest(token)) if token and TOKEN.fullmatch(token) else None

    def of(self, kept: str) -> Account | None:
        """Return the account of the token whose digest this is."""
        return self._known().get(kept)

    def all(self) -> list[Account]:
        """Return all accounts, by name."""
        return sorted(self._known().values())

    def delete(self, name: str) -> None:
        """Take an account away: its token is not known any more, its statements stay."""
        with self._changing() as accounts:
            digests = [digest for digest, account in accounts.items() if account.name == name]
            if not digests:
                raise NotFound(f"There is no token named {name!r}; there are: {_names(accounts.values())}.")
            for digest in digests:
                del accounts[digest]

    def _account(self, name: str, scopes: Collection[str], graph: str, now: str) -> Account:
        if not KEY.fullmatch(name):
            raise InvalidRequest(f"A name has small letters, digits and hyphens, such as field-team, not {name!r}.")
        if not scopes or not set(scopes) <= set(SCOPES):
            raise InvalidRequest(f"A token has one or more of these scopes: {', '.join(SCOPES)}.")
        graph = graph or self._base.graph("community", name)
        if not is_whole(graph) or graph in made(self._base):
            raise InvalidRequest(f"{graph!r} cannot take statements; name a graph of its own by a whole IRI.")
        return Account(name, frozenset(scopes), graph, now)

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Account]]:
        """Yield the accounts and keep what they become, unless that is refused."""
        lock = self.path.with_name(f"{FILE}.lock")
        with alone(lock, seconds=LOCK_SECONDS, doing="another change of the tokens is running"):
            _, known = self._read()
            accounts = dict(known)
            yield accounts
            self._write(accounts)

    def _known(self) -> Mapping[str, Account]:
        """Return the accounts by the digests of their tokens; the file is read only if it is not the one read last."""
        if self._cached[0] != self._version():
            self._cached = self._read()
        return self._cached[1]

    def _version(self) -> Version | None:
        try:
            return _version(self.path.stat())
        except FileNotFoundError:
            return None

    def _read(self) -> tuple[Version | None, Mapping[str, Account]]:
        try:
            with self.path.open("rb") as file:
                return _version(os.fstat(file.fileno())), _parse(file.read())
        except FileNotFoundError:
            return None, {}
        except OSError as problem:
            raise Unusable(f"The file {FILE} of the data folder cannot be read: {problem.strerror}.") from problem

    def _write(self, accounts: Mapping[str, Account]) -> None:
        draft = self.path.with_name(f"{FILE}.new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600, exist_ok=False)
        with draft.open("w", encoding="utf-8") as file:
            file.write(_text(accounts))
            file.flush()
            sync(file.fileno())
        draft.replace(self.path)
        sync_path(self.path.parent)


def digest(token: str) -> str:
    """Return what is kept of a token."""
    # A password needs salt and a slow digest because it can be guessed. Nobody guesses 256 random bits, and to look a
    # digest up tells by its time nothing of the token.
    return hashlib.sha256(token.encode()).hexdigest()


def _version(about: os.stat_result) -> Version:
    return about.st_mtime_ns, about.st_size, about.st_ino


def _refuse_twice(new: Account, accounts: Iterable[Account]) -> None:
    """Raise Conflict where an account has the name or the graph of another."""
    for account in accounts:
        if account.name == new.name:
            raise Conflict(f"There is a token named {new.name} already; choose another name, or delete that one first.")
        if account.graph == new.graph:
            raise Conflict(f"{new.graph} belongs to {account.name}; name another graph.")


def _names(accounts: Iterable[Account]) -> str:
    return ", ".join(sorted(account.name for account in accounts)) or "none"


def _text(accounts: Mapping[str, Account]) -> str:
    """Return what stands in the file: the accounts by the digests of their tokens."""
    entries = {
        digest: {**account._asdict(), "scopes": sorted(account.scopes)}
        for digest, account in sorted(accounts.items(), key=lambda entry: entry[1].name)
    }
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"


def _parse(content: bytes) -> dict[str, Account]:
    """Return the accounts that a file holds."""
    try:
        return {_checked(digest): _entry(**entry) for digest, entry in json.loads(content).items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise Unusable(
            f"The file {FILE} of the data folder is damaged; restore it, or delete it and make new tokens."
        ) from problem


def _checked(digest: str) -> str:
    if not DIGEST.fullmatch(digest):
        raise ValueError("not a digest")
    return digest


def _entry(name: Any, scopes: Any, graph: Any, created: Any) -> Account:
    """Return an account as it stands in the file; raise ValueError or TypeError where it is none."""
    if not KEY.fullmatch(name) or not isinstance(scopes, list) or not set(scopes) <= set(SCOPES):
        raise ValueError("not an account")
    if not is_whole(graph) or not isinstance(created, str):
        raise ValueError("not a graph and a time")
    return Account(name, frozenset(scopes), graph, created)
