"""What tells things apart is read once: by the Reconciliation API and by who asks Wikidata, from the same properties."""

import pytest

from tests.conftest import BASE, origin, quads
from toolbox_graph.changes import Repository
from toolbox_graph.evidence import IDENTIFIER, Evidence, classes, matches
from toolbox_graph.linking.things import Things as Linked
from toolbox_graph.matching.kinds import classes_of
from toolbox_graph.model import Model
from toolbox_graph.namespaces import OWL, SKOS
from toolbox_graph.reconciliation.things import Things
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import canonical, node

MODEL = Model.of(BASE)

SAID = """
    <id/tool/door> dct:spatial <id/country/fr> ; schema:codeRepository <https://github.com/house/door> ;
        tbg:debianPackage "door" .
    <id/tool/roof> tbg:debianPackage "roof", "roof-tiles" ; schema:countryOfOrigin <id/country/fr> ;
        dct:spatial <id/country/de> .
    <id/country/de> a schema:Country ; rdfs:label "Germany"@en, "Allemagne"@fr, "Alemania"@es ;
        tbg:alpha2Code "DE" ; tbg:alpha3Code "DEU" ; tbg:numericCode "276" .
    <id/licence/mit> a dct:LicenseDocument ; rdfs:label "MIT License"@en ; skos:inScheme tbg:licences ;
        tbg:spdxIdentifier "MIT" ; tbg:osiApproved true .
"""


@pytest.fixture
def told(house: Repository) -> Repository:
    """The house, of which more is told."""
    added = sorted(canonical(map(str, quads(SAID, node(BASE.graph("house", "gamma"))))))
    house.commit(Draft(origin(), [], added), since=1)
    return house


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("country/fr", {"P297": "FR", "P298": "FRA", "P299": "250"}),
        ("country/de", {"P297": "DE", "P298": "DEU", "P299": "276"}),
        ("licence/mit", {"P2479": "MIT"}),
        ("tool/door", {"P3442": "door"}),
        ("tool/roof", {}),
        ("tool/wall", {}),
    ],
)
def test_wikidata_is_asked_for_each_identifier_that_it_has_and_of_which_a_thing_has_one(
    told: Repository, name: str, ids: dict[str, str]
) -> None:
    with told.open() as generation:
        assert Linked(generation.store, MODEL).find(name).asked.ids == ids


@pytest.mark.parametrize(
    ("name", "country"),
    [("country/fr", "FR"), ("tool/wall", "FR"), ("tool/door", "FR"), ("tool/roof", ""), ("licence/mit", "")],
)
def test_a_thing_is_asked_for_in_a_country_if_it_is_in_one_alone(told: Repository, name: str, country: str) -> None:
    with told.open() as generation:
        assert Linked(generation.store, MODEL).find(name).asked.country == country


@pytest.mark.parametrize("name", ["country/fr", "tool/door", "tool/roof", "tool/wall"])
def test_both_ways_of_matching_know_the_same_of_a_thing(told: Repository, name: str) -> None:
    with told.open() as generation:
        asked = Linked(generation.store, MODEL).find(name).asked
        candidate = Things(generation.store, MODEL).find(name.replace("/", "-"))
    assert candidate
    assert (asked.websites, asked.repositories) == (candidate.websites, candidate.repositories)
    assert asked.country in ("", *candidate.countries)


def test_each_identifier_has_its_property_in_wikidata_but_the_links_to_it() -> None:
    evidence = Evidence.of(MODEL)
    missing = set(evidence.properties(IDENTIFIER)) - evidence.in_wikidata.keys()
    assert missing == {str(OWL.sameAs), str(SKOS.exactMatch)}


def test_two_properties_are_never_the_same_property_of_wikidata() -> None:
    same = list(Evidence.of(MODEL).in_wikidata.values())
    assert sorted(set(same)) == sorted(same)


@pytest.mark.parametrize(
    ("kind", "among"),
    [
        ("tool", classes_of("tool")),
        ("organization", classes_of("organisation")),
        ("country", classes_of("country")),
        ("licence", ["Q79719"]),
        ("use-case", []),
    ],
)
def test_the_ontology_and_the_table_tell_of_which_classes_a_kind_is(kind: str, among: list[str]) -> None:
    assert set(classes(MODEL, kind)) >= set(among)


def test_a_kind_without_a_class_of_wikidata_may_be_of_any() -> None:
    assert classes(MODEL, "use-case") == ()


def test_an_item_is_no_property() -> None:
    assert matches(MODEL, MODEL.kinds["organization"].iri) == ["Q43229"]
    assert not {one for one in Evidence.of(MODEL).in_wikidata.values() if one.startswith("Q")}
