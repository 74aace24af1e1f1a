"""What do a question and a candidate have in common, and where do they contradict each other?

Each feature is 1 where they are the same and -1 where they contradict each other; what one of them does not say is
left out, as it speaks for and against nothing. `name` is a likeness from 0 to 100; how names are the same stands beside
it: `main` or `alias`, `exact`, `byname` (no label of the thing, but a further name), `edition`, `meaning`, `own` (as
its address is called; `nameless` if it has no other).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from toolbox_graph.matching import countries, kinds
from toolbox_graph.matching.folding import compact, fold, is_acronym, plain
from toolbox_graph.matching.meaning import Meaning, is_of_a_body, is_of_other_kind, meaning, without_edition
from toolbox_graph.matching.parameters import parameters
from toolbox_graph.matching.profiles import Addresses, Profile, spelled
from toolbox_graph.matching.records import Asked, Candidate

Features = dict[str, float]

BRIEF = 5
"""Letters of an alias that says as little as initials do."""


SHORT = 3
"""Letters of a name that has to be the same sign for sign."""


class Question(NamedTuple):
    """What is asked, in the forms in which it is compared."""

    asked: Asked
    main: Sequence[str]
    """The main name, also without what stands in parentheses."""
    names: Sequence[str]
    short: Sequence[str]
    """The main name without the words for editions, which tools have and organizations have not."""
    meanings: Sequence[Meaning]
    addresses: Addresses

    @property
    def is_country(self) -> bool:
        """Whether the name is that of a country and nothing else."""
        return any(said.countries and not said.rest and not said.concepts for said in self.meanings[:1])

    @classmethod
    def of(cls, asked: Asked) -> "Question":
        """Return the forms of a question."""
        main, names = spelled(asked.names[:1]), spelled(asked.names)
        short = list(filter(None, map(without_edition, main))) if kinds.are_of_tools(asked.types) else []
        meanings = [meaning(name) for name in names]
        return cls(asked, main, names, short, meanings, Addresses.of(asked.websites, asked.repositories))


def compare(question: Question, thing: Candidate, above: Collection[str], *, is_class: bool = False) -> Features:
    """Return what was compared; `above` are the classes of the thing with all above them."""
    asked, profile = question.asked, Profile.of(thing)
    compared = {
        "identifier": _identifiers(asked, thing),
        "repository": _repositories(question.addresses, profile.addresses),
        "website": _websites(question.addresses, profile.addresses),
        "country": _country(question, thing, profile),
        "type": _type(asked, thing, above, is_class=is_class),
        "place": int(kinds.is_place(above)),
        "class": int(is_class),
        "former": int(profile.former),
        "concepts": int(any(ours.bodies == theirs.bodies for ours, theirs in _concepts(question, profile))),
    }
    is_body = compared["type"] == 1 and not compared["place"]
    return _names(question, profile, is_body=is_body) | {
        name: float(value) for name, value in compared.items() if value
    }


def _identifiers(asked: Asked, thing: Candidate) -> int:
    shared = asked.ids.keys() & thing.ids.keys()
    if any(asked.ids[scheme] in thing.ids[scheme] for scheme in shared):
        return 1
    return -1 if shared else 0


def _repositories(ours: Addresses, theirs: Addresses) -> int:
    # Some give the repository as the website.
    if (ours.given & theirs.repositories) | (ours.repositories & theirs.given):
        return 1
    return -1 if ours.given and theirs.given else 0


def _websites(ours: Addresses, theirs: Addresses) -> float:
    """Return 1 for the same page, a half for the same host, where a part may have a page of its own."""
    if ours.pages & theirs.pages:
        return 1
    if ours.hosts & theirs.hosts:
        return 0.5
    return -1 if ours.hosts and theirs.hosts else 0


def _country(question: Question, thing: Candidate, profile: Profile) -> int:
    """Compare the country with what is stated; where nothing is, with what description, names or addresses tell."""
    country = question.asked.country
    if not country:
        return 0
    # Where a country itself is asked for, that others are in it only says that they are others.
    told = profile.described_countries if question.is_country else profile.spoken
    for known in (thing.countries, told, profile.addresses.endings):
        if known:
            return int(not question.is_country) if countries.agree(country, known) else -1
    return 0


def _type(asked: Asked, thing: Candidate, above: Collection[str], *, is_class: bool) -> int:
    fit = kinds.fits(asked.types, above)
    if is_class:
        return min(fit, 0)
    if fit or not asked.types:
        return fit
    descriptions = thing.descriptions.get("en", ())
    if any(map(is_of_other_kind, descriptions)):
        return -1
    return int(kinds.ORGANIZATION in asked.types and any(map(is_of_a_body, descriptions)) and not kinds.is_place(above))


def _names(question: Question, profile: Profile, *, is_body: bool) -> Features:
    """Return how like the names are, and in which way they are the same."""
    numbers = parameters().names
    if not question.main:
        return {"name": 0.0}
    if _is_called(question, profile):
        exact = question.main[0].casefold() in profile.exact
        # Many organizations have the same initials; of tools they are the name.
        shared = bool(question.asked.country) or kinds.ORGANIZATION in question.asked.types
        brief = shared and is_acronym(question.main[-1])
        byname = question.main[0].casefold() not in profile.labels
        return {"name": numbers["same"], "main": 1.0, **_flags(exact=exact, acronym=brief, byname=exact and byname)}
    same = [name for name in question.names if plain(name) in profile.plain | profile.outside]
    if [name for name in same if not _is_brief(name)] and _is_also(question, profile):
        return {"name": numbers["same"], "alias": 1.0}
    if any(compact(name) in profile.compact for name in question.main):
        return {"name": numbers["compact"], "main": 1.0}
    if set(question.short) & profile.plain:
        return {"name": numbers["compact"], "edition": 1.0}
    if level := _say_the_same(question, profile, is_body=is_body):
        return {"name": numbers["meaning"], "meaning": level}
    called = bool(_short_names(question, profile) & profile.addresses.labels)
    if called and not profile.names:
        return {"name": numbers["own"], "nameless": 1.0}
    alike = min(_likeness(question.names, profile.names), numbers["alike"])
    return {"name": round(alike, 1), **_flags(acronym=bool(same), own=called)}


def _short_names(question: Question, profile: Profile) -> set[str]:
    """Return the names by which an address may be called."""
    further = question.names if _is_also(question, profile) else ()
    main = (*question.main, *question.short)
    return {compact(name) for name in main} | {one for one in map(compact, further) if len(one) > SHORT}


def _is_called(question: Question, profile: Profile) -> bool:
    """Tell whether the main name is one of the thing's.

    What stands in parentheses may be left out on one side; where it differs, it is what tells two things apart. The
    signs of a very short name tell too: Go and Go!
    """
    full, parts = plain(question.main[0]), set(map(plain, question.main[1:]))
    if len(full) <= SHORT and question.main[0].casefold() not in profile.exact:
        return False
    if full in profile.plain | profile.outside or parts & profile.plain:
        return True
    return bool(question.asked.country and parts & profile.outside)


def _flags(**flags: bool) -> Features:
    return {name: 1.0 for name, true in flags.items() if true}


def _is_brief(name: str) -> bool:
    return is_acronym(name) or len(compact(name)) <= BRIEF


def _is_also(question: Question, profile: Profile) -> bool:
    """Tell whether what the main name says is said of the thing too: a library is not its university."""
    said = frozenset().union(*(meant.concepts for meant in profile.meanings)) | profile.described
    return any(meaning(name).bodies <= said for name in question.main)


def _say_the_same(question: Question, profile: Profile, *, is_body: bool) -> float:
    """Return 1 if a name says the same as one of the thing, 0.5 if a part of that stands in its description only."""
    meanings = question.meanings if _is_also(question, profile) else question.meanings[: len(question.main)]
    levels = [
        level
        for ours in meanings
        if _tells(ours, question.asked.country)
        for theirs in profile.meanings
        if (level := _same_meaning(ours, theirs, profile.described, is_body=is_body))
    ]
    if levels:
        return max(levels)
    short = {" ".join(sorted(fold(name).split())) for name in question.names}
    return 0.75 if short & profile.initials else 0


def _tells(ours: Meaning, country: str) -> bool:
    """Tell whether a meaning says enough to be the same as another."""
    if ours.countries and country and not countries.agree(country, ours.countries):
        return False
    if not ours.concepts:
        return len(ours.rest) > 1 or any(len(word) > BRIEF for word in ours.rest)
    return bool(ours.rest or len(ours.concepts) > 1 or ours.countries)


def _same_meaning(ours: Meaning, theirs: Meaning, described: frozenset[str], *, is_body: bool) -> float:
    if theirs.rest != ours.rest:
        return 0
    if not ours.rest and len(ours.concepts) < 2 and not theirs.countries:
        return 0
    if ours.countries and theirs.countries and not ours.countries & theirs.countries:
        return 0
    if ours.concepts == theirs.concepts:
        return 1
    if ours.bodies == theirs.bodies and (ours.levels == theirs.levels or not (ours.levels and theirs.levels)):
        return 0.75
    if ours.concepts == {"municipality"} and theirs.bodies == {"council"}:
        return 0.75
    if is_body and theirs.concepts == {"municipality"} and ours.bodies == {"council"}:
        return 0.75
    return 0.5 if theirs.concepts <= ours.concepts and ours.bodies <= theirs.concepts | described else 0


def _concepts(question: Question, profile: Profile) -> Iterator[tuple[Meaning, Meaning]]:
    return ((ours, theirs) for ours in question.meanings if ours.bodies for theirs in profile.meanings)


def _likeness(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """Return how like the letters of the most like names are; initials are like nothing."""
    first = {plain(name) for name in ours if not is_acronym(name)}
    second = {plain(name) for name in theirs if not is_acronym(name)}
    return max((fuzz.token_sort_ratio(one, other) for one in first for other in second), default=0.0)
