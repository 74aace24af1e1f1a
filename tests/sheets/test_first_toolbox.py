"""The first toolbox's spreadsheet and bundles: what is certain is taken as it was meant, and the rest is asked about."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from tests.conftest import BASE, TODAY
from toolbox_graph.errors import NotFound, Unreadable
from toolbox_graph.importing import Run
from toolbox_graph.model import Model
from toolbox_graph.namespaces import (
    DCTERMS,
    FOAF,
    KEY,
    LICENCES,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    TBG,
    WD,
    XSD,
)  # fmt: skip

MODEL = Model(BASE)
KNOWN = {str(LICENCES["MIT"]), BASE.thing("source", "alpha"), BASE.thing("country", "fr"), BASE.thing("tool", "weaver")}
NAMED = {("country", "France"): {"fr"}, ("tool", "Weaver"): {"weaver"}}
WEAVER = {str(FOAF.homepage): ["https://weaver.example/"], str(OWL.sameAs): [str(WD.Q42)], str(SCHEMA.codeRepository): ["https://code.example/weaver"]}  # fmt: skip


class Elsewhere:
    """What the catalogue has: a licence, a source, France, and a tool with a website and an item of Wikidata."""

    def exists(self, iri: str) -> bool:
        """Return whether something is known."""
        return iri in KNOWN

    def named(self, kind: str, name: str) -> set[str]:
        """Return the keys of what has a name."""
        return NAMED.get((kind, name), set())

    def values(self, iri: str, predicate: str) -> list[str]:
        """Return what is known of the tool."""
        return WEAVER.get(predicate, []) if iri == BASE.thing("tool", "weaver") else []


class Told(NamedTuple):
    """What was taken, without what the source itself is, and what was asked."""

    statements: set[tuple[str, str, str]]
    questions: list[str]

    def of(self, thing: str, predicate: URIRef) -> set[str]:
        """Return the values of a property of a thing, as N3, things by kind and key."""
        return {value for subject, about, value in self.statements if (subject, about) == (thing, str(predicate))}

    def things(self) -> set[str]:
        """Return the things of which something is told."""
        return {subject for subject, _, _ in self.statements}

    def asks(self, text: str) -> bool:
        """Return whether a question has a text."""
        return any(text in question for question in self.questions)


def run(files: Iterable[Path] = ()) -> Run:
    """Return a run of an importer that is called `old`."""
    return Run("old", MODEL, Elsewhere(), today=TODAY, files=tuple(files), strict=False)


def told(done: Run) -> Told:
    """Return what a run has taken and asked."""
    quads = ox.parse("\n".join(done.lines), format=ox.RdfFormat.N_QUADS)
    found = {(_short(quad.subject), quad.predicate.value, _short(quad.object)) for quad in quads}
    about = {(s, p, o) for s, p, o in found if s != "source/old" and p != str(TBG.sourceKey)}
    return Told(about, done.questions)


def _short(term: object) -> str:
    text, ours = str(term), f"<{BASE.iri}id/"
    return text.removeprefix(ours).removesuffix(">") if text.startswith(ours) else text


def spreadsheet(folder: Path, **sheets: str | bytes) -> Told:
    """Return what comes of sheets, given as texts by the names of their files, `Final_Use` for one with a space."""
    paths = []
    for name, text in sheets.items():
        paths.append(folder / f"{name.replace('_', ' ')}.csv")
        paths[-1].write_bytes(text.encode() if isinstance(text, str) else text)
    done = run(paths)
    done.state_spreadsheet(paths)
    return told(done)


def bundle(folder: Path, *cards: Any, **members: Any) -> Told:
    """Return what comes of a bundle of cards."""
    path = folder / "cards.json"
    path.write_text(json.dumps({"key": "Name", "language": "en", **members, "cards": cards}))
    done = run([path])
    done.state_bundle(path)
    return told(done)


BOTH_GENERATIONS = [
    ("Software", "Description-EN", "A bell.", DCTERMS.description, '"A bell."@en'),
    ("Software", "Description-FR", "Une cloche.", DCTERMS.description, '"Une cloche."@fr'),
    ("Software", "Tag", "voting", SCHEMA.keywords, '"voting"@en'),
    ("Final Use", "Tag-Usage", "voting", SCHEMA.keywords, '"voting"@en'),
    ("Platform", "Tags", "voting", SCHEMA.keywords, '"voting"@en'),
    ("Software", "Website", "https://b.example/", FOAF.homepage, "<https://b.example/>"),
    ("Platform", "Official website", "https://b.example/", FOAF.homepage, "<https://b.example/>"),
    ("Organization", "URL", "https://b.example/", FOAF.homepage, "<https://b.example/>"),
    ("Final Use", "additionalURL", "https://b.example/", FOAF.page, "<https://b.example/>"),
    ("Software", "SourceCode", "https://b.example/", SCHEMA.codeRepository, "<https://b.example/>"),
    ("Final Use", "Repo", "https://b.example/", SCHEMA.codeRepository, "<https://b.example/>"),
    ("Software", "license", "MIT", DCTERMS.license, f"<{LICENCES.MIT}>"),
    ("Software", "License", "MIT", DCTERMS.license, f"<{LICENCES.MIT}>"),
    ("Software", "license", "GNU AGPL v3", TBG.licenceText, '"GNU AGPL v3"'),
    ("Software", "opensource", "oui", TBG.openSource, f'"true"^^<{XSD.boolean}>'),
    ("Software", "programmingLanguages", "Elm", SCHEMA.programmingLanguage, '"Elm"'),
    ("Software", "version", "1.10", SCHEMA.softwareVersion, '"1.10"'),
    ("Software", "versionDate", "03/2029", SCHEMA.datePublished, f'"2029-03"^^<{XSD.gYearMonth}>'),
    ("Platform", "Language", "French", SCHEMA.inLanguage, '"fr"'),
    ("Platform", "Language", "Welsh", SCHEMA.inLanguage, '"cy"'),
    ("Platform", "Start", "2027-02", SCHEMA.dateCreated, f'"2027-02"^^<{XSD.gYearMonth}>'),
    ("Final Use", "start", "2029", SCHEMA.startDate, f'"2029"^^<{XSD.gYear}>'),
    ("Final Use", "stop", "30/06/2029", SCHEMA.endDate, f'"2029-06-30"^^<{XSD.date}>'),
    ("Final Use", "scale", "Local", TBG.scale, f"<{TBG['scale-local']}>"),
    ("Final Use", "UserType", "citizens", TBG.userType, f"<{TBG['user-type-citizens']}>"),
    ("Final Use", "UserSize", "3400", TBG.participants, f'"3400"^^<{XSD.integer}>'),
    ("Software", "twitter", "@bell", SCHEMA.sameAs, "<https://twitter.com/bell>"),
    ("Final Use", "Facebook", "https://facebook.com/b", SCHEMA.sameAs, "<https://facebook.com/b>"),
    ("Software", "wikipedia-EN", "https://en.wikipedia.org/wiki/B", FOAF.isPrimaryTopicOf, "<https://en.wikipedia.org/wiki/B>"),
    ("Final Use", "Wikipedia (EN)", "https://en.wikipedia.org/wiki/B", FOAF.isPrimaryTopicOf, "<https://en.wikipedia.org/wiki/B>"),
    ("Organization", "Wikipedia EN", "https://en.wikipedia.org/wiki/B", FOAF.isPrimaryTopicOf, "<https://en.wikipedia.org/wiki/B>"),
    ("Software", "wikidata", "https://www.wikidata.org/wiki/Q7", OWL.sameAs, f"<{WD.Q7}>"),
    ("Platform", "TOS", "https://b.example/tos", SCHEMA.termsOfService, "<https://b.example/tos>"),
    ("Platform", "EmailContact", "us@b.example", SCHEMA.email, '"us@b.example"'),
    ("Final Use", "ContactEmail", "us@b.example", SCHEMA.email, '"us@b.example"'),
    ("Organization", "Type", "Local government", TBG.organizationKind, f"<{TBG['organization-kind-local-government']}>"),
]  # fmt: skip
BELL = {"Software": "tool/old-bell", "Platform": "tool/old-bell", "Final Use": "use-case/old-bell",
        "Organization": "organization/old-bell"}  # fmt: skip


@pytest.mark.parametrize(("sheet", "header", "text", "predicate", "value"), BOTH_GENERATIONS)
def test_a_column_of_either_generation_is_understood(
    tmp_path: Path, sheet: str, header: str, text: str, predicate: URIRef, value: str
) -> None:
    found = spreadsheet(tmp_path, **{sheet: f'Name,{header}\nBell,"{text}"\n'})
    assert (found.of(BELL[sheet], predicate), found.questions) == ({value}, [])


@pytest.mark.parametrize("header", ["description-en", " DESCRIPTION-EN ", "Description - EN", "Description-EN\u00a0"])
def test_case_and_spaces_of_a_header_do_not_count(tmp_path: Path, header: str) -> None:
    found = spreadsheet(tmp_path, Software=f"NAME,{header}\nBell,A bell.\n")
    assert found.of("tool/old-bell", DCTERMS.description) == {'"A bell."@en'}


@pytest.mark.parametrize(
    "name", ["Usage", "Final Use", "final_use", "use-case", "Use cases", "OGP Toolbox - Final Use", "USAGES"]
)
def test_the_end_of_its_name_says_which_sheet_a_file_is(tmp_path: Path, name: str) -> None:
    assert "use-case/old-vote" in spreadsheet(tmp_path, **{name: "Name\nVote\n"}).things()


def test_a_file_that_is_none_of_its_sheets_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="let its name end with one of software, platform, final-use"):
        spreadsheet(tmp_path, Budget="Name\nVote\n")


def test_rows_of_one_name_are_one_thing(tmp_path: Path) -> None:
    found = spreadsheet(tmp_path, Software="Name,Tag,Demo\nBell,voting,\n bell ,debate,https://b.example/\n")
    assert found.of("tool/old-bell", SCHEMA.keywords) == {'"voting"@en', '"debate"@en'}
    assert found.things() == {"tool/old-bell"}


def test_a_name_in_both_sheets_of_tools_is_one_tool_of_both_classes(tmp_path: Path) -> None:
    found = spreadsheet(tmp_path, Software="Name\nBell\n", Platform="Name\nBell\n")
    assert found.of("tool/old-bell", RDF.type) >= {f"<{TBG.Software}>", f"<{TBG.Platform}>"}


def test_an_organization_and_its_product_stay_two_things(tmp_path: Path) -> None:
    found = spreadsheet(
        tmp_path, Platform="Name,Provider\nCap,Cap\n", Organization="Name,Website\nCap,https://c.example/\n"
    )
    assert found.of("tool/old-cap", SCHEMA.provider) == {"organization/old-cap"}
    assert found.of("tool/old-cap", FOAF.homepage) == set()


def test_a_suffix_tells_namesakes_apart(tmp_path: Path) -> None:
    found = spreadsheet(
        tmp_path,
        Software="Name,Uses\nAgora [software],\nQuorum,Agora (Service)\nRota,Agora [software]\n",
        Platform="Name,Software\nAgora (service),Agora\n",
    )
    assert found.of("tool/old-quorum", TBG.builtOn) == {"tool/old-agora-service"}
    assert found.of("tool/old-rota", TBG.builtOn) == {"tool/old-agora-software"}
    assert found.of("tool/old-agora-service", TBG.builtOn) == {"tool/old-agora-software"}
    assert found.of("tool/old-agora-software", RDFS.label) == {'"Agora [software]"@en'}


def test_a_suffix_that_nothing_needs_is_not_part_of_a_name(tmp_path: Path) -> None:
    found = spreadsheet(tmp_path, Software="Name,Uses\nPollen(software),Bell [software]\nBell,\n")
    assert found.of("tool/old-pollen-software", RDFS.label) == {'"Pollen"@en'}
    assert found.of("tool/old-pollen-software", TBG.builtOn) == {"tool/old-bell"}


def test_which_of_two_namesakes_is_meant_is_asked(tmp_path: Path) -> None:
    found = spreadsheet(
        tmp_path,
        Software="Name\nAgora [software]\n",
        Platform="Name\nAgora [service]\n",
        Usage="Name,Tool\nVote,Agora\n",
    )
    assert found.of("use-case/old-vote", TBG.usesTool) == set()
    assert found.asks(
        "Usage.csv, row 2, column Tool: several are called 'Agora'; write the key: old-agora-service, old"
    )


@pytest.mark.parametrize("header", ["delete", "Delete ?", " DELETE ", "delete:"])
@pytest.mark.parametrize("cell", ["x", "no", "0", "-"])
def test_a_row_that_is_marked_to_be_deleted_is_not_taken(tmp_path: Path, header: str, cell: str) -> None:
    found = spreadsheet(tmp_path, Software=f"Name,{header}\nGhost,{cell}\nBell,\n")
    assert (found.things(), found.questions) == ({"tool/old-bell"}, [])


def test_a_cell_that_begins_with_a_hyphen_says_nothing(tmp_path: Path) -> None:
    found = spreadsheet(tmp_path, Software="Name,Description-EN,Developer\nBell,- to be written, -\n")
    assert found.of("tool/old-bell", DCTERMS.description) == set()
    assert found.questions == []


def test_a_row_without_a_name_is_asked_about(tmp_path: Path) -> None:
    found = spreadsheet(tmp_path, Software="Name,Tag\n- draft,voting\n,voting\nBell,\n,\n")
    assert found.things() == {"tool/old-bell"}
    assert [question[:21] for question in found.questions] == ["Software.csv, row 2: ", "Software.csv, row 3: "]


def test_a_location_is_its_countries_and_its_place(tmp_path: Path) -> None:
    found = spreadsheet(tmp_path, Organization='Name,Location\nGuild,"Lyon , France, -, Rhône"\n')
    assert found.of("organization/old-guild", DCTERMS.spatial) == {"country/fr"}
    assert found.of("organization/old-guild", TBG.place) == {'"Lyon, Rhône"'}


def test_all_cells_of_a_column_that_stands_several_times_count(tmp_path: Path) -> None:
    found = spreadsheet(
        tmp_path,
        Software="Name,Developer,developer,Tag,Tag\nBell,Guild,Smiths,a,a\n",
        Organization="Name\nGuild\nSmiths\n",
    )
    assert found.of("tool/old-bell", TBG.developer) == {"organization/old-guild", "organization/old-smiths"}
    assert found.of("tool/old-bell", SCHEMA.keywords) == {'"a"@en'}


def test_line_breaks_in_a_cell_are_kept(tmp_path: Path) -> None:
    found = spreadsheet(tmp_path, Software='Name,Description-EN\nBell,"Lets members weave\nproject ideas"\n')
    assert found.of("tool/old-bell", DCTERMS.description) == {r'"Lets members weave\nproject ideas"@en'}


USERS = [
    ("City", "organization/old-city", TBG.uses, "tool/old-bell"),
    ("Gate", "tool/old-gate", TBG.builtOn, "tool/old-bell"),
    ("Vote", "use-case/old-vote", TBG.usesTool, "tool/old-bell"),
]


@pytest.mark.parametrize(("user", "subject", "predicate", "tool"), USERS)
@pytest.mark.parametrize("header", ["Used by", "UsedBy"])
def test_what_uses_a_tool_is_said_of_the_user_whatever_it_is(
    tmp_path: Path, header: str, user: str, subject: str, predicate: URIRef, tool: str
) -> None:
    found = spreadsheet(
        tmp_path, Software=f"Name,{header}\nBell,{user}\n", Platform="Name\nGate\n", Usage="Name\nVote\n", Organization="Name\nCity\n",
    )  # fmt: skip
    assert (found.of(subject, predicate), found.questions) == ({tool}, [])


ASKED = [
    ("Software", "Developer", "Ada Fictive", "column Developer: there is no organization 'Ada Fictive'"),
    ("Software", "Uses", "Bel", "column Uses: there is no tool 'Bel'; did you mean old-bell?"),
    ("Software", "Used by", "Nobody", "column Used by: there is nothing called 'Nobody'"),
    ("Software", "RepoStars", "1 024", "Software has no place for a column 'RepoStars': '1 024'."),
    ("Platform", "Client", "an app", "column Client: there is nothing called 'an app'"),
    ("Platform", "Website", "http://[foo", "column Website: 'http://[foo' is no web address"),
    ("Final Use", "start", "13/2029", "column start: '13/2029' is no date"),
    ("Final Use", "start", "31/02/2029", "column start: '31/02/2029' is no date"),
    ("Platform", "Logo", "/pictures/logo.png", "column Logo: '/pictures/logo.png' is no web address"),
    ("Software", "", "a stray note", "Software has no place for a column without a title: 'a stray note'."),
    ("Final Use", "start", "2016?", "column start: '2016?' is no date; write 2016, 2016-12 or 2016-12-07."),
    ("Final Use", "start", "circa 2010", "column start: 'circa 2010' is no date"),
    ("Final Use", "start", "05/06/2029", "column start: '05/06/2029' is no date"),
    ("Final Use", "UserSize", "100-500", "column UserSize: '100-500' is none of"),
    ("Final Use", "UserType", "residents", "column UserType: 'residents' is none of administrations, associations"),
    ("Organization", "Type", "Research", "column Type: 'Research' is no kind of organization that we know"),
    ("Software", "opensource", "n/a", "column opensource: 'n/a' is neither yes nor no"),
    ("Platform", "Logo", "logo.png", "column Logo: 'logo.png' is no web address"),
    ("Software", "Demo", "=HYPERLINK(A1)", "column Demo: '=HYPERLINK(A1)' is a formula"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "header", "text", "asked"), ASKED)
def test_what_is_not_certain_is_asked_and_the_rest_of_the_row_goes_in(
    tmp_path: Path, sheet: str, header: str, text: str, asked: str
) -> None:
    found = spreadsheet(tmp_path, **{sheet: f'Name,Tag,{header}\nBell,kept,"{text}"\n'})
    assert found.asks(asked), found.questions
    assert found.questions[0].startswith(f"{sheet}.csv, row 2")
    assert found.of(BELL[sheet], SCHEMA.keywords) == {'"kept"@en'}


def test_a_tool_of_the_catalogue_may_be_named(tmp_path: Path) -> None:
    found = spreadsheet(tmp_path, Usage="Name,Tool\nVote,Weaver\n")
    assert found.of("use-case/old-vote", TBG.usesTool) == {"tool/weaver"}


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("Website", "http://www.weaver.example"),
        ("wikidata", "Q42"),
        ("wikidata", "https://www.wikidata.org/wiki/Q42"),
        ("SourceCode", "http://code.example/weaver/"),
    ],
)
def test_a_card_with_the_name_and_the_address_of_a_known_thing_is_of_that_thing(
    tmp_path: Path, header: str, text: str
) -> None:
    found = spreadsheet(tmp_path, Software=f"Name,{header},Tag\nWeaver,{text},budget\n")
    assert found.of("tool/weaver", SCHEMA.keywords) == {'"budget"@en'}


def test_a_name_alone_is_no_identity(tmp_path: Path) -> None:
    found = spreadsheet(tmp_path, Software="Name,Website\nWeaver,https://other.example/\n")
    assert "tool/old-weaver" in found.things()
    assert found.asks("Software.csv, row 2: is 'Weaver' the same as tool/weaver? They share no address; both stand.")


def test_a_key_and_a_source_of_ones_own_are_kept(tmp_path: Path) -> None:
    done_sheet = tmp_path / "Software.csv"
    done_sheet.write_text("Key,Name,Source\nmy-bell,Bell,alpha\n")
    done = run([done_sheet])
    done.state_spreadsheet([done_sheet])
    assert f"<{BASE.graph('old', 'alpha')}>" in done.lines[0]
    assert "tool/my-bell" in told(done).things()


def test_what_a_thing_was_called_is_kept_with_it(tmp_path: Path) -> None:
    sheet = tmp_path / "Software.csv"
    sheet.write_text("Name\nBell [software]\n")
    done = run([sheet])
    done.state_spreadsheet([sheet])
    assert any(f'<{TBG.sourceKey}> "Bell [software]"' in line for line in done.lines)


def test_names_that_would_give_one_key_give_two(tmp_path: Path) -> None:
    things = spreadsheet(tmp_path, Software="Name\nC++\nC\n数据\n").things()
    assert len(things) == 3
    assert all(KEY.fullmatch(thing.removeprefix("tool/")) for thing in things)


@pytest.mark.parametrize(
    "text",
    ["\ufeffName,Description-FR\nBell,Une tôle\n".encode(), "Name;Description-FR\r\nBell;Une tôle\r\n".encode(), "Name\tDescription-FR\nBell\tUne tôle\n".encode("utf-16")],
)  # fmt: skip
def test_what_spreadsheet_programs_make_of_it_is_read(tmp_path: Path, text: bytes) -> None:
    assert spreadsheet(tmp_path, Software=text).of("tool/old-bell", DCTERMS.description) == {'"Une tôle"@fr'}


CARDS = [
    ("a value", {"Description": "A bell."}, DCTERMS.description, {'"A bell."@en'}),
    ("a list of one", {"Tags": ["voting"]}, SCHEMA.keywords, {'"voting"@en'}),
    ("texts by language", {"Description": {"en": "A bell.", "fr": "Une cloche.", "es": ""}}, DCTERMS.description, {'"A bell."@en', '"Une cloche."@fr'}),
    ("a mixed list", {"Description": ["A bell.", {"fr": "Une cloche."}]}, DCTERMS.description, {'"A bell."@en', '"Une cloche."@fr'}),
    ("a reference with its other end", {"Developer": [{"targetId": "Guild", "reverseKeyId": "Developer of"}]}, TBG.developer, {"organization/old-guild"}),
    ("a reference of November 2016", {"Developer": {"targetId": "Guild", "reverseName": "Developer of"}}, TBG.developer, {"organization/old-guild"}),
    ("a plain reference", {"Developer": "guild"}, TBG.developer, {"organization/old-guild"}),
    ("a number that looks like one", {"version": "007"}, SCHEMA.softwareVersion, {'"007"'}),
    ("a number", {"version": 1.5}, SCHEMA.softwareVersion, {'"1.5"'}),
    ("yes", {"opensource": True}, TBG.openSource, {f'"true"^^<{XSD.boolean}>'}),
    ("nothing", {"version": None}, SCHEMA.softwareVersion, set()),
    ("an empty list", {"Screenshot": []}, SCHEMA.screenshot, set()),
    ("names in two languages", {"Name": {"fr": "Bell", "en": "Bell"}}, RDFS.label, {'"Bell"@en', '"Bell"@fr'}),
    ("a name in one language", {"Name": {"fr": "Bell"}}, RDFS.label, {'"Bell"@fr'}),
    ("a title", {"title": "The Bell"}, SKOS.altLabel, {'"The Bell"@en'}),
    ("an account by its symbol", {"twitter-name": "@bell"}, SCHEMA.sameAs, {"<https://twitter.com/bell>"}),
    ("code by its symbol", {"source-code": "https://b.example/c"}, SCHEMA.codeRepository, {"<https://b.example/c>"}),
    ("code by its number", {"12795": "https://b.example/c"}, SCHEMA.codeRepository, {"<https://b.example/c>"}),
    ("an answer by its number", {"9647": "oui"}, TBG.openSource, {f'"true"^^<{XSD.boolean}>'}),
    ("an image of the first server", {"logo": "https://api.ogptoolbox.org/images/b.png"}, FOAF.logo, set()),
    ("an image of the first server, in short", {"screenshot": "/images/b.png"}, SCHEMA.screenshot, set()),
    ("several names", {"Name": ["Bell", "The Bell"]}, SKOS.altLabel, {'"The Bell"@en'}),
]  # fmt: skip


@pytest.mark.parametrize(("attributes", "predicate", "values"), [pytest.param(*case[1:], id=case[0]) for case in CARDS])
def test_a_card_may_say_it_as(tmp_path: Path, attributes: dict[str, Any], predicate: URIRef, values: set[str]) -> None:
    guild = {"Types": ["organization"], "Name": "Guild"}
    found = bundle(tmp_path, {"Types": "software", "Name": "Bell", **attributes}, guild)
    assert (found.of("tool/old-bell", predicate), found.questions) == (values, [])


@pytest.mark.parametrize(
    "types",
    [{"Types": ["use-case"]}, {"Type": "use-case"}, {"Card Type": ["Usage"]}, {"Types": ["Final Use"]}, {"types": "Use Case"}],
)  # fmt: skip
def test_the_type_of_a_card_goes_by_all_its_names(tmp_path: Path, types: dict[str, Any]) -> None:
    assert bundle(tmp_path, {**types, "Name": "Vote"}).things() == {"use-case/old-vote"}


def test_a_bundle_may_leave_open_what_names_its_cards(tmp_path: Path) -> None:
    path = tmp_path / "cards.json"
    path.write_text('{"key": null, "language": null, "cards": [{"Types": "software", "Name": "Bell"}]}')
    done = run([path])
    done.state_bundle(path)
    assert told(done).things() == {"tool/old-bell"}


def test_the_type_of_an_organization_may_be_a_word_of_its_own(tmp_path: Path) -> None:
    found = bundle(tmp_path, {"Types": ["organization"], "Type": ["Cooperative"], "Name": "Guild"})
    assert found.of("organization/old-guild", TBG.organizationKind) == {f"<{TBG['organization-kind-cooperative']}>"}


def test_a_card_of_two_kinds_is_two_things_and_what_may_be_of_either_is_asked(tmp_path: Path) -> None:
    found = bundle(
        tmp_path,
        {"Types": ["organization", "platform"], "Name": "Cap", "Type": "Cooperative", "Demo": "https://c.example/", "Tags": "vote"},
    )  # fmt: skip
    assert found.of("organization/old-cap", TBG.organizationKind)
    assert found.of("tool/old-cap", TBG.demo) == {"<https://c.example/>"}
    assert SCHEMA.keywords not in {URIRef(predicate) for _, predicate, _ in found.statements}
    assert found.asks("card 1, Tags: this card is of Organization and Platform; of which does 'vote' speak?")


CARDS_ASKED = [
    ("no object", "Bell", "card 1: this is no card"),
    ("no name", {"Types": "software"}, "card 1: this card has no name"),
    ("no type", {"Name": "Bell"}, "card 1: this card has no type"),
    ("a deep object", {"Types": "software", "Name": "Bell", "Tags": {"a": {"b": 1}}}, "card 1, Tags: what is told here has a form"),
    ("another language", {"Types": "software", "Name": "Bell", "Description": {"pt-BR": "Sino"}}, "there is no place for texts in the language 'pt-BR'"),
    ("half a character", {"Types": "software", "Name": "Bell", "Description": "\ud800"}, "card 1, column Description"),
    ("an unlisted developer", {"Types": "software", "Name": "Bell", "Developer": {"targetId": "X"}}, "there is no organization 'X'"),
]  # fmt: skip


@pytest.mark.parametrize(("card", "asked"), [pytest.param(*case[1:], id=case[0]) for case in CARDS_ASKED])
def test_a_card_that_is_not_understood_is_asked_about(tmp_path: Path, card: Any, asked: str) -> None:
    found = bundle(tmp_path, card, {"Types": "software", "Name": "Gate"})
    assert found.asks(asked), found.questions
    assert "tool/old-gate" in found.things()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"cards": 7}', '{"cards": {}}', "[" * 100_000, '{"cards": [' + "9" * 5000 + "]}", "\xff"]
)
def test_what_is_no_bundle_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cards.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(Unreadable, match=r"cards\.json is no"):
        run([path]).state_bundle(path)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["Name", "Types", "Tags", "targetId", "en", "Uses", "Type"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(cards=st.lists(ANY_JSON, max_size=4), kind=st.sampled_from(["software", "organization"]))
def test_any_cards_are_read_or_asked_about(
    cards: list[Any], kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    typed = [{"Types": kind, "Name": "Bell", **card} if isinstance(card, dict) else card for card in cards]
    found = bundle(tmp_path_factory.mktemp("cards"), *typed)
    assert bool(found.questions or found.things()) == bool(cards)


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=4))
def test_any_sheet_is_read_or_asked_about(rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    found = spreadsheet(
        tmp_path_factory.mktemp("sheet"), Software="\n".join(["Name,Uses,Location,start,Website", *lines])
    )
    assert all(thing.startswith("tool/old-") for thing in found.things())
