"""The journal: nothing acknowledged is lost, nothing half-written is read, nothing altered goes unseen."""

from pathlib import Path

import pytest

from tests.conftest import origin
from toolbox_graph.errors import NotFound, Unusable
from toolbox_graph.store.journal import Draft, Journal
from toolbox_graph.store.quads import Quad

QUAD = Quad("<urn:s>", "<urn:p>", '"two \\"words\\""@en', "<urn:g>")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal with one changeset after its first record."""
    journal = Journal.create(tmp_path / "journal.rdfp", "http://127.0.0.1:8000/", origin("init"))
    journal.append([Draft(origin(), [], [QUAD])], after=journal.last())
    return journal


def test_a_changeset_is_read_as_it_was_written(journal: Journal) -> None:
    assert journal.get(1).added == [QUAD]


def test_the_first_record_holds_the_base(journal: Journal) -> None:
    assert journal.base == "http://127.0.0.1:8000/"


def test_a_reason_may_have_any_characters(journal: Journal) -> None:
    about = origin()._replace(reason='He said: "No .\n\\TC ."\t€')
    [header] = journal.append([Draft(about, [QUAD], [])], after=journal.last())
    assert journal.get(header.position).header.origin == about


def test_positions_follow_each_other(journal: Journal) -> None:
    journal.append([Draft(origin(), [QUAD], []), Draft(origin(), [], [QUAD])], after=journal.last())
    assert [header.position for header in journal.headers()] == [0, 1, 2, 3]


def test_the_chain_holds(journal: Journal) -> None:
    assert journal.verify() == 2


def test_a_missing_changeset_is_named(journal: Journal) -> None:
    with pytest.raises(NotFound, match="no changeset 9"):
        journal.get(9)


def test_every_half_written_record_is_passed_over_and_then_cut(journal: Journal) -> None:
    whole = journal.path.read_bytes()
    last = journal.last()
    for length in range(last.start, len(whole)):
        journal.path.write_bytes(whole[:length])
        assert journal.last().position == 0
    journal.append([Draft(origin(), [QUAD], [])], after=journal.last())
    assert journal.get(1).removed == [QUAD]


@pytest.mark.parametrize(("old", "new"), [(b"two", b"too"), (b"a test", b"a jest"), (b"tester", b"taster")])
def test_what_was_altered_is_noticed(journal: Journal, old: bytes, new: bytes) -> None:
    journal.append([Draft(origin(), [QUAD], [])], after=journal.last())
    journal.path.write_bytes(journal.path.read_bytes().replace(old, new, 1))
    with pytest.raises(Unusable, match=r"altered|damaged"):
        journal.verify()


def test_whichever_byte_was_altered_it_is_noticed(journal: Journal) -> None:
    whole, last = journal.path.read_bytes(), journal.last()
    for place in range(last.start):
        altered = bytearray(whole)
        altered[place] ^= 1
        journal.path.write_bytes(altered)
        with pytest.raises(Unusable, match=r"altered|damaged"):
            journal.verify()


def test_damage_in_the_middle_is_not_taken_for_a_half_written_end(journal: Journal) -> None:
    journal.append([Draft(origin(), [QUAD], [])], after=journal.last())
    journal.path.write_bytes(journal.path.read_bytes().replace(b"H position", b"H pasition", 1))
    with pytest.raises(Unusable, match="damaged"):
        journal.last()


def test_a_record_that_was_known_to_be_whole_and_is_not_any_more_is_damage(journal: Journal) -> None:
    last = journal.last()
    content = bytearray(journal.path.read_bytes())
    content[last.offset] ^= 1
    journal.path.write_bytes(content)
    with pytest.raises(Unusable, match="damaged"):
        journal.last(offset=last.start)
