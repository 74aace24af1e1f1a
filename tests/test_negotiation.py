"""Which format a client gets: the header of each client that we know, and the rules of RFC 9110, section 12.5.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolbox_graph.errors import NotAcceptable
from toolbox_graph.negotiation import DOCUMENTS, GRAPHS, LANGUAGES, RESULTS, choose, choose_language, find, named

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "text/turtle, application/rdf+xml;q=0.9, application/n-triples;q=0.8, */*;q=0.1"

DOCUMENT_CASES = [
    ("", "html"),
    ("*/*", "html"),
    (BROWSER, "html"),
    (RDFLIB, "ttl"),
    ("application/rdf+xml", "rdf"),
    ("application/json", "json"),
    ("application/ld+json", "jsonld"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
    ("text/turtle; charset=utf-8", "ttl"),
    ("TEXT/TURTLE", "ttl"),
    ("text/*;q=0.3, text/turtle;q=0.7, text/html;q=0.4", "ttl"),
    ("text/html;q=0, */*", "ttl"),
    ("text/html;q=0.2, application/trig;q=0.9", "trig"),
    ("text/turtle;q=0.5, text/html;q=0.5", "html"),
    ("application/*", "nt"),
    ("application/xhtml+xml", "html"),
    ("image/png, text/turtle;q=0.1", "ttl"),
]


@pytest.mark.parametrize(("accept", "name"), DOCUMENT_CASES)
def test_a_client_gets_the_document_that_it_prefers(accept: str, name: str) -> None:
    assert choose(accept, DOCUMENTS).name == name


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "nonsense", "*/*;q=0"])
def test_a_client_that_takes_none_is_told_which_there_are(accept: str) -> None:
    with pytest.raises(NotAcceptable) as refusal:
        choose(accept, DOCUMENTS)
    assert refusal.value.members["formats"] == ["html", "ttl", "nt", "rdf", "jsonld", "trig", "json"]


@pytest.mark.parametrize(
    ("accept", "results", "graph"),
    [
        ("application/sparql-results+json", "json", None),
        ("application/sparql-results+xml", "xml", None),
        ("text/csv", "csv", None),
        ("text/tab-separated-values", "tsv", None),
        ("application/json", "json", "jsonld"),
        ("application/xml", "xml", "rdf"),
        ("text/turtle, application/sparql-results+json;q=0.5", "json", "ttl"),
        ("*/*", "json", "ttl"),
    ],
)
def test_each_form_of_query_has_its_own_format(accept: str, results: str | None, graph: str | None) -> None:
    found = find(accept, RESULTS), find(accept, GRAPHS)
    assert tuple(offer and offer.name for offer in found) == (results, graph)


@pytest.mark.parametrize("name", ["ttl", "turtle", "text/turtle", "application/x-turtle"])
def test_a_format_has_a_name_and_others(name: str) -> None:
    offer = named(name, GRAPHS)
    assert offer is not None
    assert offer.name == "ttl"


@given(st.text(max_size=100))
def test_any_header_gives_an_offer_or_none(accept: str) -> None:
    assert find(accept, DOCUMENTS) in (*DOCUMENTS, None)


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        (None, None, "en"),
        (None, "fr", "fr"),
        (None, "fr-CA, en;q=0.9", "fr"),
        (None, "de, es;q=0.5", "es"),
        (None, "de", "en"),
        (None, "fr;q=0, es;q=0.1", "es"),
        (None, "*", "en"),
        ("es", "fr", "es"),
        ("de", "fr", "fr"),
    ],
)
def test_a_reader_gets_the_language_that_they_prefer(asked: str | None, accepted: str | None, language: str) -> None:
    assert choose_language(asked, accepted) == language


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_reader_gets_some_language(asked: str, accepted: str) -> None:
    assert choose_language(asked, accepted) in LANGUAGES
