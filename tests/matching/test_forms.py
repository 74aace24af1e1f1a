"""Forms of names and addresses: what is the same is written alike, what differs is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolbox_graph.matching.addresses import repository, site
from toolbox_graph.matching.folding import compact, fold, plain
from toolbox_graph.matching.kinds import kinds
from toolbox_graph.matching.meaning import meaning
from toolbox_graph.matching.wording import wording

SAME = [
    ("Städtische Bibliothek", "STADTISCHE  BIBLIOTHEK"),
    ("Ｆｕｌｌ Ｗｉｄｔｈ", "full width"),
    ("Research & Development", "Research and Development"),
    ("The Open Society", "Open Society"),
    ("Straße", "STRASSE"),
    ("Москва", "moskva"),
    ("People’s Party", "People's Party"),
]
DIFFERENT = [("C", "C++"), ("C", "C#"), ("A+", "A++"), ("日本", "日光"), ("Go", "Golang"), ("市", "是")]
PAGES = [
    "https://example.gov.uk",
    "http://www.example.gov.uk/",
    "HTTPS://WWW2.Example.GOV.UK:443/index.html",
    "example.gov.uk/en/",
    "https://example.gov.uk/fr-FR/?utm_source=x#top",
]
REPOSITORIES = [
    "https://github.com/Beacon/beacon",
    "https://github.com/beacon/beacon.git/",
    "git@github.com:beacon/beacon.git",
    "git+https://github.com/beacon/beacon/tree/main/docs",
    "http://www.github.com/beacon/Beacon/issues?state=open",
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_a_name_are_one(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_a_sign_tells_apart_stay_apart(one: str, other: str) -> None:
    assert plain(one) != plain(other)


@settings(deadline=None)
@given(st.text())
def test_a_form_of_a_name_is_its_own_form(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert plain(plain(text)) == plain(text)


@settings(deadline=None)
@given(st.text(min_size=1).filter(str.strip))
def test_something_is_left_of_every_name(text: str) -> None:
    assert plain(text)
    assert compact(text)


def test_addresses_of_a_page_are_one() -> None:
    assert len({found.page for page in PAGES if (found := site(page))}) == 1


def test_addresses_of_a_repository_are_one() -> None:
    assert set(map(repository, REPOSITORIES)) == {"github.com/beacon/beacon"}


def test_what_many_share_is_no_host_of_its_own() -> None:
    pages = [site(address) for address in ("https://one.github.io", "https://two.github.io")]
    assert [page.domain for page in pages if page] == ["one.github.io", "two.github.io"]
    shared = site("https://en.wikipedia.org/wiki/Beacon")
    assert shared
    assert shared.shared


addresses = st.sampled_from([*PAGES, *REPOSITORIES, "https://git.example.org/a/b/-/tree/x"]) | st.text()


@settings(deadline=None)
@given(addresses)
def test_a_form_of_an_address_is_its_own_form(address: str) -> None:
    key = repository(address)
    assert repository(key) == key
    page = site(address)
    assert page is None or (again := site(page.page)) is None or again.page == page.page


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Biblioteca Pública de Lugo", "Lugo Public Library"),
        ("Polizei Bremen", "Bremen Police"),
        ("Ministerio de Salud del Perú", "Ministry of Health of Peru"),
        ("Universitatea din Cluj", "Cluj University"),
    ],
)
def test_a_name_says_the_same_in_another_language(one: str, other: str) -> None:
    assert meaning(one) == meaning(other)


def test_each_word_has_one_concept_with_a_role() -> None:
    assert set(wording().roles.values()) == {"body", "field", "generic", "place", "tool"}


def test_the_kinds_that_gold_files_name_have_classes() -> None:
    assert kinds().classes.keys() == {"tool", "organisation", "country", "programming-language"}
