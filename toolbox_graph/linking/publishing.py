"""How do decisions become statements?

What a person accepted is the very same (owl:sameAs) or, of concepts, means exactly the same (skos:exactMatch); what
they called near is nearly the same (skos:closeMatch). Nothing is ever the same by a score: what the matcher alone is
sure of goes, if at all, to a graph of its own, as nearly the same. Each link says why, by whom and when.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pyoxigraph as ox
from rdflib import Literal, URIRef

from toolbox_graph.errors import NotFound
from toolbox_graph.linking.decisions import Line, Standing, State
from toolbox_graph.linking.naming import IMPORTER, REVIEWED, UNREVIEWED, Names, Triple, moment
from toolbox_graph.linking.proposing import is_undisputed
from toolbox_graph.linking.things import CLOSE, EXACT, SAME, Thing, Things
from toolbox_graph.model import Model
from toolbox_graph.namespaces import PROV, RDF, RDFS, TBG, WD
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.journal import Draft, Origin
from toolbox_graph.store.quads import Quad, canonical, node, text_of

LABELS = {
    REVIEWED: {"en": "Reviewed links", "fr": "Liens vérifiés", "es": "Enlaces revisados"},
    UNREVIEWED: {"en": "Links not reviewed", "fr": "Liens non vérifiés", "es": "Enlaces sin revisar"},
}

CONCEPTS = frozenset({"theme", "tag", "licence"})
"""Kinds of things that are concepts of a list."""


class Link(NamedTuple):
    """A link that is to be published, with the line that decides it."""

    thing: Thing
    predicate: str
    item: str
    source: str
    line: Line
    why: str


class Outcome(NamedTuple):
    """The links to publish, and those that cannot be, each with what is in the way."""

    links: list[Link]
    conflicts: list[str]


def outcome(
    standing: Mapping[str, Standing], things: Things, elsewhere: Mapping[str, Sequence[str]], *, unreviewed: bool
) -> Outcome:
    """Return what decisions come to; `elsewhere` are the things that other sources link to each item."""
    wanted = [link for name, one in sorted(standing.items()) if (link := _link(name, one, things, unreviewed))]
    same: defaultdict[str, set[str]] = defaultdict(set)
    for link in wanted:
        if link.predicate != CLOSE:
            same[link.item].add(link.thing.iri)
    conflicts = {item: sorted({*here, *elsewhere.get(item, ())}) for item, here in same.items()}
    conflicts = {item: both for item, both in conflicts.items() if len(both) > 1}
    return Outcome(
        [link for link in wanted if link.predicate == CLOSE or link.item not in conflicts],
        [f"{item} is said to be {' and '.join(both)}; reject one of them." for item, both in conflicts.items()],
    )


def _link(name: str, one: Standing, things: Things, unreviewed: bool) -> Link | None:
    try:
        thing = things.find(name)
    except NotFound:
        return None  # It was withdrawn since.
    line = one.decision
    if line and line.state is State.ACCEPTED:
        return Link(thing, relation(thing.kind, near=line.near), line.item, REVIEWED, line, why(one, line.item))
    if unreviewed and one.state is State.PROPOSED and is_undisputed(one.left[0], thing):
        assert one.proposal
        return Link(thing, CLOSE, one.left[0]["item"], UNREVIEWED, one.proposal, one.left[0]["why"])
    return None


def relation(kind: str, *, near: bool) -> str:
    """Return the property that links a thing of a kind to the item that it is, or nearly is.

    >>> relation("theme", near=False), relation("tool", near=True)
    ('http://www.w3.org/2004/02/skos/core#exactMatch', 'http://www.w3.org/2004/02/skos/core#closeMatch')
    """
    return CLOSE if near else EXACT if kind in CONCEPTS else SAME


def why(one: Standing, item: str) -> str:
    """Return what the matcher found to speak for an item, if it was proposed."""
    candidates = one.proposal.candidates if one.proposal else ()
    return next((str(entry["why"]) for entry in candidates if entry["item"] == item), "")


def elsewhere(store: ox.Store, model: Model) -> dict[str, list[str]]:
    """Return the things that sources other than this link to each item as the same."""
    own = {graph(model, source) for source in (REVIEWED, UNREVIEWED)}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for predicate in (SAME, EXACT):
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None, None):
            is_link = isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(WD)
            if is_link and isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value not in own:
                found[quad.object.value.removeprefix(WD)].add(quad.subject.value)  # type: ignore[union-attr]
    return {item: sorted(things) for item, things in found.items()}


def graph(model: Model, source: str) -> str:
    """Return the graph of the links of a source."""
    return model.base.graph(IMPORTER, source)


def draft(links: Iterable[Link], dataset: Dataset, model: Model, origin: Origin) -> Draft:
    """Return the change that makes the graphs of links hold these and no others."""
    stated = set(canonical(_statements(list(links), model)))
    held: set[Quad] = set()
    for source in (REVIEWED, UNREVIEWED):
        held.update(dataset.graph(node(graph(model, source))))
    return Draft(origin, sorted(held - stated), sorted(stated - held))


def _statements(links: Sequence[Link], model: Model) -> Iterator[str]:
    for source in (REVIEWED, UNREVIEWED):
        own = [link for link in links if link.source == source]
        place = node(graph(model, source))
        triples = [
            *(_source(source, own, model) if own else ()),
            *(triple for link in own for triple in _triples(link, Names(model.base))),
        ]
        yield from (f"{' '.join(map(text_of, triple))} {place} ." for triple in triples)


def _source(source: str, links: Sequence[Link], model: Model) -> Iterator[Triple]:
    this = URIRef(model.base.thing("source", source))
    yield this, RDF.type, TBG.Source
    yield this, TBG.confirmed, Literal(max(map(_day, links)))
    for language, label in LABELS[source].items():
        yield this, RDFS.label, Literal(label, language)


def _triples(link: Link, names: Names) -> Iterator[Triple]:
    """Yield a link and the claim that tells why it stands, who decided it and when.

    By whom and when it was published is told of the changeset.
    """
    author = names.author(link.line)
    thing, predicate, item = URIRef(link.thing.iri), URIRef(link.predicate), URIRef(WD + link.item)
    claim = URIRef(f"{link.thing.iri}#wikidata-{link.item.lower()}")
    yield thing, predicate, item
    yield claim, RDF.type, TBG.Claim
    yield claim, RDF.subject, thing
    yield claim, RDF.predicate, predicate
    yield claim, RDF.object, item
    yield claim, TBG.rank, TBG["rank-normal"]
    yield claim, TBG.reason, Literal(_reason(link), "en")
    yield claim, TBG.confirmed, Literal(_day(link))
    yield claim, PROV.generatedAtTime, moment(link.line.time)
    yield claim, PROV.wasAttributedTo, author.iri
    yield author.label


def _reason(link: Link) -> str:
    done = "Accepted" if link.source == REVIEWED else "Proposed and not reviewed"
    said = "; ".join(filter(None, (link.why, link.line.why if link.line.why != link.why else "")))
    return f"{done} by {link.line.by}{f': {said}' if said else ''}."


def _day(link: Link) -> date:
    return date.fromisoformat(link.line.time[:10])
