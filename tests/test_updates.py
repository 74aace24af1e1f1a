"""Updates: what is written into their text so that they read and write what they should."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolbox_graph.errors import Conflict, FederationRefused, Forbidden, InvalidRequest, ToolboxError
from toolbox_graph.updates import Using, prepared

BASE, MINE, OTHERS = "http://x/", "http://x/mine", "http://x/others"


def world() -> ox.Store:
    """Return a store with something in the merge, something of ours, and something of others."""
    store = ox.Store()
    store.update(
        f"INSERT DATA {{ <urn:m> <urn:p> 0 GRAPH <{MINE}> {{ <urn:a> <urn:p> 1 }} GRAPH <{OTHERS}> {{ <urn:b> <urn:p> 2 }} }}"
    )
    return store


NO_DATASET = Using()


def changed(text: str, using: Using = NO_DATASET, graph: str = MINE) -> tuple[set[str], set[str]]:
    """Return what an update removes and adds."""
    store = world()
    before = {str(quad) for quad in store}
    store.update(prepared(text, BASE, using, graph), base_iri=BASE)
    after = {str(quad) for quad in store}
    return before - after, after - before


NEW, OURS = f"<urn:n> <urn:p> 3 <{MINE}>", f"<urn:a> <urn:p> 1 <{MINE}>"
INTEGER = '"^^<http://www.w3.org/2001/XMLSchema#integer>'


def line(short: str) -> str:
    """Return a statement as the engine writes it."""
    subject, predicate, number, graph = short.split(" ")
    return f'{subject} {predicate} "{number}{INTEGER} {graph}'


ALLOWED = {
    "a statement": ("INSERT DATA { <urn:n> <urn:p> 3 }", set(), {NEW}),
    "a statement in the own graph": (f"INSERT DATA {{ GRAPH <{MINE}> {{ <urn:n> <urn:p> 3 }} }}", set(), {NEW}),
    "the own graph by a short name": ("PREFIX g: <http://x/> INSERT DATA { GRAPH g:mine { <urn:n> <urn:p> 3 } }", set(), {NEW}),
    "the own graph by a relative name": ("BASE <http://x/y> INSERT DATA { GRAPH <mine> { <urn:n> <urn:p> 3 } }", set(), {NEW}),
    "both": (f"INSERT DATA {{ <urn:n> <urn:p> 3 . GRAPH <{MINE}> {{ <urn:o> <urn:p> 4 }} . <urn:q> <urn:p> 5 }}",
             set(), {NEW, f"<urn:o> <urn:p> 4 <{MINE}>", f"<urn:q> <urn:p> 5 <{MINE}>"}),
    "graph in a text": ('INSERT DATA { <urn:n> <urn:p> 3 ; <urn:p> 3 } # GRAPH <urn:x> {', set(), {NEW}),
    "taken back": ("DELETE DATA { <urn:a> <urn:p> 1 }", {OURS}, set()),
    "found and taken back": ("DELETE WHERE { ?s <urn:p> ?o }", {OURS}, set()),
    "found and changed": ("DELETE { ?s ?p 1 } INSERT { <urn:n> ?p 3 } WHERE { ?s ?p 1 }", {OURS}, {NEW}),
    "only inserted": ("INSERT { <urn:n> ?p 3 } WHERE { ?s ?p 1 }", set(), {NEW}),
    "with its own graph": (f"WITH <{MINE}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", {OURS}, set()),
    "read from others": (f"INSERT {{ <urn:n> ?p 3 }} WHERE {{ GRAPH <{OTHERS}> {{ ?s ?p ?o }} }}", set(), {NEW}),
    "read by a clause": (f"INSERT {{ <urn:n> ?p 3 }} USING <{OTHERS}> WHERE {{ ?s ?p 2 }}", set(), {NEW}),
    "the default graph emptied": ("CLEAR DEFAULT", {OURS}, set()),
    "the own graph emptied": (f"CLEAR SILENT GRAPH <{MINE}>", {OURS}, set()),
    "copied from others": (f"COPY <{OTHERS}> TO DEFAULT", {OURS}, {f"<urn:b> <urn:p> 2 <{MINE}>"}),
    "added from others": (f"ADD GRAPH <{OTHERS}> TO <{MINE}>", set(), {f"<urn:b> <urn:p> 2 <{MINE}>"}),
    "two operations": ("INSERT DATA { <urn:n> <urn:p> 3 } ; DELETE WHERE { ?s ?p 1 }", {OURS}, {NEW}),
    "nothing": ("", set(), set()),
}  # fmt: skip


@pytest.mark.parametrize(("text", "removed", "added"), ALLOWED.values(), ids=ALLOWED.keys())
def test_an_update_changes_its_own_graph(text: str, removed: set[str], added: set[str]) -> None:
    assert changed(text) == (set(map(line, removed)), set(map(line, added)))


OF_OTHERS: list[tuple[type[ToolboxError], str]] = [
    (Conflict, f"DELETE DATA {{ GRAPH <{OTHERS}> {{ <urn:b> <urn:p> 2 }} }}"),
    (Conflict, "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }"),
    (Conflict, "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"),
    (Conflict, f"WITH <{OTHERS}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}"),
    (Conflict, "PREFIX o: <http://x/oth> DELETE DATA { GRAPH o:ers { <urn:b> <urn:p> 2 } }"),
    (Conflict, "CLEAR ALL"),
    (Conflict, "DROP NAMED"),
    (Conflict, f"DROP GRAPH <{OTHERS}>"),
    (Conflict, f"MOVE <{OTHERS}> TO DEFAULT"),
    (Conflict, f"COPY DEFAULT TO <{OTHERS}>"),
    (Forbidden, f"ADD DEFAULT TO <{OTHERS}>"),
    (Forbidden, f"INSERT DATA {{ GRAPH <{OTHERS}> {{ <urn:n> <urn:p> 3 }} }}"),
    (Forbidden, f"INSERT {{ GRAPH <{OTHERS}> {{ <urn:n> ?p 3 }} }} WHERE {{ ?s ?p ?o }}"),
    (Forbidden, f"INSERT DATA {{ <urn:n> <urn:p> 3 }} ; INSERT DATA {{ GRAPH <{OTHERS}> {{ <urn:n> <urn:p> 3 }} }}"),
    (FederationRefused, "LOAD <http://example.org/>"),
    (FederationRefused, "LOAD SILENT <http://example.org/> INTO GRAPH <http://x/mine>"),
    (FederationRefused, r"LO\u0041D <http://example.org/>"),
]  # fmt: skip


@pytest.mark.parametrize(("refusal", "text"), OF_OTHERS)
def test_an_update_of_what_others_say_is_refused(refusal: type[ToolboxError], text: str) -> None:
    with pytest.raises(refusal):
        prepared(text, BASE, NO_DATASET, MINE)


@pytest.mark.parametrize("text", [text for refusal, text in OF_OTHERS if refusal is not FederationRefused])
def test_where_no_graph_is_owned_all_may_be_written(text: str) -> None:
    assert prepared(text, BASE, NO_DATASET) == text


FOUND = "INSERT { <urn:n> <urn:p> 3 } WHERE { ?s <urn:p> 2 }"
FOUND_IN_GRAPH = "INSERT { <urn:n> <urn:p> 3 } WHERE { GRAPH ?g { ?s <urn:p> 2 } }"


@pytest.mark.parametrize(
    ("text", "using", "added"),
    [
        (FOUND, Using(), set()),
        (FOUND, Using((OTHERS,)), {NEW}),
        (FOUND, Using((OTHERS, MINE)), {NEW}),
        (FOUND, Using((), (OTHERS,)), set()),
        (FOUND_IN_GRAPH, Using((), (OTHERS,)), {NEW}),
        (FOUND_IN_GRAPH, Using((OTHERS,)), set()),
        (f"{FOUND} ; INSERT {{ <urn:n> <urn:p> 4 }} WHERE {{ ?s <urn:p> 2 }}", Using((OTHERS,)), {NEW, f"<urn:n> <urn:p> 4 <{MINE}>"}),
    ],
)  # fmt: skip
def test_the_dataset_of_the_request_is_read(text: str, using: Using, added: set[str]) -> None:
    assert changed(text, using) == (set(), set(map(line, added)))


@pytest.mark.parametrize(
    "text", [f"INSERT {{ <urn:n> <urn:p> 3 }} USING <{OTHERS}> WHERE {{}}", f"WITH <{MINE}> INSERT {{ <urn:n> <urn:p> 3 }} WHERE {{}}"]
)  # fmt: skip
def test_a_dataset_is_named_once(text: str) -> None:
    with pytest.raises(InvalidRequest, match="WITH or USING"):
        prepared(text, BASE, Using((OTHERS,)), MINE)


WORDS = st.sampled_from(
    ["INSERT", "DELETE", "DATA", "WHERE", "WITH", "USING", "NAMED", "GRAPH", "CLEAR", "DEFAULT", "ALL", "COPY", "TO", "{", "}", ";", ".",
     "<urn:a>", "?g", "x:y", "PREFIX", "x:", "BASE", '"text"', "'''", "#", "\\u0041", "<", "\n", "1", "é"]
)  # fmt: skip


@given(words=st.lists(WORDS, max_size=30), graph=st.sampled_from(["", MINE]))
def test_any_text_is_prepared_or_refused(words: list[str], graph: str) -> None:
    text = " ".join(words)
    try:
        assert isinstance(prepared(text, BASE, Using(), graph), str)
    except ToolboxError as refusal:
        assert refusal.status < 500  # noqa: PT017  # any refusal will do, and no other error


@given(words=st.lists(WORDS, max_size=12))
def test_whatever_passes_changes_nothing_of_others(words: list[str]) -> None:
    store = world()
    try:
        store.update(prepared(" ".join(words), BASE, NO_DATASET, MINE), base_iri=BASE)
    except (ToolboxError, SyntaxError):
        return
    others = {str(quad) for quad in store if str(quad.graph_name) != f"<{MINE}>"}
    assert others == {str(quad) for quad in world() if str(quad.graph_name) != f"<{MINE}>"}
