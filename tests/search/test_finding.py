"""Search: what is meant is found first, counts are exact, and no order loses or repeats anything."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import BASE
from toolbox_graph.assembly import Service
from toolbox_graph.errors import InvalidRequest
from toolbox_graph.listing import is_here
from toolbox_graph.negotiation import LANGUAGES
from toolbox_graph.search import finding
from toolbox_graph.search.counting import Choices
from toolbox_graph.search.facets import KIND
from toolbox_graph.search.finding import SORTS, Search
from toolbox_graph.settings import Settings
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import iri, node

Values = Mapping[str, frozenset[str]]
"""The values of one thing, by facet."""


@pytest.fixture(scope="module")
def service(catalogue: Path) -> Service:
    """The bundled catalogue."""
    return Service(Settings(data=catalogue))


@pytest.fixture(scope="module")
def search(service: Service) -> Search:
    """The search of the bundled catalogue."""
    return service.reader().search


@pytest.fixture(scope="module")
def values(service: Service) -> Mapping[str, Values]:
    """All things with their values, read from the store and not from the index."""
    facets = service.reader().search.facets.values()
    dataset = Dataset(service.reader().generation.store, service.model)

    def of(thing: str, kind: str) -> Iterator[tuple[str, frozenset[str]]]:
        yield KIND, frozenset({kind})
        for facet in facets:
            found = chain.from_iterable(dataset.values(thing, node(name)) for name in facet.properties)
            if terms := {facet.value(term, service.model) for term in found}:
                yield facet.name, frozenset(terms)

    named = {thing: BASE.split(iri(thing)) for thing in dataset.subjects() if "#" not in thing}
    return {
        "/".join(name): dict(of(thing, name[0]))
        for thing, name in named.items()
        if name and is_here(dataset.said(thing).shown)
    }


def found(search: Search, text: str = "", choices: Choices | None = None, **options: object) -> list[str]:
    """Return what is found, as kind and key."""
    asked = {"sort": "relevance", "language": "en", "limit": 20, "offset": 0, **options}
    return ["/".join(thing) for thing in search.find(text, choices or {}, **asked).things]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("OpenFisca", "tool/openfisca"),
        ("opnfisca", "tool/openfisca"),
        ("opefnisca", "tool/openfisca"),
        ("OPENFISCA!", "tool/openfisca"),
        ("Open Fisca", "tool/openfisca"),
        ("openfis", "tool/openfisca"),
        ("democracy OS", "tool/democracyos"),
        ("the OpenFisca", "tool/openfisca"),
        ("decidm", "tool/decidim"),
        ("sénégal", "country/sn"),
        ("senegal", "country/sn"),
        ("Sene\u0301gal", "country/sn"),
        ("Allemagne", "country/de"),
        ("budget participatif", "method/participatory-budget"),
        ("presupuestos participativos", "method/participatory-budget"),
        ("agpl-3.0-or-later", "licence/agpl-3-0-or-later"),
    ],
)
def test_what_is_meant_is_found_first(search: Search, text: str, first: str) -> None:
    assert found(search, text)[0] == first


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("consultations", "consultation"),
        ("élections", "elections"),
        ("données ouvertes", "donnees ouvertes"),
        ("citoyennes", "citoyens"),
        ("presupuestos", "presupuesto"),
        ("PETITION", "petitions"),
    ],
)
def test_accents_case_and_number_make_no_difference(search: Search, text: str, other: str) -> None:
    things = [set(found(search, one, limit=500)) for one in (text, other)]
    assert things[0] == things[1] != set()


def test_names_come_before_other_names_ties_and_texts(search: Search) -> None:
    assert found(search, "etalab")[:2] == ["organization/etalab", "licence/etalab-2-0"]


def test_what_is_tied_to_a_thing_is_found_by_its_name(search: Search) -> None:
    assert "use-case/openfisca-in-tunisia" in found(search, "tunisie openfisca")


def test_words_that_nothing_has_together_find_what_has_any_of_them(search: Search) -> None:
    assert found(search, "openfisca xqzjwv")[0] == "tool/openfisca"


@pytest.mark.parametrize("text", ["xqzjwv", "…", "~", "\0", "_ _"])
def test_what_nothing_has_finds_nothing(search: Search, text: str) -> None:
    assert found(search, text) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("o", "tool/openfisca"),
        ("openf", "tool/openfisca"),
        ("opnf", "tool/openfisca"),
        ("open fis", "tool/openfisca"),
        ("dec", "tool/decidim"),
        ("parti", "theme/participatory-budgeting"),
        ("éta", "organization/etalab"),
    ],
)
def test_who_is_typing_is_offered_what_they_may_mean(search: Search, typed: str, meant: str) -> None:
    assert meant in ["/".join(thing) for thing in search.suggest(typed, limit=20)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", ["", "data"])
def test_the_parts_are_together_the_whole(search: Search, text: str, sort: str, language: str) -> None:
    total = search.find(text, {}, sort=sort, language=language, limit=1, offset=0).total
    parts = [
        found(search, text, sort=sort, language=language, limit=97, offset=offset) for offset in range(0, total, 97)
    ]
    things = [thing for part in parts for thing in part]
    assert (len(things), len(set(things))) == (total, total)


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_name_is_the_order_of_the_list(service: Service, search: Search, language: str) -> None:
    listed = service.reader().listing.items("organization", language, limit=500, offset=0)
    chosen = {KIND: frozenset({"organization"})}
    names = found(search, "", chosen, sort="name", language=language, limit=500)
    assert names == [f"organization/{item.key}" for item in listed]


def test_the_most_used_is_first_in_that_order(search: Search) -> None:
    assert found(search, "", {KIND: frozenset({"tool"})}, sort="most-used")[0] == "tool/decidim"


def test_what_equals_another_in_an_order_stands_by_name(service: Service, search: Search) -> None:
    things = found(search, "", {KIND: frozenset({"country"})}, sort="newest", limit=500)
    names = [item.key for item in service.reader().listing.items("country", "en", limit=500, offset=0)]
    assert [thing.partition("/")[2] for thing in things][:20] == names[:20]


def test_by_name_a_part_too_far_from_the_beginning_is_refused(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "FAR", 100)
    assert found(search, sort="name", offset=10**9) == []
    with pytest.raises(InvalidRequest, match="first 100 can be read"):
        found(search, sort="name", offset=100)


SOME = st.sets(st.integers(0, 10**6), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(0, 11), SOME, max_size=3))
def test_counts_are_those_of_the_data(
    search: Search, values: Mapping[str, Values], numbers: Mapping[int, set[int]]
) -> None:
    choices = dict(some_choices(search, values, numbers))
    counts = search.counts("", choices)
    for name in search.facets:
        others = {other: wanted for other, wanted in choices.items() if other != name}
        matching = [of for of in values.values() if is_chosen(of, others)]
        for value, count in counts[name].items():
            assert count == sum(value in of.get(name, ()) for of in matching)
    assert search.find("", choices, sort="name", language="en", limit=1, offset=0).total == sum(
        is_chosen(of, choices) for of in values.values()
    )


def some_choices(
    search: Search, values: Mapping[str, Values], numbers: Mapping[int, set[int]]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield choices of values that there are, told by numbers."""
    for place, wanted in numbers.items():
        name = list(search.facets)[place]
        known = sorted({value for of in values.values() for value in of.get(name, ())})
        yield name, frozenset(known[number % len(known)] for number in wanted)


def is_chosen(of: Values, choices: Choices) -> bool:
    """Return whether a thing has one of the values chosen in each facet."""
    return all(of.get(name, frozenset()) & wanted for name, wanted in choices.items())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_searched_for(search: Search, text: str) -> None:
    matching = search.find(text, {}, sort="relevance", language="en", limit=5, offset=0)
    assert len(matching.things) == min(matching.total, 5)
    assert len(search.suggest(text, limit=5)) <= 5
