"""Under which keys is a thing found, and with which is it looked for?

The first letter of a key says what it is. A key with a country finds names that are common among countries.
"""

from functools import lru_cache

from toolbox_graph.matching import countries
from toolbox_graph.matching.folding import HAN, compact, fold, plain
from toolbox_graph.matching.meaning import Meaning, meaning, without_edition
from toolbox_graph.matching.profiles import Addresses, Profile, spelled
from toolbox_graph.matching.records import Asked, Candidate
from toolbox_graph.matching.wording import wording

NAME, COMPACT, MEANING, INITIALS, HOST, LABEL, REPOSITORY, IDENTIFIER, WORD, KIND = "ncmahlriwk"

CITY = {"municipality"}
"""What the name of a city says that is called like its council: City of Perth."""

LONGEST = 200
"""Characters of a key."""


@lru_cache(maxsize=1 << 14)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell; of Chinese characters each two.

    >>> words("The Ministry of Silly Walks"), words("日本国")
    (('ministry', 'silly', 'walks'), ('日本', '本国'))
    """
    found: list[str] = []
    for word in fold(name).split():
        if HAN.fullmatch(word) and len(word) > 2:
            found += (word[place : place + 2] for place in range(len(word) - 1))
        elif word not in wording().particles:
            found.append(word)
    return tuple(dict.fromkeys(found))


def of_thing(thing: Candidate) -> set[str]:
    """Return the keys under which a thing is found."""
    profile = Profile.of(thing)
    named = {NAME + name for name in profile.plain | profile.outside}
    named |= {NAME + short for name in profile.names if (short := without_edition(name))}
    named |= {MEANING + said.key for said in profile.meanings if said.key}
    where = set(map(countries.whole, (*thing.countries, *profile.spoken, *profile.addresses.endings)))
    found = named | {f"{key}@{code}" for key in named for code in where}
    found |= {f"{kind}@{code}" for said in profile.meanings for kind in _kind(said) for code in where}
    found |= {COMPACT + name for name in profile.compact} | {INITIALS + form for form in profile.initials}
    found |= {WORD + word for name in thing.names for word in words(name)}
    found |= {f"{IDENTIFIER}{scheme}:{value}" for scheme, values in thing.ids.items() for value in values}
    return {key[:LONGEST] for key in found.union(_of_addresses(profile.addresses))}


def _kind(said: Meaning) -> list[str]:
    return [KIND + " ".join(sorted(said.bodies))] if said.bodies else []


def of_kind(asked: Asked) -> list[str]:
    """Return the keys of what is of the kind that the name tells of, in the country: the police, by another name."""
    kinds = dict.fromkeys(kind for name in spelled(asked.names) for kind in _kind(meaning(name)))
    return [f"{kind}@{countries.whole(asked.country)}" for kind in kinds] if asked.country else []


def of_question(asked: Asked) -> list[str]:
    """Return the keys with which a thing is looked for, the most telling first."""
    names = spelled(asked.names)
    meanings = [meaning(name) for name in names]
    named = [NAME + plain(name) for name in names]
    named += [NAME + short for name in names if (short := without_edition(name))]
    named += [MEANING + said.key for said in meanings if said.key]
    named += [f"{MEANING}{' '.join(said.rest)}" for said in meanings if said.rest]
    named += [f"{MEANING}<council> {' '.join(said.rest)}" for said in meanings if said.concepts == CITY]
    found = [f"{IDENTIFIER}{scheme}:{value}" for scheme, value in asked.ids.items()]
    found += sorted(_of_addresses(Addresses.of(asked.websites, asked.repositories)))
    if asked.country:
        found += [f"{key}@{countries.whole(asked.country)}" for key in named]
    found += named
    found += [INITIALS + " ".join(sorted(fold(name).split())) for name in names]
    found += [kind + compact(name) for name in names for kind in (COMPACT, LABEL)]
    return [key[:LONGEST] for key in dict.fromkeys(found)]


def _of_addresses(addresses: Addresses) -> set[str]:
    found = {HOST + host for host in addresses.hosts | addresses.pages}
    found |= {LABEL + label for label in addresses.labels}
    return found | {REPOSITORY + key for key in addresses.repositories}
