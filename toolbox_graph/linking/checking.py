"""Do our links to Wikidata still lead where they should, and do both sides say the same?

Each disagreement is something to do, for us or for Wikidata; where Wikidata lacks or contradicts what we know, it comes
with the line for QuickStatements that would add it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from toolbox_graph.linking import quickstatements
from toolbox_graph.linking.facts import EXPECTED
from toolbox_graph.linking.quickstatements import COUNTRY, REPOSITORY, WEBSITE, Fact
from toolbox_graph.linking.reports import BOTH, OURS, THEIRS, Finding
from toolbox_graph.linking.things import CLOSE, Thing
from toolbox_graph.matching import countries
from toolbox_graph.matching.addresses import repository, site
from toolbox_graph.matching.comparing import Question, compare
from toolbox_graph.matching.kinds import fits
from toolbox_graph.matching.records import Candidate, Source

LIKE = 60
"""How like the names of both sides have to be."""

LANGUAGES = ("en", "fr", "es")


class Linked(NamedTuple):
    """A link, with what is found at its end and what the item should say."""

    thing: Thing
    predicate: str
    item: str
    found: Candidate | None
    facts: Sequence[Fact]
    is_asked: bool = True
    """Whether it is known by now what is there."""

    def finding(self, about: str, ours: str, theirs: str, turn: str = OURS, line: str = "") -> Finding:
        """Return a disagreement about this link."""
        return Finding(self.thing.name, self.thing.label, self.item, about, ours, theirs, turn, line)


def check(linked: Linked, source: Source, *, knows_all: bool) -> list[Finding]:
    """Return the disagreements of a link; `knows_all` says whether what the item does not tell is not there.

    Of an item that may be the wrong one nothing else is told: nobody should add to it what is true of another thing.
    """
    found = linked.found
    if found is None:
        return [linked.finding("missing", linked.item, "")] if knows_all else []
    doubts = list(_doubts(linked, found, source, knows_all=knows_all))
    merged = [linked.finding("merged", linked.item, found.id)] if found.id != linked.item else []
    if doubts or linked.predicate == CLOSE:
        return [*merged, *doubts]
    return [*merged, *_facts(linked, found, knows_all=knows_all), *(_labels(linked, found) if knows_all else ())]


def _doubts(linked: Linked, found: Candidate, source: Source, *, knows_all: bool) -> Iterator[Finding]:
    """Yield what speaks against an item: it is of another kind, or called otherwise.

    Where the classes are not all known, it is of another kind only if it is of one that excludes ours.
    """
    asked, above = linked.thing.asked, source.classes_above(found.types)
    is_none_of_these = knows_all and asked.types and found.types and not set(asked.types) & above
    if is_none_of_these or fits(asked.types, above) < 0:
        yield linked.finding("kind", linked.thing.kind, ", ".join(_named(found.types, source)))
    name = compare(Question.of(asked), found, above)["name"]
    if found.names and name < LIKE and linked.predicate != CLOSE:
        yield linked.finding("name", linked.thing.label, found.label())


def _named(items: Sequence[str], source: Source) -> Iterator[str]:
    known = source.by_id(items)
    yield from (f"{known[item].label()} ({item})" if item in known else item for item in items)


def _facts(linked: Linked, found: Candidate, *, knows_all: bool) -> Iterator[Finding]:
    """Yield the properties in which both sides differ, or that one of them lacks."""
    compared: Mapping[str, tuple[Sequence[str], Callable[[str, Sequence[str]], bool]]] = {
        WEBSITE: (found.websites, _are_sites_alike),
        REPOSITORY: (found.repositories, _are_repositories_alike),
        COUNTRY: (found.countries, countries.agree),
    }
    for name in EXPECTED.get(linked.thing.kind, ()):
        theirs, are_alike = compared[name]
        facts = [fact for fact in linked.facts if fact.property == name]
        ours = [linked.thing.asked.country] if name == COUNTRY else [fact.value for fact in facts]
        if any(are_alike(one, theirs) for one in ours):
            continue
        line = quickstatements.line(facts[0]) if facts else ""
        if facts and theirs:
            yield linked.finding(name, ", ".join(ours), ", ".join(theirs), BOTH, line)
        elif facts and knows_all:
            yield linked.finding(name, ", ".join(ours), "", THEIRS, line)
        elif theirs and name != COUNTRY:
            yield linked.finding(name, "", ", ".join(theirs))


def _are_sites_alike(ours: str, theirs: Sequence[str]) -> bool:
    """Tell whether an address is on one of the same hosts, or the same page where a host has many."""
    own = site(ours)
    others = [other for address in theirs if (other := site(address))]
    if ours.rstrip("/") in {address.rstrip("/") for address in theirs}:
        return True
    return any(own and own.host == other.host and (not own.shared or own == other) for other in others)


def _are_repositories_alike(ours: str, theirs: Sequence[str]) -> bool:
    return repository(ours) in map(repository, theirs)


def _labels(linked: Linked, found: Candidate) -> Iterator[Finding]:
    """Yield the languages in which the item has no name and we know one."""
    for language in LANGUAGES:
        ours = linked.thing.labels.get(language)
        if ours and not {language, "mul"} & found.labels.keys():
            line = quickstatements.label(found.id, language, ours)
            yield linked.finding(f"L{language}", ours, "", THEIRS, line)
