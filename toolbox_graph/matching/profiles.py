"""What is a question or a candidate compared by? Its names and addresses in the forms in which they can be the same."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from toolbox_graph.matching import addresses, countries
from toolbox_graph.matching.folding import compact, plain, scripts, variants
from toolbox_graph.matching.meaning import Meaning, initials, is_former, meaning, said_of
from toolbox_graph.matching.records import Candidate


class Addresses(NamedTuple):
    """The addresses of something, in the forms in which two can be the same."""

    pages: frozenset[str]
    hosts: frozenset[str]
    """Without hosts that many share."""
    repositories: frozenset[str]
    given: frozenset[str]
    """The repositories that were given as such; a website may be one too."""
    labels: frozenset[str]
    """What domains and repositories are called."""
    endings: frozenset[str]
    """The countries of which the hosts end."""

    @classmethod
    def of(cls, websites: Sequence[str], repositories: Sequence[str]) -> "Addresses":
        """Return the forms of some addresses."""
        sites = [site for address in websites if (site := addresses.site(address))]
        own = [site for site in sites if not site.shared]
        given = frozenset(filter(None, map(addresses.repository, repositories)))
        called = {compact(site.label) for site in own if site.page in (site.domain, f"{site.host}")}
        return cls(
            pages=frozenset(site.page for site in sites),
            hosts=frozenset(site.host for site in own),
            repositories=given | frozenset(filter(None, map(addresses.repository, websites))),
            given=given,
            labels=frozenset(called | {compact(key.rpartition("/")[2]) for key in given}) - {""},
            endings=frozenset(site.country for site in own) - {""},
        )


class Profile(NamedTuple):
    """A candidate in the forms in which it is compared."""

    names: Sequence[str]
    """Also without what stands in parentheses."""
    exact: frozenset[str]
    labels: frozenset[str]
    """The names that are no further ones, as they are written."""
    plain: frozenset[str]
    """Names in full."""
    outside: frozenset[str]
    """Names that have a part in parentheses, without it."""
    compact: frozenset[str]
    meanings: Sequence[Meaning]
    initials: frozenset[str]
    described: frozenset[str]
    """Concepts of the description."""
    former: bool
    """Whether the description says that it is not any more."""
    described_countries: frozenset[str]
    spoken: frozenset[str]
    """Countries of which names and description speak."""
    addresses: Addresses

    @classmethod
    def of(cls, thing: Candidate) -> "Profile":
        """Return the forms of a candidate."""
        names = spelled(thing.names)
        meanings = [meaning(name) for name in names]
        descriptions = thing.descriptions.get("en", ())
        described_countries = frozenset[str]().union(*map(countries.spoken_of, descriptions))
        return cls(
            names=names,
            exact=frozenset(name.casefold() for name in thing.names),
            labels=frozenset(name.casefold() for names in thing.labels.values() for name in names),
            plain=frozenset(map(plain, thing.names)),
            outside=frozenset(map(plain, names)) - frozenset(map(plain, thing.names)),
            compact=frozenset(map(compact, names)),
            meanings=meanings,
            initials=frozenset(form for name in names for form in initials(name)),
            described=frozenset().union(*map(said_of, descriptions)),
            former=any(map(is_former, descriptions)),
            described_countries=described_countries,
            spoken=described_countries.union(*(said.countries for said in meanings)),
            addresses=Addresses.of(thing.websites, thing.repositories),
        )


def spelled(names: Iterable[str]) -> list[str]:
    """Return names, also without what stands in parentheses, and each script alone where a name is written in two.

    >>> spelled(["YMCA (USA)", "香港公共圖書館 Hong Kong Public Libraries"])[1:]
    ['YMCA', '香港公共圖書館 Hong Kong Public Libraries', '香港公共圖書館', 'Hong Kong Public Libraries']
    """
    return list(dict.fromkeys(one for name in names for one in (*variants(name)[:2], *scripts(name))))
