"""How do the descriptions of the catalogue follow its changes?

They stand in graphs of their own, merged like others, and are a function of all else in the store. Numbers move by what
the touched things add to them (`counting`); what is told of a graph is told anew when the graph or its source has
changed. Nothing of it is journaled: it can always be made again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import cast

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.term import Node

from toolbox_graph.describing import datasets, examples, void
from toolbox_graph.describing.counting import Counted, Counting, Part, Sums
from toolbox_graph.model import Model
from toolbox_graph.namespaces import DCTERMS, PROV, RDFS, TBG, VOID, XSD
from toolbox_graph.negotiation import TURTLE
from toolbox_graph.saved_queries import saved_queries
from toolbox_graph.self_description import DERIVED, DESCRIPTIONS, made
from toolbox_graph.service_description import graph_entry, named_graph, service
from toolbox_graph.store.claims import TYPE, Facts, Field, Said
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.journal import Header
from toolbox_graph.store.quads import Quad, iri, language, node, text_of, value_of

TRIPLES, LABEL, LICENCE = map(node, (VOID.triples, RDFS.label, DCTERMS.license))

CHANGES = f"""
SELECT ?graph ?position ?time WHERE {{
    GRAPH <graph/history> {{
        ?changeset <{TBG.position}> ?position ; <{PROV.generatedAtTime}> ?time
        OPTIONAL {{ ?changeset <{TBG.changed}> ?graph }}
    }}
}}
ORDER BY ?position
"""


class Descriptions:
    """Keeps what the catalogue says of itself in step with a dataset."""

    def __init__(self, model: Model, dataset: Dataset) -> None:
        self._model = model
        self._base = model.base
        self._dataset = dataset
        self._counting = Counting(dataset)
        self._graphs = {name: node(model.base.graph(name)) for name in DESCRIPTIONS}
        self._made = {node(name) for name in made(model.base)}
        everything, catalogue = void.whole(model.base), datasets.name(model.base)
        self._dated = (("void", everything), ("dcat", everything), ("dcat", catalogue))
        self._renamed: set[str] = set()

    def before(self, things: Iterable[str]) -> dict[str, Counted]:
        """Return what is counted of things that are about to change."""
        return {thing: self._counting.of(thing) for thing in things}

    def follow(self, before: Mapping[str, Counted], displaced: Mapping[Field, Facts], said: Mapping[str, Said]) -> None:
        """Bring the numbers up to date after a change, given what was counted and what was shown before it."""
        others = {field: facts for field, facts in displaced.items() if field[0] not in before}
        earlier = {**before, **self._displaced(others)}
        after = {
            thing: self._counting.counted(said[thing]) if thing in said else self._counting.of(thing)
            for thing in earlier
        }
        self._move(self._counting.difference(earlier, after))
        self._renamed |= earlier.keys()

    def _displaced(self, displaced: Mapping[Field, Facts]) -> dict[str, Counted]:
        """Return what was counted of things where something that follows may hide, or hide no more, what is stated."""
        shown: defaultdict[str, Facts] = defaultdict(set)
        for (thing, _), facts in displaced.items():
            shown[thing] |= facts
        return {
            thing: self._counting.counted(self._as_shown(thing, facts, displaced)) for thing, facts in shown.items()
        }

    def _as_shown(self, thing: str, facts: Facts, displaced: Collection[Field]) -> Said:
        said = self._dataset.said(thing)
        others = {fact for fact in said.shown if (thing, fact[0]) not in displaced}
        return said._replace(shown=others | facts)

    def record(self, header: Header, graphs: Collection[str]) -> None:
        """Tell of which state this is, and tell anew of graphs that a changeset has changed, and of sources renamed."""
        time = header.origin.time
        renamed, changed = set(self._graphs_from_renamed()), set(graphs) - self._made
        known = {graph for graph in changed - renamed if self._is_told(graph)}
        self._tell({**dict.fromkeys(renamed, ""), **dict.fromkeys(changed - known, time)}, header.position, time, known)
        self._renamed = set()

    def _is_told(self, graph: str) -> bool:
        """Return whether a graph that states something is told of, so that nothing but the time is new."""
        this = URIRef(iri(graph))
        return any(self._held("dcat", this, DCTERMS.modified)) and any(self._held("service", this, VOID.triples))

    def clear(self) -> None:
        """Take all away."""
        self._dataset.amend([quad for name in self._graphs.values() for quad in self._dataset.graph(name)], [])

    def remake(self, said: Mapping[str, Said]) -> None:
        """Make all anew where there is nothing, given what is said of all things."""
        base = self._base
        told = {
            "void": void.introduction(base),
            "dcat": datasets.introduction(base),
            "service": chain(service(base), *(named_graph(self._model, base.graph(name)) for name in DERIVED)),
            "queries": examples.examples(base, saved_queries().values()),
        }
        self._dataset.amend([], [quad for name, triples in told.items() for quad in self._quads(name, triples)])
        self._move(self._counting.total(said))
        self._tell_history()

    def _tell_history(self) -> None:
        """Tell of each graph, and of the whole, when it changed last."""
        rows = cast(ox.QuerySolutions, self._dataset.store.query(CHANGES, base_iri=self._base.iri))
        changes = [tuple(str(cell or "") for cell in row) for row in rows]
        times = {graph: value_of(time) for graph, _, time in changes}
        stated = {graph: times.get(graph, "") for graph in self._dataset.graphs() if graph not in self._made}
        _, position, time = changes[-1] if changes else ("", "", "")
        self._tell(stated, int(value_of(position)) if position else None, value_of(time) if time else "")

    def _tell(self, times: Mapping[str, str], position: int | None, time: str, known: Iterable[str] = ()) -> None:
        """Tell anew of some graphs, each with the time of its last change where that is known, and of the whole.

        Of graphs that are `known` nothing but the time is new.
        """
        dated = [*self._dated, *(("dcat", URIRef(iri(graph))) for graph in known)]
        held = {quad for each in dated for quad in self._moment_held(*each)}
        held.update(quad for graph in times for quad in self._held_of(graph))
        told = {quad for graph, changed in times.items() for quad in self._told_of(graph, changed)}
        if position is not None:
            told.update(quad for each in dated for quad in self._moment(*each, position, time))
        self._dataset.amend(sorted(held - told), sorted(told - held))

    def _moment(self, name: str, thing: URIRef, position: int, time: str) -> list[Quad]:
        """Return when something was changed, and of the whole in which position."""
        when = [(thing, DCTERMS.modified, Literal(time, datatype=XSD.dateTime))]
        at = [(thing, TBG.position, Literal(position))] if (name, thing) in self._dated else []
        return self._quads(name, [*when, *at])

    def _moment_held(self, name: str, thing: URIRef) -> Iterator[Quad]:
        yield from self._held(name, thing, DCTERMS.modified)
        yield from self._held(name, thing, TBG.position)

    def _told_of(self, graph: str, time: str) -> Iterator[Quad]:
        if not any(self._held("service", URIRef(iri(graph)), VOID.triples)):
            return  # Nobody states anything there any more.
        yield from self._quads("service", named_graph(self._model, iri(graph)))
        yield from self._quads("dcat", datasets.dataset(self._base, self._described(graph, time)))

    def _described(self, graph: str, time: str) -> datasets.Dataset:
        source = self._model.source(iri(graph))
        labels = {language(text): value_of(text) for text in sorted(self._dataset.values(node(source), LABEL))}
        licences = sorted(value for value in self._dataset.values(node(source), LICENCE) if value.startswith("<"))
        known = [value_of(quad.object) for quad in self._held("dcat", URIRef(iri(graph)), DCTERMS.modified)]
        return datasets.Dataset(
            graph=iri(graph),
            source=source if self._dataset.has(node(source), TYPE) else "",
            labels=labels or {"": datasets.key(self._base, iri(graph))},
            licences=tuple(map(iri, licences)),
            modified=time or next(iter(known), ""),
        )

    def _held_of(self, graph: str) -> Iterator[Quad]:
        """Yield what is told of a graph, and what leads to it, but for its size."""
        things = {
            "service": [graph, node(graph_entry(self._base, iri(graph)))],
            "dcat": [graph, node(datasets.distribution(self._base, URIRef(iri(graph)), TURTLE))],
        }
        for name, thing in ((name, thing) for name, each in things.items() for thing in each):
            within = self._graphs[name]
            yield from self._dataset.matching(None, None, thing, within)
            yield from (quad for quad in self._dataset.matching(thing, None, None, within) if quad.predicate != TRIPLES)

    def _graphs_from_renamed(self) -> Iterator[str]:
        """Yield the graphs of sources of which something may have changed."""
        prefix = f"<{self._base.thing('source', '')}"
        if any(thing.startswith(prefix) for thing in self._renamed):
            for graph in self._dataset.graphs():
                if graph not in self._made and node(self._model.source(iri(graph))) in self._renamed:
                    yield graph

    def _move(self, sums: Sums) -> None:
        """Add to the numbers, and tell of the parts that are new, no more of those that are gone."""
        removed: list[Quad] = []
        added: list[Quad] = []
        for part, change in sums.items():
            if change:
                held, told = self._moved(part, change)
                removed += held
                added += told
        self._dataset.amend(removed, added)

    def _moved(self, part: Part, change: int) -> tuple[list[Quad], list[Quad]]:
        """Return what is told of a part no more, and what is told now, where its number has changed."""
        name = "service" if part[-1].kind == "graph" else "void"
        subject, predicate = void.count(self._base, part)
        held = list(self._held(name, subject, predicate))
        number = change + sum(int(value_of(quad.object)) for quad in held)
        told = self._quads(name, [(subject, predicate, Literal(number))]) if number else []
        if held and told:
            return held, told
        definition = self._quads(name, void.definition(self._base, part))
        return (held, [*told, *definition]) if told else ([*held, *definition], told)

    def _held(self, name: str, subject: URIRef, predicate: URIRef) -> Iterator[Quad]:
        return self._dataset.matching(node(subject), node(predicate), None, self._graphs[name])

    def _quads(self, name: str, triples: Iterable[tuple[Node, Node, Node]]) -> list[Quad]:
        graph = self._graphs[name]
        return [
            Quad(text_of(subject), text_of(predicate), text_of(value), graph) for subject, predicate, value in triples
        ]
