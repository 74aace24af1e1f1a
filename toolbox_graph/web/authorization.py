"""May whoever asks do this?"""

from urllib.parse import parse_qsl

from toolbox_graph.accounts import Account, Accounts
from toolbox_graph.assembly import Service
from toolbox_graph.errors import Forbidden, InvalidRequest, Unauthorized
from toolbox_graph.query import Request

IN_ADDRESSES = frozenset({"access_token", "token"})
"""Parameters in which clients send tokens (RFC 6750, section 2.3): addresses are written down in many places."""


def authorized(request: Request, accounts: Accounts, scope: str) -> Account:
    """Return the account whose token a request bears (RFC 6750, section 2.1); raise the refusal where it may not."""
    if IN_ADDRESSES.intersection(name for name, _ in parse_qsl(request.query_string, keep_blank_values=True)):
        raise InvalidRequest("Send the token in the header Authorization, never in an address; this one is known now.")
    scheme, _, token = request.authorization.partition(" ")
    if scheme.casefold() != "bearer" or not token.strip():
        raise Unauthorized("This needs a token: send it in the header “Authorization: Bearer …”.")
    account = accounts.find(token.strip())
    if account is None:
        raise Unauthorized("This token is not known, or not any more.")
    if scope not in account.scopes:
        raise Forbidden(f"This token has no scope {scope!r}; ask the operator for one that has.")
    return account


def writer(request: Request, service: Service) -> Account | None:
    """Return the account in whose name a request writes; in a playground anybody may, in nobody's."""
    return None if service.is_playground else authorized(request, service.accounts, "write")
