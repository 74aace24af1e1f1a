"""Whom may this service call, and how is it kept from calling anybody else?

Only the endpoints on a list of the operator, by http or https. A name is looked up once, each address that it has must
be a public one (or in a network that the operator allows), and the call goes to an address that was looked at: a name
that is looked up a second time may mean another machine by then. A redirect leads to another endpoint of the list, or
nowhere. (After the rules of Eclipse RDF4J, issues 5989 and 5990.)
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from toolbox_graph.errors import FederationRefused, InvalidRequest, ServiceFailed

PORTS = {"http": 80, "https": 443}

REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOPS = 3
"""Redirects that are followed."""

NAT64 = ip_network("64:ff9b::/96")
"""Addresses that stand for those of IPv4 (RFC 6052)."""

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Services:
    """The endpoints that may be called, and the networks in which they may stand though these are not public."""

    endpoints: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()

    @classmethod
    def read(cls, endpoints: str, networks: str) -> "Services":
        """Return what an operator allows; raise InvalidRequest for what is no endpoint or network.

        >>> Services.read("https://query.wikidata.org/sparql", "10.0.0.0/8").endpoints
        ('https://query.wikidata.org/sparql',)
        """
        return cls(tuple(map(_endpoint, endpoints.split())), tuple(map(_network, networks.split())))

    def require(self, endpoint: str) -> str:
        """Return an endpoint that may be called; raise FederationRefused for any other."""
        if endpoint in self.endpoints:
            return endpoint
        if not self.endpoints:
            raise FederationRefused("This service calls no other: take SERVICE out, and join the answers on your side.")
        called = " ".join(f"<{known}>" for known in self.endpoints)
        raise FederationRefused(f"This service does not call {endpoint[:200]}; it calls {called}.")

    def allows(self, address: Address) -> bool:
        """Return whether an address may be called: it is public, or in a network of the operator's."""
        return _is_public(address) or any(
            address.version == network.version and address in network for network in self.networks
        )


def _endpoint(text: str) -> str:
    parts = urlsplit(text)
    is_whole = parts.scheme in PORTS and parts.hostname and not parts.username and urldefrag(text).fragment == ""
    if not is_whole or parts.query:
        raise InvalidRequest(
            f"TOOLBOX_SERVICES has addresses of endpoints, such as https://example.org/sparql, not {text!r}."
        )
    return text


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise InvalidRequest(f"TOOLBOX_SERVICE_NETWORKS has networks such as 10.0.0.0/8, not {text!r}.") from None


def _is_public(address: Address) -> bool:
    """Return whether an address is one of the public internet; of one that stands for another, whether that is.

    >>> [_is_public(ip_address(each)) for each in ("8.8.8.8", "100.64.0.1", "::ffff:127.0.0.1", "224.0.0.1")]
    [True, False, False, False]
    """
    if isinstance(address, IPv6Address):
        embedded = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in NAT64:
            embedded.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(_is_public(each) for each in embedded if each):
            return False
    is_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not address.is_multicast and not is_local


def ask(endpoint: str, query: str, services: Services, *, agent: str, seconds: float, limit: int) -> bytes:
    """Return what an endpoint answers to a query, as SPARQL results in JSON; raise the refusal where it does not."""
    until = time.monotonic() + seconds
    for _ in range(HOPS):
        services.require(endpoint)
        with (
            _called(endpoint, services, until) as connection,
            closing(_post(connection, urlsplit(endpoint).path or "/", query, agent)) as response,
        ):
            if response.status not in REDIRECTS:
                return _body(endpoint, response, limit)
            endpoint = next_endpoint(endpoint, response.headers.get("Location", ""))
    raise ServiceFailed(f"{endpoint} is behind too many redirects.")


@contextmanager
def _called(endpoint: str, services: Services, until: float) -> Iterator[HTTPConnection]:
    """Lend a connection to an endpoint; whatever the other side does, it ends at its time."""
    parts = urlsplit(endpoint)
    connection = HTTPConnection(str(parts.hostname), parts.port or PORTS[parts.scheme])
    with _failures_of(endpoint), closing(connection):
        plain = _connected(connection.host, connection.port, services, until)
        # What TLS makes of a socket takes the place of the plain one; the copy stays.
        with closing(plain.dup()) as copy, _ended(copy, until):
            connection.sock = _secured(plain, connection.host) if parts.scheme == "https" else plain
            yield connection


@contextmanager
def _ended(connection: socket.socket, until: float) -> Iterator[None]:
    """Break a connection off at its time: a socket's own limit begins anew with each byte."""
    timer = threading.Timer(max(0.0, until - time.monotonic()), _break_off, [connection])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if time.monotonic() > until:
        raise TimeoutError("what is broken off may look whole")


def _connected(host: str, port: int, services: Services, until: float) -> socket.socket:
    """Return a connection to the first address of a host, all of which may be called."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if refused := next((each for each in found if not services.allows(ip_address(each.partition("%")[0]))), None):
        raise FederationRefused(f"{host} is not called: its address {refused} is not a public one.")
    return socket.create_connection((found[0], port), timeout=max(0.001, until - time.monotonic()))


def _secured(plain: socket.socket, host: str) -> socket.socket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _break_off(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def _failures_of(endpoint: str) -> Iterator[None]:
    """Say of what goes wrong on the way that the endpoint failed."""
    try:
        yield
    except (OSError, HTTPException, ValueError) as problem:
        raise ServiceFailed(f"{endpoint} did not answer; ask without it, or later.") from problem


def _post(connection: HTTPConnection, path: str, query: str, agent: str) -> HTTPResponse:
    """Send a query as a form (SPARQL 1.1 Protocol, section 2.1.2), which may be long and every endpoint takes."""
    headers = {
        "Accept": "application/sparql-results+json",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": agent,
    }
    connection.request("POST", path, urlencode({"query": query}), headers)
    return connection.getresponse()


def _body(endpoint: str, response: HTTPResponse, limit: int) -> bytes:
    if response.status != 200:
        raise ServiceFailed(f"{endpoint} answered with the status {response.status}.")
    body = response.read(limit + 1)
    if len(body) > limit:
        raise ServiceFailed(f"{endpoint} answered more than {limit // 1_000_000} MB; ask it for less within SERVICE.")
    return body


def next_endpoint(endpoint: str, location: str) -> str:
    """Return the endpoint to which a redirect leads; never from an encrypted one to one that is not."""
    parts = urlsplit(urljoin(endpoint, location))
    if urlsplit(endpoint).scheme == "https" and parts.scheme != "https":
        raise FederationRefused(f"{endpoint} leads to an address without encryption, which is not called.")
    return urlunsplit(parts._replace(query="", fragment=""))
