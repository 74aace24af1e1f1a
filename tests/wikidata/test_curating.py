"""A curator's walk: from proposals to published links, to what others can take, to what is to be mended."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox
import pytest
import yaml
from click.testing import CliRunner, Result
from rdflib import PROV, RDF, Graph, URIRef

from tests.conftest import BASE, origin, quads
from tests.wikidata.conftest import CONTACT
from tests.wikidata.standin import Standin
from toolbox_graph import cli
from toolbox_graph.assembly import Service
from toolbox_graph.changes import Repository
from toolbox_graph.errors import DONE, ENVIRONMENT, USAGE
from toolbox_graph.linking.decisions import Decisions
from toolbox_graph.settings import Settings
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import canonical, iri, node
from toolbox_graph.web.app import create_app

DOOR, ROOF, FRANCE, LICENCE = "Q900000001", "Q900000003", "Q142", "Q900000006"
LISTED = 'tbg:spdxIdentifier "MIT" ; tbg:osiApproved true ; skos:inScheme tbg:licences'
GRAPH = BASE.graph("reconciliation", "reconciliation")
UNREVIEWED = BASE.graph("reconciliation", "reconciliation-unreviewed")


class Desk:
    """Where a curator works: a small catalogue, and Wikidata's stand-in."""

    def __init__(self, house: Repository, address: str) -> None:
        self.house = house
        self.environment = {
            "TOOLBOX_DATA": str(house.folder),
            "TOOLBOX_CONTACT": CONTACT,
            "TOOLBOX_WIKIDATA": address,
            "TOOLBOX_WIKIDATA_SPARQL": f"{address}sparql",
            "XDG_CACHE_HOME": str(house.folder / "cache"),
        }

    def call(self, *arguments: str, typed: str | None = None, **settings: str) -> Result:
        """Call the program as a person would."""
        environment = {**self.environment, **settings}
        return CliRunner(env=environment).invoke(cli.main, ["reconcile", *arguments], input=typed)

    def result(self, *arguments: str, **options: Any) -> Any:
        """Return the result that a command gives as JSON."""
        done = self.call(*arguments, "--json", **options)
        assert done.exit_code == DONE, done.output
        return json.loads(done.stdout)

    def propose(self) -> None:
        """Have items proposed for the tools of the house and the country where it stands."""
        self.result("wikidata", "tools")
        self.result("wikidata", "countries")

    def add(self, text: str, source: str = "gamma") -> None:
        """Add statements in Turtle to the catalogue, as a source makes them."""
        with self.house.open() as generation:
            since = generation.name.position
        added = sorted(canonical(map(str, quads(text, node(BASE.graph("house", source))))))
        self.house.commit(Draft(origin(), [], added), since=since)

    def links(self, graph: str = "") -> set[str]:
        """Return the links of a graph, or of the merge, as short texts."""
        where = f"GRAPH <{graph}> {{ ?thing ?link ?item }}" if graph else "?thing ?link ?item"
        ours = f"STRSTARTS(STR(?thing), '{BASE.iri}id/') && !CONTAINS(STR(?thing), '#')"
        theirs = "STRSTARTS(STR(?item), 'http://www.wikidata.org/entity/')"
        with self.house.open() as generation:
            rows = generation.store.query(f"SELECT ?thing ?link ?item {{ {where} FILTER({ours} && {theirs}) }}")
            assert isinstance(rows, ox.QuerySolutions)
            return {" ".join(re.split(r"[/#]", iri(str(term)))[-1] for term in row) for row in rows}


@pytest.fixture
def desk(house: Repository, server: tuple[Standin, str], standin: Standin) -> Iterator[Desk]:
    """A desk of one's own."""
    yield Desk(house, server[1])
    standin.items = Standin().items


def test_items_are_proposed_with_confidence_and_evidence(desk: Desk) -> None:
    report = desk.result("wikidata", "tools")
    best = {
        one["thing"]: (one["item"], one["evidence"], one["confidence"], one["match"]) for one in report["proposals"]
    }
    assert best == {
        "tool/door": (DOOR, "address", 0.97, True),
        "tool/roof": (ROOF, "name", 0.95, True),
        "tool/wall": ("", "none", 0, False),
    }
    assert report["counts"] == {"address": 1, "name": 1, "nothing found": 1}


def test_a_country_is_known_by_its_code(desk: Desk) -> None:
    [france] = desk.result("wikidata", "countries")["proposals"]
    assert (france["item"], france["evidence"]) == (FRANCE, "identifier")


def test_a_licence_is_known_by_its_identifier_and_can_be_published(desk: Desk) -> None:
    desk.add(f'<id/licence/mit> a dct:LicenseDocument ; rdfs:label "Expat"@en ; {LISTED} .')
    [licence] = desk.result("wikidata", "licences")["proposals"]
    assert (licence["item"], licence["evidence"]) == (LICENCE, "identifier")
    desk.result("review", "licences", "--accept-class", "identifier")
    desk.result("apply")
    assert desk.links(GRAPH) == {f"mit exactMatch {LICENCE}"}


@pytest.mark.parametrize("kind", ["organizations", "use-cases"])
def test_where_there_is_nothing_nothing_is_proposed(desk: Desk, kind: str) -> None:
    assert desk.result("wikidata", kind)["proposals"] == []


def test_as_many_are_asked_for_as_one_likes(desk: Desk) -> None:
    assert desk.result("wikidata", "tools", "--limit", "1")["asked"] == 1


def test_nobody_asks_wikidata_without_saying_who_they_are(desk: Desk, standin: Standin) -> None:
    done = desk.call("wikidata", "tools", TOOLBOX_CONTACT="")
    assert (done.exit_code, "TOOLBOX_CONTACT" in done.stderr) == (USAGE, True)
    assert standin.seen == []


def test_offline_nobody_is_asked_and_the_same_is_found(desk: Desk, standin: Standin) -> None:
    online = desk.result("wikidata", "tools")
    standin.seen.clear()
    offline = desk.result("wikidata", "tools", "--offline", TOOLBOX_CONTACT="")
    assert offline["proposals"][0]["candidates"] == online["proposals"][0]["candidates"]
    assert standin.seen == []


def test_offline_what_was_never_asked_is_told_apart_from_what_is_not_there(desk: Desk) -> None:
    desk.result("wikidata", "tools", "--limit", "1")
    assert desk.result("wikidata", "tools", "--offline")["counts"] == {"address": 1, "not asked before": 2}


def test_offline_links_that_were_never_asked_for_cannot_be_checked(desk: Desk) -> None:
    desk.add(f"<id/tool/door> owl:sameAs wd:{DOOR} .")
    done = desk.call("check", "--offline")
    assert (done.exit_code, "without --offline" in done.stderr) == (USAGE, True)


def test_offline_what_can_be_checked_is_checked_and_the_others_are_counted(desk: Desk) -> None:
    desk.add(f"<id/tool/roof> owl:sameAs wd:{ROOF} ; foaf:homepage <https://roof.example.net/> .")
    online = desk.result("check")
    desk.add(f"<id/tool/door> owl:sameAs wd:{DOOR} .")
    offline = desk.result("check", "--offline", TOOLBOX_CONTACT="")
    assert offline["findings"] == online["findings"]
    assert [(one["links"], one["unasked"]) for one in (online, offline)] == [(1, 0), (1, 1)]


def test_offline_one_is_told_what_was_not_checked_and_what_to_do(desk: Desk) -> None:
    desk.add(f"<id/tool/roof> owl:sameAs wd:{ROOF} .")
    desk.result("check")
    desk.add(f"<id/tool/door> owl:sameAs wd:{DOOR} .")
    done = desk.call("check", "--offline")
    assert "1 links were not checked, Wikidata was never asked for them; run once without --offline." in done.stderr
    client = create_app(Service(Settings(data=desk.house.folder))).test_client()
    assert "1 more links were not checked" in client.get("/quality/wikidata").text


def test_offline_a_check_that_can_check_nothing_leaves_the_last_one_as_it_was(desk: Desk) -> None:
    desk.result("check")
    kept = (desk.house.folder / "reconciliation/check.json").read_bytes()
    desk.add(f"<id/tool/door> owl:sameAs wd:{DOOR} .")
    assert desk.call("check", "--offline").exit_code == USAGE
    assert (desk.house.folder / "reconciliation/check.json").read_bytes() == kept


@pytest.mark.parametrize("arguments", [("wikidata", "tools"), ("check",), ("export",), ("apply",)])
def test_without_a_data_folder_none_is_made(desk: Desk, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = desk.call(*arguments, TOOLBOX_DATA=str(tmp_path / "nothing"))
    assert (done.exit_code, (tmp_path / "nothing").exists()) == (ENVIRONMENT, False)


def test_a_slice_takes_the_place_of_wikidata(desk: Desk, tmp_path: Path, standin: Standin) -> None:
    path = tmp_path / "slice.jsonl"
    path.write_text(json.dumps({"id": DOOR, "labels": {"en": "Door"}, "P856": ["https://door.example.org/"]}))
    report = desk.result("wikidata", "tools", "--slice", str(path), TOOLBOX_CONTACT="")
    assert (report["proposals"][0]["item"], standin.seen) == (DOOR, [])


def test_the_same_is_not_proposed_twice(desk: Desk) -> None:
    desk.propose()
    first = desk.result("review")
    desk.propose()
    assert desk.result("review") == first


def test_what_the_catalogue_has_no_more_is_not_asked_for(desk: Desk) -> None:
    desk.propose()
    decisions = Decisions(desk.house.folder)
    decisions.add(decisions.lines()[0]._replace(thing="tool/gone"))
    assert desk.call("review", "tools", typed="sss").exit_code == DONE
    assert "tool/gone" not in [one["thing"] for one in desk.result("review")]


def test_what_somebody_else_decides_meanwhile_is_told_at_the_terminal(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.propose()
    keys = iter("aq")

    def press(*, echo: bool) -> str:
        key = next(keys)
        if key == "a":
            desk.result("decide", "tool/door", "new", "--by", "eve")
        return key

    monkeypatch.setattr(click, "getchar", press)
    told = desk.call("review", "tools")
    assert "Meanwhile eve said “new” of tool/door" in told.stderr
    assert [one.by for one in Decisions(desk.house.folder).lines()][-1] == "eve"


def test_both_records_are_shown_with_the_reason(desk: Desk) -> None:
    desk.propose()
    shown = desk.call("review", "tools", typed="q").stderr
    for text in ("tool/door", DOOR, "https://door.example.org/", "http://www.door.example.org", "the same website"):
        assert text in shown


@pytest.mark.parametrize(
    ("keys", "decided"),
    [
        ("a", [("tool/door", "accepted", DOOR, False)]),
        ("c", [("tool/door", "accepted", DOOR, True)]),
        ("2r", [("tool/door", "rejected", "Q900000002", False)]),
        ("s", [("tool/door", "skipped", "", False)]),
        ("n", [("tool/door", "new", "", False)]),
        ("au", []),
        ("xsa", [("tool/door", "skipped", "", False), ("tool/roof", "accepted", ROOF, False)]),
    ],
)
def test_a_key_decides(desk: Desk, keys: str, decided: list[tuple[str, str, str, bool]]) -> None:
    desk.propose()
    made = desk.call("review", "tools", typed=f"{keys}q")
    assert made.exit_code == DONE, made.output
    lines = [json.loads(one) for one in (desk.house.folder / "reconciliation/decisions.jsonl").read_text().splitlines()]
    gone = {one.get("undoes") for one in lines}
    found = [
        (one["thing"], one["state"], one.get("item", ""), one.get("near", False))
        for number, one in enumerate(lines, 1)
        if one["state"] not in ("proposed", "undone") and number not in gone
    ]
    assert found == decided


def test_what_is_undone_is_asked_again(desk: Desk) -> None:
    desk.propose()
    made = desk.result("decide", "tool/door", "accept")
    assert "tool/door" not in [one["thing"] for one in desk.result("review")]
    desk.result("undo", str(made["number"]))
    assert "tool/door" in [one["thing"] for one in desk.result("review")]


def test_a_class_of_evidence_is_accepted_as_a_whole(desk: Desk) -> None:
    desk.propose()
    accepted = desk.result("review", "--accept-class", "identifier", "--by", "ada")
    assert [(one["thing"], one["item"], one["by"]) for one in accepted] == [("country/fr", FRANCE, "ada")]


def test_what_contradicts_a_link_is_never_accepted_as_a_whole(desk: Desk) -> None:
    desk.add("<id/country/fr> owl:sameAs wd:Q183 .")
    report = desk.result("wikidata", "countries", "--linked")
    assert report["proposals"][0]["linked"] == ["Q183"]
    assert desk.result("review", "--accept-class", "identifier") == []


def test_what_was_rejected_is_never_proposed_again(desk: Desk) -> None:
    desk.propose()
    desk.result("decide", "tool/door", "reject", DOOR, "--why", "another door")
    desk.add('<id/tool/door> skos:altLabel "Portal"@en .')
    report = desk.result("wikidata", "tools")
    assert DOOR not in [one["item"] for one in report["proposals"][0]["candidates"]]


def test_what_was_accepted_is_proposed_anew_when_it_has_changed_here(desk: Desk) -> None:
    desk.propose()
    desk.result("decide", "tool/door", "accept")
    desk.result("wikidata", "tools")
    assert [one["thing"] for one in desk.result("review", "tools")] == ["tool/roof"]
    desk.add('<id/tool/door> skos:altLabel "Portal"@en .')
    desk.result("wikidata", "tools")
    assert [one["thing"] for one in desk.result("review", "tools")] == ["tool/door", "tool/roof"]


def test_what_was_accepted_is_proposed_anew_when_it_has_changed_there(desk: Desk, standin: Standin) -> None:
    desk.propose()
    desk.result("decide", "tool/door", "accept")
    standin.items[DOOR] = {**standin.items[DOOR], "labels": {"en": {"language": "en", "value": "Door (program)"}}}
    (desk.house.folder / "reconciliation/answers.sqlite").unlink()
    desk.result("wikidata", "tools")
    assert "tool/door" in [one["thing"] for one in desk.result("review", "tools")]


def test_an_item_that_was_not_proposed_can_be_accepted(desk: Desk) -> None:
    desk.result("decide", "tool/wall", "accept", "Q900000002", "--near")
    desk.result("apply")
    assert desk.links() == {"wall closeMatch Q900000002"}


@pytest.mark.parametrize(
    "arguments", [("tool/nothing", "new"), ("tool/wall", "accept"), ("tool/wall", "accept", "CKAN")]
)
def test_a_decision_of_nothing_is_refused(desk: Desk, arguments: tuple[str, ...]) -> None:
    assert desk.call("decide", *arguments).exit_code == USAGE


def test_what_was_accepted_is_published_with_reason_person_and_day(desk: Desk) -> None:
    desk.propose()
    desk.result("decide", "tool/door", "accept", "--by", "ada", "--why", "its maker says so")
    done = desk.result("apply")
    assert (done["links"], done["conflicts"], done["position"]) == (1, [], 2)
    assert desk.links(GRAPH) == desk.links() == {f"door sameAs {DOOR}"}
    [change] = [one for one in desk.house.history() if one.header.position == 2]
    said = "\n".join(map(str, change.added))
    assert "Accepted by ada: a" not in said
    assert "Accepted by ada: the same name, the same website, of that kind; its maker says so." in said
    assert change.header.origin.importer == "reconciliation"


@pytest.mark.parametrize(
    ("options", "source", "author", "called"),
    [
        ([], GRAPH, "by-ada", "ada"),
        (["--unreviewed"], UNREVIEWED, f"toolbox-graph-{version('toolbox-graph')}", "Toolbox Graph"),
    ],
)
def test_a_claim_says_who_decided_the_link_and_when(
    desk: Desk, options: list[str], source: str, author: str, called: str
) -> None:
    desk.propose()
    if source == GRAPH:
        desk.result("decide", "country/fr", "accept", "--by", "ada")
    desk.result("apply", *options)
    lines = [json.loads(one) for one in (desk.house.folder / "reconciliation/decisions.jsonl").read_text().splitlines()]
    time = [one["time"] for one in lines if one["thing"] == "country/fr"][-1]
    asked = f"""PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        ASK {{ GRAPH <{source}> {{ <{BASE.thing("country", "fr")}#wikidata-q142> prov:generatedAtTime "{time}"^^xsd:dateTime ;
               prov:wasAttributedTo <{GRAPH}#{author}> . <{GRAPH}#{author}> rdfs:label ?name
               FILTER(STRSTARTS(?name, "{called}")) }} }}"""
    with desk.house.open() as generation:
        assert bool(generation.store.query(asked))


def test_the_run_is_an_activity_with_its_time(desk: Desk) -> None:
    desk.result("decide", "tool/door", "accept", DOOR)
    desk.result("apply")
    asked = f"""PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#>
        ASK {{ GRAPH <{BASE.graph("history")}> {{ ?change tbg:changed <{GRAPH}> ; prov:wasGeneratedBy ?run .
               ?run tbg:importer "reconciliation" ; prov:endedAtTime ?time }} }}"""
    with desk.house.open() as generation:
        assert bool(generation.store.query(asked))


def test_to_publish_again_changes_nothing(desk: Desk) -> None:
    desk.result("decide", "tool/door", "accept", DOOR)
    desk.result("apply")
    assert desk.result("apply")["position"] is None


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    desk.result("decide", "tool/door", "accept", DOOR)
    assert desk.result("apply", "--dry-run")["added"] > 0
    assert desk.links() == set()


def test_what_is_not_accepted_any_more_is_taken_back(desk: Desk) -> None:
    made = desk.result("decide", "tool/door", "accept", DOOR)
    desk.result("apply")
    desk.result("undo", str(made["number"]))
    desk.result("apply")
    assert desk.links() == set()


def test_a_published_link_is_undone_like_any_change(desk: Desk) -> None:
    desk.result("decide", "tool/door", "accept", DOOR)
    position = desk.result("apply")["position"]
    done = CliRunner(env=desk.environment).invoke(cli.main, ["undo", str(position)])
    assert (done.exit_code, desk.links()) == (DONE, set())


def test_one_item_is_one_thing(desk: Desk) -> None:
    desk.result("decide", "tool/door", "accept", DOOR)
    desk.result("decide", "tool/wall", "accept", DOOR)
    done = desk.result("apply")
    assert (done["links"], desk.links()) == (0, set())
    assert f"{DOOR} is said to be" in done["conflicts"][0]


def test_an_item_that_another_source_gives_to_another_thing_is_a_conflict(desk: Desk) -> None:
    desk.add(f"<id/tool/wall> owl:sameAs wd:{DOOR} .")
    desk.result("decide", "tool/door", "accept", DOOR)
    assert desk.result("apply")["links"] == 0


def test_what_a_person_decided_goes_before_what_a_source_says(desk: Desk) -> None:
    desk.add("<id/tool/door> owl:sameAs wd:Q900000002 .", source="ror")
    desk.result("decide", "tool/door", "accept", DOOR)
    desk.result("apply")
    assert desk.links() == {f"door sameAs {DOOR}"}


def test_what_nobody_has_reviewed_is_near_and_apart(desk: Desk) -> None:
    desk.propose()
    desk.result("apply", "--unreviewed")
    assert desk.links(GRAPH) == set()
    assert desk.links(UNREVIEWED) == {f"door closeMatch {DOOR}", f"fr closeMatch {FRANCE}", f"roof closeMatch {ROOF}"}
    assert desk.result("apply", "--unreviewed")["position"] is None


def test_decisions_are_exported_as_a_set_of_mappings(desk: Desk) -> None:
    desk.propose()
    desk.result("decide", "tool/door", "accept", "--by", "ada")
    desk.result("decide", "tool/roof", "reject", "--why", "another\troof")
    text = desk.call("export").stdout
    head = yaml.safe_load("".join(line[2:] for line in text.splitlines(keepends=True) if line.startswith("# ")))
    table = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    door, roof = csv.DictReader(io.StringIO(table), delimiter="\t")
    assert {
        "sssom_version": "1.1",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    }.items() <= head.items()
    assert head["curie_map"]["ours"] == f"{BASE.iri}id/"
    assert (door["subject_id"], door["predicate_id"], door["object_id"]) == (
        "ours:tool/door",
        "owl:sameAs",
        f"wd:{DOOR}",
    )
    assert (door["mapping_justification"], door["confidence"]) == ("semapv:CompositeMatching", "0.97")
    assert (door["reviewer_label"], door["predicate_modifier"]) == ("ada", "")
    assert (roof["predicate_modifier"], roof["comment"].endswith("; another roof")) == ("Not", True)


def test_decisions_are_exported_with_where_they_come_from(desk: Desk) -> None:
    desk.propose()
    made = desk.result("decide", "tool/door", "accept", "--by", "ada", "--why", "its maker says so")
    desk.result("undo", str(made["number"]), "--by", "bob")
    told = Graph().parse(data=desk.call("export", "--prov").stdout, format="turtle")
    decision = URIRef(f"{GRAPH}#{made['number']}")
    assert told.value(decision, PROV.wasAttributedTo) == URIRef(f"{GRAPH}#by-ada")
    assert told.value(decision, PROV.wasInvalidatedBy) == URIRef(f"{GRAPH}#run-{made['number'] + 1}")
    [candidate] = told.objects(decision, PROV.wasDerivedFrom)
    proposal = told.value(predicate=PROV.hadMember, object=candidate)
    run = told.value(proposal, PROV.wasGeneratedBy)
    assert set(told.objects(run, PROV.used)) == {URIRef(f"{GRAPH}#source-wikidata")}
    assert URIRef(f"{GRAPH}#toolbox-graph-{version('toolbox-graph')}") in told.objects(run, PROV.wasAssociatedWith)


def test_what_is_proposed_together_is_one_run(desk: Desk) -> None:
    desk.propose()
    told = Graph().parse(data=desk.call("export", "--prov").stdout, format="turtle")
    runs = Counter(told.value(proposal, PROV.wasGeneratedBy) for proposal in told.subjects(RDF.type, PROV.Collection))
    assert sorted(runs.values()) == [1, 2]


def test_what_wikidata_lacks_is_exported_with_its_reference(desk: Desk, standin: Standin) -> None:
    desk.add('<id/tool/door> schema:codeRepository <https://github.com/house/door> ; rdfs:label "Puerta"@es .')
    del standin.items[DOOR]["claims"]["P1324"]
    desk.result("decide", "tool/door", "accept", DOOR)
    desk.result("apply")
    lines = desk.call("export", "--quickstatements").stdout.splitlines()
    assert lines == [
        f'{DOOR}\tP1324\t"https://github.com/house/door"\tS854\t"{BASE.thing("tool", "door")}"\tS813\t+2016-12-07T00:00:00Z/11',
        f'{DOOR}\tLes\t"Puerta"',
    ]


def test_offline_what_is_known_is_exported_and_the_rest_is_counted(desk: Desk) -> None:
    desk.add("<id/tool/roof> schema:codeRepository <https://github.com/house/roof> .")
    for name, item in (("roof", ROOF), ("door", DOOR)):
        desk.result("decide", f"tool/{name}", "accept", item)
        desk.result("apply")
        if name == "roof":
            desk.result("check")
    done = desk.call("export", "--quickstatements", "--offline")
    assert (done.exit_code, {line.split("\t")[0] for line in done.stdout.splitlines()}) == (DONE, {ROOF})
    assert "Of 1 links nothing is told" in done.stderr


def mismatches(desk: Desk, *options: str) -> list[dict[str, str]]:
    """Return the rows of a file for the Mismatch Finder."""
    done = desk.call("export", "--mismatches", *options)
    assert done.exit_code == DONE, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_what_wikidata_says_otherwise_is_exported_for_the_mismatch_finder(desk: Desk) -> None:
    desk.add(f"<id/tool/roof> owl:sameAs wd:{ROOF} ; foaf:homepage <https://roof.example.net/> .")
    [row] = mismatches(desk)
    statement = row.pop("statement_guid")
    assert re.fullmatch(rf"{ROOF}\$[0-9A-F]{{8}}(-[0-9A-F]{{4}}){{3}}-[0-9A-F]{{12}}", statement)
    assert row == {
        "item_id": ROOF,
        "property_id": "P856",
        "wikidata_value": "https://other.example.com/",
        "meta_wikidata_value": "",
        "external_value": "https://roof.example.net/",
        "external_url": BASE.thing("tool", "roof"),
        "type": "statement",
    }


@pytest.mark.parametrize(
    "said",
    [
        f"<id/tool/roof> owl:sameAs wd:{ROOF} ; foaf:homepage <https://other.example.com/> .",
        f"<id/tool/roof> owl:sameAs wd:{ROOF} .",
        f"<id/tool/roof> owl:sameAs wd:{ROOF} ; schema:codeRepository <https://github.com/house/roof> .",
        "<id/tool/roof> owl:sameAs wd:Q900000002 ; foaf:homepage <https://roof.example.net/> .",
        f"<id/tool/roof> skos:closeMatch wd:{ROOF} ; foaf:homepage <https://roof.example.net/> .",
    ],
    ids=["the same", "we lack it", "Wikidata lacks it", "another thing", "only near"],
)
def test_what_is_no_disagreement_is_no_mismatch(desk: Desk, said: str) -> None:
    desk.add(said)
    assert mismatches(desk) == []


def test_a_mismatch_of_an_item_that_was_merged_names_the_item_that_has_the_statement(desk: Desk) -> None:
    desk.add("<id/tool/door> owl:sameAs wd:Q900000009 ; schema:codeRepository <https://github.com/house/gate> .")
    [row] = mismatches(desk)
    assert (row["item_id"], row["statement_guid"].partition("$")[0], row["wikidata_value"]) == (
        DOOR,
        DOOR,
        "https://github.com/house/door",
    )


def test_a_slice_has_no_statements_for_the_mismatch_finder(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "slice.jsonl"
    path.write_text(json.dumps({"id": ROOF}))
    done = desk.call("export", "--mismatches", "--slice", str(path))
    assert (done.exit_code, "ids of statements" in done.stderr) == (USAGE, True)


def test_what_is_only_near_adds_nothing_to_wikidata(desk: Desk) -> None:
    desk.result("decide", "tool/wall", "accept", DOOR, "--near")
    desk.result("apply")
    assert desk.call("export", "--quickstatements").stdout == ""


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("<id/tool/door> owl:sameAs wd:Q900000001 .", {"P1324"}),
        ("<id/tool/door> owl:sameAs wd:Q99999999 .", {"missing"}),
        ("<id/tool/door> owl:sameAs wd:Q900000009 .", {"merged", "P1324"}),
        ("<id/tool/door> owl:sameAs wd:Q900000002 .", {"kind"}),
        ("<id/tool/wall> owl:sameAs wd:Q900000003 .", {"name"}),
        ("<id/tool/wall> skos:closeMatch wd:Q900000003 .", set()),
    ],
)
def test_each_link_is_looked_at_again(desk: Desk, said: str, about: set[str]) -> None:
    desk.add(said)
    assert {one["about"] for one in desk.result("check")["findings"]} == about


def test_a_licence_that_is_a_cactus_is_caught(desk: Desk) -> None:
    desk.add(
        f'<id/licence/mit> a dct:LicenseDocument ; rdfs:label "MIT License"@en ; {LISTED} ; owl:sameAs wd:Q900000004 .'
    )
    kind, name = desk.result("check")["findings"]
    assert (kind["about"], kind["ours"], kind["theirs"]) == ("kind", "licence", "taxon (Q16521)")
    assert (name["about"], name["theirs"]) == ("name", "Cereus fictus")


def test_to_what_may_be_another_thing_nothing_is_to_be_added(desk: Desk) -> None:
    desk.add("<id/tool/door> owl:sameAs wd:Q900000002 .")
    assert [one["line"] for one in desk.result("check")["findings"]] == [""]


@pytest.mark.parametrize(
    ("said", "about", "turn", "has_line"),
    [
        ("foaf:homepage <https://roof.example.net/>", "P856", "both", True),
        ("schema:codeRepository <https://github.com/house/roof>", "P1324", "wikidata", True),
        ('rdfs:label "Tejado"@es', "Les", "wikidata", True),
        ("", "P856", "ours", False),
    ],
)
def test_what_one_side_lacks_or_says_otherwise_is_to_be_mended(
    desk: Desk, said: str, about: str, turn: str, has_line: bool
) -> None:
    desk.add(f"<id/tool/roof> owl:sameAs wd:{ROOF} {'; ' + said if said else ''} .")
    found = {one["about"]: one for one in desk.result("check")["findings"]}[about]
    assert (found["turn"], found["line"].startswith(f"{ROOF}\t{about}\t")) == (turn, has_line)


def test_a_slice_is_silent_about_what_it_does_not_tell(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "slice.jsonl"
    path.write_text(json.dumps({"id": ROOF, "labels": {"en": "Roof"}}))
    desk.add(f"<id/tool/roof> owl:sameAs wd:{ROOF} . <id/tool/door> owl:sameAs wd:{DOOR} .")
    report = desk.result("check", "--slice", str(path))
    assert (report["links"], report["unknown"], report["findings"]) == (2, 1, [])


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_last_check_is_a_page_and_json(desk: Desk, language: str) -> None:
    client = create_app(Service(Settings(data=desk.house.folder))).test_client()
    address = f"/quality/wikidata?lang={language}"
    before = client.get(address)
    assert json.loads(client.get("/quality/wikidata?format=json").text)["findings"] == []
    desk.add(f"<id/tool/roof> owl:sameAs wd:{ROOF} ; foaf:homepage <https://roof.example.net/?a=b> .")
    report = desk.result("check")
    after = client.get(address)
    told = json.loads(client.get("/quality/wikidata", headers={"Accept": "application/json"}).text)
    assert told["findings"] == report["findings"]
    assert (f'lang="{language}"' in after.text, "https://roof.example.net/?a=b" in after.text) == (True, True)
    assert f"{ROOF}\tP856\t" in after.text
    assert before.headers["ETag"] != after.headers["ETag"]


def test_a_check_that_says_otherwise_has_another_etag(desk: Desk) -> None:
    client = create_app(Service(Settings(data=desk.house.folder))).test_client()
    before = client.get("/quality/wikidata")
    desk.result("check")
    assert client.get("/quality/wikidata", headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
