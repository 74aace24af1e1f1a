"""May whoever asks do this?"""

import re

from toolbox_graph.accounts import TOKEN, Account, Accounts
from toolbox_graph.assembly import Service
from toolbox_graph.errors import Forbidden, InvalidRequest, Unauthorized
from toolbox_graph.query import Request
from toolbox_graph.store.engine import Limits

IN_ADDRESS = re.compile(rf"(^|&)(access_)?token=|{TOKEN.pattern}")
"""A token in an address: in a parameter that is for it (RFC 6750, section 2.3), or anywhere, as it looks.

Addresses are written down in many places.
"""


def refuse_in_address(query_string: str) -> None:
    """Raise InvalidRequest where somebody sends a token in an address."""
    if IN_ADDRESS.search(query_string):
        raise InvalidRequest("Send the token in the header Authorization, never in an address; this one is known now.")


def bearer(request: Request, accounts: Accounts) -> Account:
    """Return the account whose token a request bears (RFC 6750, section 2.1)."""
    return known(token_in(request.authorization), accounts)


def token_in(header: str) -> str:
    """Return the token that stands in a header `Authorization`."""
    scheme, _, token = header.partition(" ")
    if scheme.casefold() != "bearer" or not token.strip():
        raise Unauthorized("This needs a token: send it in the header “Authorization: Bearer …”.")
    return token.strip()


def known(token: str, accounts: Accounts) -> Account:
    """Return the account that a token belongs to."""
    account = accounts.find(token)
    if account is None:
        raise Unauthorized("This token is not known, or not any more.", error="invalid_token")
    return account


def authorized(request: Request, accounts: Accounts, scope: str) -> Account:
    """Return the account whose token a request bears; raise the refusal where it may not do this."""
    return allowed(bearer(request, accounts), scope)


def allowed(account: Account, scope: str) -> Account:
    """Return an account that may do this; raise Forbidden where it may not."""
    if scope not in account.scopes:
        raise Forbidden(f"This token has no scope {scope!r}; ask the operator for one that has.")
    return account


def limits(request: Request, service: Service) -> Limits:
    """Return how far the queries of a request may go: with a token that allows it, further."""
    if not request.authorization or service.is_playground:
        return service.limits
    return service.wider_limits if "query" in bearer(request, service.accounts).scopes else service.limits


def writer(request: Request, service: Service) -> Account | None:
    """Return the account in whose name a request writes; in a playground anybody may, in nobody's."""
    return None if service.is_playground else authorized(request, service.accounts, "write")
