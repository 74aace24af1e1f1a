"""Who is signed in?

A session lives in the memory of this process. A browser has its id, 32 random bytes that say nothing of the person;
here is only the digest of that, with the digest of the token by which it was begun. So neither a cookie nor what is
remembered here is a token, and a session ends with its token.
"""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from toolbox_graph.accounts import Account, Accounts, digest
from toolbox_graph.errors import BudgetSpent
from toolbox_graph.store.budgets import Budgets
from toolbox_graph.web.authorization import known

SECONDS = 12 * 3600
"""How long a session lasts."""

MOST = 1000
"""Sessions that there are at a time; of more, the oldest end."""

WRONG = 10
"""Tokens that are not known which one client may send in a minute."""


class Session(NamedTuple):
    """Since when somebody is signed in, the digest of their token, and what their forms have to bring back."""

    begun: float
    token: str
    form: str


class Visitor(NamedTuple):
    """An account, and what its forms have to bring back; nothing where it shows its token with each request."""

    account: Account
    form: str = ""

    def has_given(self, form: str) -> bool:
        """Tell whether a form has what the pages of this visitor give it."""
        return not self.form or hmac.compare_digest(self.form.encode(), form.encode(errors="replace"))


class Sessions:
    """The sessions of one process."""

    def __init__(self, accounts: Accounts, clock: Callable[[], float]) -> None:
        self._accounts = accounts
        self._clock = clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()
        self._wrong = Budgets(seconds=1, errors=WRONG, clock=clock)

    def account(self, token: str, client: str) -> Account:
        """Return the account that a token belongs to; a client that is wrong too often has to wait."""
        with self._lock:
            try:
                self._wrong.require(client)
            except BudgetSpent as spent:
                wait = spent.members["retry_after"]
                raise BudgetSpent(f"Too many tokens were not known; try again in {wait} s.", retry_after=wait) from None
            if self._accounts.find(token) is None:
                self._wrong.charge(client, errors=1)
        return known(token, self._accounts)

    def begin(self, token: str, client: str) -> str:
        """Return the id of a new session of the account that a token belongs to."""
        self.account(token, client)
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[_digest(name)] = Session(self._clock(), digest(token), secrets.token_urlsafe(32))
            while len(self._sessions) > MOST:
                self._sessions.popitem(last=False)
        return name

    def find(self, name: str) -> Visitor | None:
        """Return who is signed in by the id of a session; None where it has ended, or its token was deleted."""
        session = self._sessions.get(_digest(name))
        account = self._accounts.of(session.token) if session else None
        if session is None or account is None or self._clock() - session.begun >= SECONDS:
            self.end(name)
            return None
        return Visitor(account, session.form)

    def end(self, name: str) -> None:
        """End a session; one that has ended stays so."""
        with self._lock:
            self._sessions.pop(_digest(name), None)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()
