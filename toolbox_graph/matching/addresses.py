"""When are two addresses of websites or repositories the same?

`http://www.example.org/` and `https://example.org/index.html` are the same page. The suffixes of hosts are those of the
Public Suffix List that comes with tldextract, private ones such as github.io among them; nothing is fetched.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tldextract import TLDExtract

_suffixes = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True, cache_dir=None)

WWW = re.compile(r"^www\d?\.")
LEAF = re.compile(r"(?:/(?:index|default|home)(?:\.\w{2,5})?|/[a-z]{2}(?:[-_][a-z]{2})?)+$", re.IGNORECASE)
"""What a path ends with that leads to the same page: its file, its language."""
SCHEME = re.compile(r"^(?:git\+)?[a-z][a-z0-9+.-]*://", re.IGNORECASE)
SCP = re.compile(r"^[\w.-]+@([\w.-]+):(?!/)")
"""How git writes an address for SSH: git@host:owner/name."""

FORGES = frozenset({"github.com", "bitbucket.org", "codeberg.org"})
"""Hosts where the repository is the first two parts of the path."""

WITHIN = re.compile(r"/(?:-|tree|blob|src|issues|wiki)(?:/|$).*")
"""A place within a repository, as forges write it."""

GIT = re.compile(r"(?:\.git)+$")

SHARED = frozenset(
    [
        "github.com",
        "gitlab.com",
        "bitbucket.org",
        "codeberg.org",
        "sourceforge.net",
        "launchpad.net",
        "facebook.com",
        "twitter.com",
        "x.com",
        "linkedin.com",
        "instagram.com",
        "youtube.com",
        "medium.com",
        "sites.google.com",
        "play.google.com",
        "apps.apple.com",
        "itunes.apple.com",
        "wikipedia.org",
        "wikidata.org",
        "wordpress.com",
        "blogspot.com",
        "npmjs.com",
        "pypi.org",
        "f-droid.org",
        "archive.org",
        "t.me",
    ]
)
"""Hosts whose pages are about many things: the host alone says nothing."""


class Site(NamedTuple):
    """An address of a website, taken apart."""

    host: str
    """Without `www.`."""
    domain: str
    """What is registered: `gov.uk` is a suffix, `example.gov.uk` a domain."""
    label: str
    """The name of the domain: `example`."""
    country: str
    """ISO 3166-1 of the ending, where it is that of a country."""
    page: str
    """Host and path."""

    @property
    def shared(self) -> bool:
        """Whether the host has pages about many things."""
        return self.host in SHARED or self.domain in SHARED


COUNTRIES = {"uk": "GB", "gov": "US", "mil": "US", "edu": "US", "cat": "ES"}
"""Endings that are used in one country and are not its code."""

GENERIC = frozenset("io ai co me tv cc ly to gl fm ws nu tk ml ga cf gg sh st im la su eu vc ac".split())  # noqa: SIM905
"""Endings of two letters that everybody uses."""


@lru_cache(maxsize=1 << 15)
def site(address: str) -> Site | None:
    """Return an address of a website taken apart, or None if it is none.

    >>> site("http://www.Example.gov.uk:80/index.html?utm_source=x#top")
    Site(host='example.gov.uk', domain='example.gov.uk', label='example', country='GB', page='example.gov.uk')
    >>> site("https://wekan.github.io/").label, site("nonsense")
    ('wekan', None)
    """
    try:
        parts = urlsplit(address if SCHEME.match(address) else f"//{address}")
        host = WWW.sub("", (parts.hostname or "").strip(".").lower())
    except ValueError:
        return None
    found = _suffixes(host)
    if not found.domain or not found.suffix:
        return None
    ending = host.rpartition(".")[2]
    country = COUNTRIES.get(ending, ending.upper() if len(ending) == 2 and ending not in GENERIC else "")
    path = LEAF.sub("", unquote(parts.path).rstrip("/"))
    return Site(host, found.top_domain_under_public_suffix, found.domain, country, f"{host}{path}")


@lru_cache(maxsize=1 << 15)
def repository(address: str) -> str:
    """Return what two addresses of a repository have in common, or nothing if it is no address.

    >>> repository("git@github.com:CKAN/ckan.git"), repository("https://github.com/ckan/ckan/tree/main/docs")
    ('github.com/ckan/ckan', 'github.com/ckan/ckan')
    >>> repository("https://github.com/ckan"), repository("https://git.example.org/x.git/")
    ('', 'git.example.org/x')
    """
    found = site(SCP.sub(r"https://\1/", address.strip()))
    if not found:
        return ""
    path = [part for part in WITHIN.sub("", found.page.removeprefix(found.host).casefold()).split("/") if part]
    if found.host in FORGES:
        path = path[:2] if len(path) > 1 else []
    return GIT.sub("", f"{found.host}/{'/'.join(path)}") if path else ""
