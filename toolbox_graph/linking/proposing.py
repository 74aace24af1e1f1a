"""Which item of Wikidata may each of our things be, and why?

What the matcher finds becomes a proposal, which a person accepts or rejects; what was rejected is not proposed again,
and what was decided is proposed anew only when what was judged has changed on either side.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from toolbox_graph.errors import NotFound
from toolbox_graph.linking.decisions import Line, Standing, State
from toolbox_graph.linking.things import Thing, digest
from toolbox_graph.matching.deciding import match
from toolbox_graph.matching.records import Candidate, Evidence, Match, Source
from toolbox_graph.namespaces import ITEM

BATCH = 25
"""Things that are asked for together."""

ALONE, HELPED = 90, 75
"""How like a name has to be to be shown to a person: where nothing else speaks for it, and where something does."""

HELP = ("repository", "website", "country")

SHOWN = 3
"""Values of each sort that a proposal keeps of an item."""

REASONS = {
    "identifier": ("the same identifier", "another identifier"),
    "repository": ("the same repository", "another repository"),
    "website": ("the same website", "another website"),
    "country": ("the same country", "another country"),
    "type": ("of that kind", "of another kind"),
}
"""How a feature is told: where it agrees, and where it contradicts."""


class Proposal(NamedTuple):
    """A thing with what it may be, the best first; `is_answered` unless the source has no answer to give by now."""

    thing: Thing
    matches: Sequence[Match]
    source: str
    is_answered: bool = True

    @property
    def candidates(self) -> list[dict[str, Any]]:
        """What is written down of the candidates."""
        return [described(one) for one in self.matches]

    def line(self, *, time: str, by: str, run: str, version: str) -> Line:
        """Return the proposal as a line for the file of decisions; `run` is when the run began."""
        best = self.matches[0]
        return Line(
            number=0,
            time=time,
            by=by,
            state=State.PROPOSED,
            thing=self.thing.name,
            item=best.candidate.id,
            why=reason(best),
            ours=self.thing.digest,
            theirs=judged(best.candidate),
            source=self.source,
            candidates=self.candidates,
            run=run,
            version=version,
        )


def propose(
    things: Sequence[Thing],
    source: Source,
    *,
    name: str,
    standing: Mapping[str, Standing],
    expect: Callable[[Sequence[Any]], None],
) -> Iterator[Proposal]:
    """Yield what each thing may be; `expect` is told of the next questions, `name` is that of the source."""
    remaining = iter(things)
    while batch := list(islice(remaining, BATCH)):
        expect([thing.asked for thing in batch])
        for thing in batch:
            rejected = standing.get(thing.name, Standing()).rejected
            try:
                found = [one for one in match(thing.asked, source) if one.candidate.id not in rejected]
            except NotFound:
                yield Proposal(thing, [], name, is_answered=False)
            else:
                yield Proposal(thing, [one for one in found if _is_worth_a_look(one)], name)


def _is_worth_a_look(one: Match) -> bool:
    """Tell whether a person should see a candidate; properties of Wikidata are no items."""
    if not ITEM.fullmatch(one.candidate.id):
        return False
    name, helping = one.features.get("name", 0), [one.features.get(feature, 0) for feature in HELP]
    is_other = one.features.get("type", 0) < 0 or min(helping) < 0
    helped = name >= HELPED and max(helping) > 0 and not is_other
    return one.evidence is not Evidence.NONE or name >= ALONE or helped


def is_news(proposal: Proposal, before: Standing) -> bool:
    """Tell whether a proposal says something that nobody has decided of."""
    if not proposal.matches:
        return False
    if before.decision and before.decision.state is State.ACCEPTED:
        return _has_changed(proposal, before.decision)
    return before.proposal is None or _fingerprint(proposal) != _print_of(before)


def _has_changed(proposal: Proposal, decision: Line) -> bool:
    """Tell whether what was accepted has changed, here or there; what another source tells is no change."""
    theirs = {one.candidate.id: judged(one.candidate) for one in proposal.matches}.get(decision.item)
    is_other = decision.source == proposal.source and theirs is not None and theirs != decision.theirs
    return is_other or proposal.thing.digest != decision.ours


def _fingerprint(proposal: Proposal) -> tuple[Any, ...]:
    return proposal.thing.digest, proposal.source, {one.candidate.id: judged(one.candidate) for one in proposal.matches}


def _print_of(before: Standing) -> tuple[Any, ...]:
    assert before.proposal
    return before.proposal.ours, before.proposal.source, {one["item"]: one["digest"] for one in before.left}


def is_undisputed(candidate: Mapping[str, Any], thing: Thing) -> bool:
    """Tell whether the matcher is sure of a candidate, nothing contradicts it, and the thing is not linked already."""
    return bool(candidate["match"]) and min(candidate["features"].values(), default=0) >= 0 and not thing.is_linked


def judged(thing: Candidate) -> str:
    """Return a digest of what is judged of an item; a version number would change with every edit of anything."""
    return digest([thing.label(), *map(sorted, (thing.types, thing.countries, thing.websites, thing.repositories))])


def described(one: Match) -> dict[str, Any]:
    """Return a candidate as a proposal keeps it."""
    thing = one.candidate
    return {
        "item": thing.id,
        "label": thing.label(),
        "description": next(iter(thing.descriptions.get("en") or next(iter(thing.descriptions.values()), ())), ""),
        "confidence": confidence(one),
        "evidence": str(one.evidence),
        "match": one.match,
        "why": reason(one),
        "features": dict(one.features),
        "names": thing.names[: SHOWN + 1],
        "types": list(thing.types[:SHOWN]),
        "countries": list(thing.countries[:SHOWN]),
        "websites": list(thing.websites[:SHOWN]),
        "repositories": list(thing.repositories[:SHOWN]),
        "digest": judged(thing),
    }


def confidence(one: Match) -> float:
    """Return how sure a match is, from 0 to 1: its score, which follows the class of evidence."""
    return round(one.score / 100, 3)


def reason(one: Match) -> str:
    """Return in words what speaks for a candidate and against it."""
    features = one.features
    said = [words[features[name] < 0] for name, words in REASONS.items() if features.get(name)]
    return ", ".join([_called(features), *said])


def _called(features: Mapping[str, float]) -> str:
    name = features.get("name", 0)
    if name == 100:
        return "the same name"
    if {"meaning", "edition"} & features.keys():
        return "a name that says the same"
    return "called as its address" if {"own", "nameless"} & features.keys() else f"a name alike by {name:.0f} %"
