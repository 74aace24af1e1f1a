"""What the ontology promises: each term is named and explained in three languages, and whatever is used is there."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from tests.conftest import BASE
from toolbox_graph import files
from toolbox_graph.model import Model
from toolbox_graph.namespaces import OWL, PREFIXES, RDF, RDFS, SH, SHAPES, SKOS, TBG, WD, XSD, short

MODEL = Model(BASE)
ONTOLOGY = MODEL.ontology
LANGUAGES = {"en", "fr", "es"}
TURTLE = [*files.turtle_in(files.ONTOLOGY), *files.turtle_in(files.SHAPES)]
SHEETS = files.CATALOGUE / "csv-metadata.json"
COLUMNS = [column for table in json.loads(SHEETS.read_text())["tables"] for column in table["tableSchema"]["columns"]]

DECLARATIONS = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())

KINDS = {
    "tool": "tools",
    "use-case": "use-cases",
    "organization": "organizations",
    "country": "countries",
    "collection": "collections",
    "event": "events",
    "project": "projects",
    "criterion": "criteria",
    "coalition": "coalitions",
    "method": "methods",
    "commitment": "commitments",
    "person": "persons",
    "theme": "themes",
    "tag": "tags",
    "licence": "licences",
    "source": "sources",
}
"""The kinds and their lists: addresses that others have written down, so nothing of this may ever change."""

DO = {
    "en": {"Describe", "Give", "Name", "Say", "Write"},
    "fr": {"Décrivez", "Dites", "Donnez", "Écrivez", "Nommez", "Notez"},
    "es": {"Dé", "Descríbala", "Diga", "Indique"},
}
"""The words with which a message begins, for it says what to do."""


def named(graph: Graph) -> list[str]:
    """Return the terms that a graph describes."""
    return sorted(str(subject) for subject in set(graph.subjects()) if isinstance(subject, URIRef))


def languages(term: str, predicate: URIRef) -> Counter[str]:
    """Return in which languages a term has a text, and how often."""
    values = ONTOLOGY.objects(URIRef(term), predicate)
    return Counter(value.language or "" for value in values if isinstance(value, Literal))


def is_a(term: str, *classes: URIRef) -> bool:
    """Return whether a term is of one of some classes."""
    return any((URIRef(term), RDF.type, name) in ONTOLOGY for name in classes)


TERMS = [name for name in named(ONTOLOGY) if not name.startswith(str(WD))]
SCHEMA_WORDS = {str(OWL.Class), str(OWL.AnnotationProperty), str(RDFS.Datatype)}
SELF_EXPLAINING = [name for name in TERMS if is_a(name, TBG.Group, TBG.Region, OWL.Ontology) or name in SCHEMA_WORDS]
PROPERTIES = [name for name in TERMS if (URIRef(name), TBG.group, None) in ONTOLOGY]
CLASSES = [name for name in TERMS if is_a(name, OWL.Class)]
CONCEPTS = [name for name in TERMS if is_a(name, SKOS.Concept)]
ALIGNMENTS = files.turtle_in(files.ONTOLOGY / "alignments")
PATHS = set(map(str, MODEL.shapes.objects(None, SH.path)))


def expanded(curie: str) -> str:
    """Return the IRI that a prefixed name stands for."""
    prefix, _, name = curie.partition(":")
    return PREFIXES[prefix] + name


def but(terms: Iterable[str], *, which: Callable[[str], bool]) -> list[str]:
    """Return those of some terms that are not as they should be, by their short names."""
    return [short(term) for term in terms if not which(term)]


def test_a_term_has_a_name_in_each_language() -> None:
    assert but(TERMS, which=lambda term: languages(term, RDFS.label) == Counter(LANGUAGES)) == []


def test_a_term_is_explained_in_each_language() -> None:
    explained = sorted(set(TERMS) - set(SELF_EXPLAINING))
    assert but(explained, which=lambda term: languages(term, SKOS.definition) == Counter(LANGUAGES)) == []


def test_an_explanation_ends_with_a_full_stop() -> None:
    texts = ((str(term), str(text)) for term, text in ONTOLOGY.subject_objects(SKOS.definition))
    assert [short(term) for term, text in texts if not text.endswith(".")] == []


def test_a_term_of_ours_says_where_it_is_defined() -> None:
    ours = [name for name in TERMS if name.startswith(str(TBG)) and name not in SELF_EXPLAINING]
    assert but(ours, which=lambda term: ONTOLOGY.value(URIRef(term), RDFS.isDefinedBy) == URIRef(str(TBG))) == []


def test_a_class_and_a_property_has_an_example() -> None:
    assert but([*CLASSES, *PROPERTIES], which=lambda term: bool(ONTOLOGY.value(URIRef(term), SKOS.example))) == []


def test_an_example_is_turtle_that_uses_the_term() -> None:
    for term, text in ONTOLOGY.subject_objects(SKOS.example):
        example = Graph().parse(data=f"{DECLARATIONS}{text}", format="turtle", publicID=BASE.iri)
        assert term in {*example.predicates(), *example.objects(None, RDF.type), *example.subjects()}, text


def test_a_property_says_what_it_is_of_and_what_its_values_are_or_a_shape_does() -> None:
    def is_bounded(term: str) -> bool:
        ends = (ONTOLOGY.value(URIRef(term), end) for end in (RDFS.domain, RDFS.range))
        return term in PATHS or all(ends)

    assert but(PROPERTIES, which=is_bounded) == []


def test_a_domain_and_a_range_is_something_that_the_ontology_knows() -> None:
    known = {*TERMS, *map(str, (RDF.List, RDF.langString))}
    ends = {str(end) for predicate in (RDFS.domain, RDFS.range) for end in ONTOLOGY.objects(None, predicate)}
    assert sorted(end for end in ends - known if not end.startswith(str(XSD))) == []


def test_a_concept_of_a_list_stands_in_one_scheme() -> None:
    def schemes(term: str) -> list[Node]:
        return list(ONTOLOGY.objects(URIRef(term), SKOS.inScheme))

    assert (
        but(CONCEPTS, which=lambda term: len(schemes(term)) == 1 and is_a(str(schemes(term)[0]), SKOS.ConceptScheme))
        == []
    )


def test_no_concept_is_broader_than_itself() -> None:
    wider = {term: set(ONTOLOGY.transitive_objects(URIRef(term), SKOS.broader)) - {URIRef(term)} for term in CONCEPTS}
    assert [
        term for term in CONCEPTS if any(URIRef(term) in wider.get(str(other), set()) for other in wider[term])
    ] == []


def test_a_property_has_at_most_one_inverse_and_that_one_none() -> None:
    inverses = dict(ONTOLOGY.subject_objects(OWL.inverseOf))
    assert len(inverses) == len(list(ONTOLOGY.subject_objects(OWL.inverseOf)))
    assert inverses.keys() & set(inverses.values()) == set()


@pytest.mark.parametrize("path", ALIGNMENTS, ids=lambda path: path.stem)
def test_an_alignment_speaks_of_terms_that_we_use(path: Path) -> None:
    subjects = {str(term) for term in Graph().parse(path).subjects()}
    assert sorted(subjects - set(TERMS)) == [name for name in sorted(subjects) if name.startswith(str(WD))]


def test_a_term_of_ours_says_in_the_alignments_alone_how_it_stands_to_those_of_others() -> None:
    elsewhere = Graph()
    for path in set(files.turtle_in(files.ONTOLOGY)) - set(ALIGNMENTS):
        elsewhere.parse(path, publicID=BASE.iri)
    matches = (SKOS.closeMatch, SKOS.exactMatch, SKOS.relatedMatch, RDFS.subPropertyOf)
    foreign = [
        short(str(term))
        for predicate in matches
        for term, other in elsewhere.subject_objects(predicate)
        if str(term).startswith(str(TBG)) and not str(other).startswith(str(TBG))
    ]
    assert foreign == []


def test_the_kinds_and_their_lists_are_those_that_were_promised() -> None:
    assert {kind.name: kind.plural for kind in MODEL.kinds.values()} == KINDS


def test_a_list_has_a_name_in_each_language() -> None:
    assert {frozenset(kind.plural_labels) for kind in MODEL.kinds.values()} == {frozenset(LANGUAGES)}


def test_the_shapes_allow_addresses_of_the_kinds_and_of_no_others() -> None:
    pattern = str(MODEL.shapes.value(SHAPES.Thing, SH.pattern))
    assert set(pattern.split("(")[1].split(")")[0].split("|")) == set(KINDS)


def test_a_property_stands_under_a_heading() -> None:
    groups = {str(term) for term in ONTOLOGY.objects(None, TBG.group)}
    assert but(groups, which=lambda group: is_a(group, TBG.Group)) == []


def test_a_property_has_a_name_from_its_other_end_in_all_languages_or_none() -> None:
    known = (Counter[str](), Counter(LANGUAGES))
    assert but(PROPERTIES, which=lambda term: languages(term, TBG.inverseLabel) in known) == []


def test_the_term_in_the_documentation_says_what_its_neighbours_say() -> None:
    written = (files.PROJECT / "docs" / "add-a-term.md").read_text(encoding="utf-8")
    block = written.partition("```turtle\n")[2].partition("```")[0]
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in PREFIXES.items())
    example, neighbour = Graph().parse(data=prefixes + block), TBG["category-communication"]
    assert set(example.predicates(None, None)) == set(ONTOLOGY.predicates(neighbour))
    assert set(example.objects(None, RDF.type)) == set(ONTOLOGY.objects(neighbour, RDF.type))


def places() -> Iterator[tuple[str, Node | None]]:
    """Yield what is shown in an order with what else, and its place there."""
    for term, place in ONTOLOGY.subject_objects(TBG.displayOrder):
        among = "kinds" if ONTOLOGY.value(term, TBG.kind) else ONTOLOGY.value(term, TBG.group)
        yield (
            str(among or next((name for name in ONTOLOGY.objects(term, RDF.type) if name != SKOS.Concept), term)),
            place,
        )


def test_no_two_terms_are_shown_at_the_same_place() -> None:
    assert [place for place, times in Counter(places()).items() if times > 1] == []


def test_what_has_a_heading_has_a_place_under_it() -> None:
    assert [name for name in PROPERTIES if ONTOLOGY.value(URIRef(name), TBG.displayOrder) is None] == []


def test_a_column_of_a_sheet_states_a_property_that_the_ontology_knows() -> None:
    stated = {expanded(column["propertyUrl"]) for column in COLUMNS if "propertyUrl" in column}
    assert sorted(stated - set(PROPERTIES)) == []


def test_a_shape_is_about_properties_and_classes_that_the_ontology_knows() -> None:
    used = chain.from_iterable(MODEL.shapes.objects(None, name) for name in (SH.path, SH["class"], SH.targetClass))
    assert sorted(set(map(str, used)) - set(TERMS)) == []


def ours_in(path: Path) -> set[str]:
    """Return the names of our namespace that a file mentions; of a template the part before the first hole."""
    text = path.read_text()
    prefixed = re.findall(r"\btbg:([\w-]+)", text)
    whole = re.findall(rf"{re.escape(str(TBG))}([\w-]+)", text)
    in_code = re.findall(r"\bTBG(?:\.|\[f?\")([\w-]+)", text) if path.suffix == ".py" else []
    return {*prefixed, *whole, *in_code}


USERS = [
    *TURTLE,
    *sorted(files.QUERIES.rglob("*.rq")),
    SHEETS,
    *sorted(files.PACKAGE.rglob("*.py")),
    *sorted(files.IMPORTERS.rglob("*.py")),
]


@pytest.mark.parametrize("path", USERS, ids=lambda path: str(path.relative_to(files.PROJECT)))
def test_whatever_uses_a_term_of_ours_finds_it_in_the_ontology(path: Path) -> None:
    ours = [name.removeprefix(str(TBG)) for name in TERMS if name.startswith(str(TBG))]
    beginnings = {name[: dash.end()] for name in ours for dash in re.finditer("-", name)}
    assert sorted(ours_in(path) - {*ours, *beginnings}) == []


def tables() -> Iterator[tuple[str, set[str]]]:
    """Yield the sheets, and the classes that each states."""
    for table in json.loads(SHEETS.read_text())["tables"]:
        types = [column for column in table["tableSchema"]["columns"] if column.get("propertyUrl") == "rdf:type"]
        yield table["url"], {expanded(column["valueUrl"]) for column in types if "{" not in column["valueUrl"]}


@pytest.mark.parametrize(("sheet", "classes"), list(tables()))
def test_a_sheet_that_states_a_narrower_class_states_the_kind_too(sheet: str, classes: set[str]) -> None:
    kinds = {kind.iri for kind in MODEL.kinds.values()}
    wider = {ancestor for name in classes for ancestor in MODEL.ancestors(name)}
    assert wider & kinds <= classes, sheet


def messages() -> list[tuple[str, str, str]]:
    """Return the rules, and what each tells a contributor, in which language."""
    found = MODEL.shapes.subject_objects(SH.message)
    return sorted((str(rule), text.language or "", str(text)) for rule, text in found if isinstance(text, Literal))


def test_a_rule_has_one_message_in_english_and_one_in_french_and_a_remark_one_in_spanish_too() -> None:
    remarks = {str(rule) for rule in MODEL.shapes.subjects(SH.severity, SH.Info)}
    spoken = Counter((rule, language) for rule, language, _ in messages())
    assert set(spoken.values()) == {1}
    assert spoken.keys() == {
        (rule, language)
        for rule, _, _ in messages()
        for language in (LANGUAGES if rule in remarks else LANGUAGES - {"es"})
    }


def test_every_rule_has_a_message() -> None:
    rules = set(MODEL.shapes.subjects(RDF.type, SH.PropertyShape))
    assert rules - set(MODEL.shapes.subjects(SH.message)) == set()


def test_a_message_says_what_to_do_and_ends_with_a_full_stop() -> None:
    assert [text for _, language, text in messages() if re.findall(r"\w+", text)[0] not in DO[language]] == []
    assert [text for *_, text in messages() if not text.endswith(".")] == []


def test_every_rule_belongs_to_a_shape() -> None:
    rules = set(MODEL.shapes.subjects(RDF.type, SH.PropertyShape))
    assert rules == set(MODEL.shapes.objects(None, SH.property))


def described_in(path: Path) -> list[str]:
    """Return the terms that a Turtle file describes, in its order."""
    return re.findall(r"^((?!@|#)[\w-]+:[\w-]+)", path.read_text(), re.MULTILINE)


def in_order(curie: str, others: list[str]) -> tuple[str, int, str]:
    """Return where a term stands in a file: by name, but the members of a list after it in the order of display.

    Kinds, and members of a list that is described in another file, come first.
    """
    term = URIRef(expanded(curie))
    place = ONTOLOGY.value(term, TBG.displayOrder)
    number = int(place) if isinstance(place, Literal) else 0
    lists = [short(str(name)) for name in ONTOLOGY.objects(term, RDF.type) if str(name).startswith(str(TBG))]
    if lists or ONTOLOGY.value(term, TBG.kind):
        return next((name.casefold() for name in lists if name in others), ""), number, curie
    return curie.casefold(), -1, ""


each_file = pytest.mark.parametrize("path", TURTLE, ids=lambda path: f"{path.parent.name}/{path.name}")


@each_file
def test_the_terms_of_a_file_stand_in_order(path: Path) -> None:
    terms = described_in(path)
    by_name = path in ALIGNMENTS
    assert terms == sorted(terms, key=lambda curie: curie.casefold() if by_name else in_order(curie, terms))


@each_file
def test_a_file_declares_the_prefixes_that_it_uses_in_order(path: Path) -> None:
    text = re.sub(r'"""[\s\S]*?"""|"(?:[^"\\]|\\.)*"|<[^>]*>|#.*$', "", path.read_text(), flags=re.MULTILINE)
    declared = re.findall(r"^@prefix ([\w-]+):", text, re.MULTILINE)
    used = re.findall(r"(?<![\w@-])([a-z][\w-]*):(?=\w)", re.sub(r"^@prefix.*$", "", text, flags=re.MULTILINE))
    assert declared == sorted({*used})


@each_file
def test_a_file_begins_with_what_it_is_about_and_is_plainly_written(path: Path) -> None:
    text = path.read_text()
    assert (text[:2], "\t" in text, text[-2:]) == ("# ", False, ".\n")
    assert re.findall(r"[ ]+$|\n\n\n|^ (?! {3})", text, re.MULTILINE) == []
