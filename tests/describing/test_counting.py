"""The numbers that describe the catalogue: right at once, and right after every change."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import cast

import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from tests.conftest import BASE, examples, flips, origin, quads, steps
from toolbox_graph import self_description
from toolbox_graph.derivation import Deriver
from toolbox_graph.describing.keeping import Descriptions
from toolbox_graph.model import Model
from toolbox_graph.namespaces import PREFIXES
from toolbox_graph.self_description import DERIVED, DESCRIPTIONS
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.generations import Generations
from toolbox_graph.store.journal import Changeset, Header
from toolbox_graph.store.quads import Quad, node

MODEL = Model(BASE)
ALPHA, BETA = (node(BASE.graph("house", source)) for source in ("alpha", "beta"))


@cache
def template() -> bytes:
    """Return what a store holds that describes itself, and in which nobody has stated anything yet."""
    dataset = Dataset(ox.Store(), MODEL)
    Descriptions(MODEL, dataset).remake({})
    return dataset.store.dump(format=ox.RdfFormat.N_QUADS) or b""


class World:
    """A dataset in memory that describes itself, as a writer's does."""

    def __init__(self, *stated: Quad) -> None:
        store = ox.Store()
        store.bulk_load(template(), ox.RdfFormat.N_QUADS)
        self.dataset = Dataset(store, MODEL)
        self.deriver = Deriver(MODEL, self.dataset)
        self.descriptions = Descriptions(MODEL, self.dataset)
        self.position = -1
        self.change(added=stated)

    def change(self, *, removed: Iterable[Quad] = (), added: Iterable[Quad] = ()) -> None:
        """Remove and add statements, what follows from them, and what is counted of them."""
        gone, new = sorted(removed), sorted(added)
        touched = self.dataset.touched(gone) | self.dataset.touched(new)
        counted, reached = self.descriptions.before(touched), self.deriver.reached(touched)
        said = self.dataset.apply(gone, new)
        self.dataset.reread(said, self.deriver.derive(said, reached))
        self.descriptions.follow(counted, self.deriver.displaced, said)
        self.position += 1
        changeset = Changeset(Header(self.position, "", "", 0, origin()), gone, new)
        self.dataset.apply([], self_description.history(MODEL, changeset))
        self.descriptions.record(changeset.header, {quad.graph for quad in (*gone, *new)})

    def remake(self) -> None:
        """Make all descriptions anew."""
        self.descriptions.clear()
        self.descriptions.remake({thing: self.dataset.said(thing) for thing in self.dataset.subjects()})

    def described(self) -> set[Quad]:
        """Return all that the descriptions say, and what is shown of it."""
        graphs = {"", *(node(BASE.graph(name)) for name in DESCRIPTIONS)}
        return {quad for quad in map(_plain, self.dataset.store) if quad.graph in graphs}

    def number(self, subject: str, predicate: str) -> int:
        """Return a number that the descriptions tell, 0 where they tell none."""
        text = f"SELECT ?n {{ {subject} {predicate} ?n }}"
        rows = self.dataset.store.query(text, base_iri=BASE.iri, prefixes=PREFIXES)
        return sum(int(row["n"].value) for row in cast(ox.QuerySolutions, rows))


def _plain(quad: ox.Quad) -> Quad:
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
    return Quad(str(quad.subject), str(quad.predicate), str(quad.object), graph)


WHOLE = "<.well-known/void#catalogue>"


def test_a_statement_that_two_make_counts_once() -> None:
    text = "<id/tool/a> foaf:homepage <https://a.org/> ."
    world = World(*quads(text), *quads(text, BETA))
    assert world.number(WHOLE, "void:triples") == 1


def test_what_follows_does_not_count() -> None:
    world = World(*quads("<id/tool/a> tbg:interoperableWith <id/tool/b> ."))
    assert world.number(WHOLE, "void:triples") == 1


def test_a_part_of_a_thing_is_a_subject_and_no_entity() -> None:
    world = World(*quads('<id/tool/a> rdfs:label "A" . <id/tool/a#claim> tbg:rank tbg:rank-normal .'))
    assert world.number(WHOLE, "void:distinctSubjects") == 2
    assert world.number(WHOLE, "void:entities") == 1


def test_a_graph_has_what_it_states_shown_or_not() -> None:
    one = quads("<id/tool/a> a tbg:Tool ; tbg:openSource true .")
    other = quads("<id/tool/a> tbg:openSource false .", BETA)
    world = World(*one, *other)
    assert world.number(BETA, "void:triples") == 1
    assert world.number("<.well-known/void#property/tbg:openSource>", "void:triples") == 1


def test_values_count_by_datatype() -> None:
    world = World(*quads('<id/tool/a> a tbg:Tool ; rdfs:label "A"@fr, "A" .'))
    part = ".well-known/void#class/tbg:Tool/property/rdfs:label"
    assert world.number(f"<{part}>", "void:triples") == 2
    assert world.number(f"<{part}/datatype/rdf:langString>", "void:triples") == 1


def test_links_count_by_where_they_lead() -> None:
    world = World(*quads("<id/tool/a> owl:sameAs wd:Q1 . <id/tool/b> owl:sameAs wd:Q2, <https://example.org/b> ."))
    assert world.number("<.well-known/void#links/owl:sameAs/target/wd:>", "void:triples") == 2


def test_a_thing_that_gets_a_class_is_counted_where_others_point_to_it() -> None:
    world = World(*quads("<id/tool/a> a tbg:Tool ; dcat:theme <id/theme/t> ."))
    world.change(added=quads("<id/theme/t> a skos:Concept ."))
    assert (
        world.number("<.well-known/void#class/tbg:Tool/property/dcat:theme/object/skos:Concept>", "void:triples") == 1
    )


def test_of_what_is_gone_nothing_is_told() -> None:
    world = World()
    world.change()
    before = told(world)
    text = quads("<id/tool/a> a tbg:Tool ; owl:sameAs wd:Q1 ; dcat:theme <id/tool/a> .")
    world.change(added=text)
    world.change(removed=text)
    assert told(world) == before


def told(world: World) -> set[Quad]:
    """Return what the descriptions say but for the position."""
    return {quad for quad in world.described() if quad.graph and "position" not in quad.predicate}


POSSIBLE = sorted(
    {
        *quads(
            """
            <id/tool/a> a tbg:Tool, tbg:Software ; rdfs:label "A", "A"@fr ; owl:sameAs wd:Q1, <https://a.org/> .
            <id/tool/a> dct:license <https://spdx.org/licenses/MIT> ; tbg:openSource false ; dcat:theme <id/theme/t> .
            <id/tool/b> a tbg:Tool ; tbg:interoperableWith <id/tool/a>, <id/tool/b> ; tbg:openSource true .
            <id/theme/t> a skos:Concept ; skos:broader <id/theme/u> .
            <id/theme/u> a skos:Concept .
            <id/use-case/u> tbg:usesTool <id/tool/a> ; dcat:theme <id/theme/u> .
            <id/licence/mit> skos:exactMatch <https://spdx.org/licenses/MIT> ; tbg:osiApproved true .
            <id/tool/a#claim> rdf:subject <id/tool/a> ; rdf:predicate rdf:type ; rdf:object tbg:Software .
            <id/tool/a#claim> tbg:rank tbg:rank-deprecated .
            <id/source/beta> tbg:confirmed "2026-11-28"^^xsd:date .
            """
        ),
        *quads(
            """
            <id/tool/a> a tbg:Tool ; rdfs:label "Other"@fr ; tbg:openSource true ; owl:sameAs wd:Q1 .
            <id/theme/t> a skos:Concept .
            """,
            BETA,
        ),
    }
)


@settings(deadline=None, max_examples=examples(25))
@given(changes=flips(POSSIBLE))
def test_change_by_change_comes_to_the_same_as_all_at_once(changes: list[set[Quad]]) -> None:
    world = World()
    for removed, added in steps(changes):
        world.change(removed=removed, added=added)
    followed = world.described()
    world.remake()
    assert world.described() == followed


STATED = f"FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g NOT IN ({', '.join(f'<graph/{n}>' for n in DERIVED)})) }}"

COUNTS = {
    "class": (
        "?s ?p ?o FILTER(?p = rdf:type)",
        "?o",
        "<.well-known/void#catalogue> void:classPartition [ void:class ?key ; void:entities ?n ]",
    ),
    "property": (
        "?s ?p ?o",
        "?p",
        "<.well-known/void#catalogue> void:propertyPartition [ void:property ?key ; void:triples ?n ]",
    ),
    "property of a class": (
        "?s ?p ?o . ?s a ?class",
        "CONCAT(STR(?class), ' ', STR(?p))",
        "[ void:class ?c ; void:propertyPartition [ void:property ?d ; void:triples ?n ] ] BIND(CONCAT(STR(?c), ' ', STR(?d)) AS ?key)",
    ),
    "datatype": (
        "?s ?p ?o . ?s a ?class FILTER(isLiteral(?o))",
        "CONCAT(STR(?class), ' ', STR(?p), ' ', STR(DATATYPE(?o)))",
        "[ void:class ?c ; void:propertyPartition [ void:property ?d ; ext:datatypePartition [ ext:datatype ?e ; void:triples ?n ] ] ]"
        " BIND(CONCAT(STR(?c), ' ', STR(?d), ' ', STR(?e)) AS ?key)",
    ),
    "class that is pointed to": (
        "?s ?p ?o . ?s a ?class . ?o a ?other FILTER EXISTS { GRAPH ?h { ?o a ?other } FILTER(?h NOT IN (<graph/ontology>, <graph/derived>)) } FILTER(?p != rdf:type)",
        "CONCAT(STR(?class), ' ', STR(?p), ' ', STR(?other))",
        "[ void:class ?c ; void:propertyPartition [ void:property ?d ; void:classPartition [ void:class ?e ; void:triples ?n ] ] ]"
        " BIND(CONCAT(STR(?c), ' ', STR(?d), ' ', STR(?e)) AS ?key)",
    ),
}  # fmt: skip
"""What is counted: which statements, by what, and where the description tells it."""


@pytest.mark.parametrize("what", COUNTS)
def test_the_numbers_of_the_bundled_catalogue_are_those_that_a_query_finds(catalogue: Path, what: str) -> None:
    statements, key, told = COUNTS[what]
    with Generations(catalogue / "generations").open() as generation:
        prefixes = {**PREFIXES, "ext": "http://ldf.fi/void-ext#"}

        def ask(text: str) -> dict[str, int]:
            rows = generation.store.query(text, base_iri=BASE.iri, prefixes=prefixes)
            return {str(row["key"]): int(row["n"].value) for row in cast(ox.QuerySolutions, rows)}

        counted = ask(
            f"SELECT ?key (COUNT(*) AS ?n) {{ {{ {statements} }} {STATED} BIND({key} AS ?key) }} GROUP BY ?key"
        )
        assert ask(f"SELECT ?key ?n {{ {told} }}") == counted


def test_a_graph_with_a_foreign_name_is_had_from_the_graph_store() -> None:
    world = World(*quads("<id/tool/a> a tbg:Tool .", "<https://example.org/graph#1>"))
    address = "<graph-store?graph=https%3A%2F%2Fexample.org%2Fgraph%231>"
    ask = f"ASK {{ <https://example.org/graph#1> dcat:distribution [ dcat:accessURL {address} ] }}"
    assert world.dataset.store.query(ask, base_iri=BASE.iri, prefixes=PREFIXES)


def test_a_source_is_named_once_it_is_known() -> None:
    world = World(*quads("<id/tool/a> a tbg:Tool ."))
    ask = "ASK { <graph/house/alpha> prov:wasDerivedFrom <id/source/alpha> ; dct:title 'Alpha'@en }"
    assert not world.dataset.store.query(ask, base_iri=BASE.iri, prefixes=PREFIXES)
    world.change(added=quads('<id/source/alpha> a tbg:Source ; rdfs:label "Alpha"@en .', BETA))
    assert world.dataset.store.query(ask, base_iri=BASE.iri, prefixes=PREFIXES)
