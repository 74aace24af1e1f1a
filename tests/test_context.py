"""The JSON-LD context: a name for each term, and what is written with it says the same when it is read."""

import json

import pytest
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from tests.conftest import BASE
from toolbox_graph import context, files
from toolbox_graph.model import Model
from toolbox_graph.namespaces import OWL, PREFIXES, RDF, RDFS, TBG

MODEL = Model(BASE)
CONTEXT = context.context(MODEL)["@context"]
TERMS = {name: entry for name, entry in CONTEXT.items() if name not in PREFIXES and not str(entry).startswith("@")}


def named() -> list[str]:
    """Return the IRIs that have a name."""
    iris = (entry["@id"] if isinstance(entry, dict) else entry for name, entry in TERMS.items() if name != "@version")
    return [PREFIXES[iri.partition(":")[0]] + iri.partition(":")[2] for iri in iris]


def test_the_file_is_what_the_ontology_says() -> None:
    assert (files.ONTOLOGY / "context.jsonld").read_text(encoding="utf-8") == context.write(MODEL)


def test_each_class_and_property_has_one_name() -> None:
    classes = set(map(str, MODEL.ontology.subjects(RDF.type, OWL.Class)))
    assert sorted(named()) == sorted(classes | MODEL.properties.keys() - {str(RDF.type)})


def test_of_two_words_that_end_alike_ours_has_the_short_name() -> None:
    assert (CONTEXT["position"]["@id"], CONTEXT["schema:position"]) == ("tbg:position", "schema:position")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD uses it
@pytest.mark.parametrize(
    "address", ["tool/openfisca", "use-case/grand-debat-national", "organization/etalab", "coalition/contracting-5"]
)
def test_what_is_written_with_it_says_the_same_when_it_is_read(client: FlaskClient, address: str) -> None:
    graph = Graph().parse(data=client.get(f"/{address}.nt").text, format="nt")
    written = graph.serialize(format="json-ld", context=CONTEXT, auto_compact=True)
    assert isomorphic(Graph().parse(data=written, format="json-ld"), graph)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD uses it
def test_a_text_stands_by_its_language_and_a_reference_by_its_address() -> None:
    tool = {
        "id": "urn:a",
        "type": "Tool",
        "label": {"en": "Bell", "fr": "Cloche"},
        "developer": "urn:b",
        "openSource": True,
    }
    graph = Graph().parse(data=json.dumps({"@context": CONTEXT, **tool}), format="json-ld")
    bell = URIRef("urn:a")
    assert set(graph.objects(bell, RDFS.label)) == {Literal("Bell", "en"), Literal("Cloche", "fr")}
    assert graph.value(bell, TBG.developer) == URIRef("urn:b")
    assert graph.value(bell, TBG.openSource) == Literal(lexical_or_value=True)


def test_it_is_served(client: FlaskClient) -> None:
    response = client.get("/context.jsonld")
    assert response.mimetype == "application/ld+json"
    assert response.get_json()["@context"] == CONTEXT
