"""Which country does a code, a name, a description or an address speak of?

Names in all languages are those of CLDR, by Babel; adjectives and what belongs to which country stand in
`countries.toml`. Codes are ISO 3166-1, two letters.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache, reduce
from operator import or_
from pathlib import Path

from babel import Locale

from toolbox_graph.matching.folding import fold
from toolbox_graph.matching.phrases import Phrases, Words, take

FILE = Path(__file__).with_name("countries.toml")

LANGUAGES = [
    "ar",
    "bg",
    "bn",
    "bs",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fr",
    "ga",
    "gl",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "is",
    "it",
    "ja",
    "ka",
    "kk",
    "ko",
    "lt",
    "lv",
    "mk",
    "ms",
    "mt",
    "nb",
    "ne",
    "nl",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "sw",
    "ta",
    "th",
    "tr",
    "uk",
    "ur",
    "uz",
    "vi",
    "zh",
    "zh_Hant",
]
"""The languages in which names of countries are known."""

OF = re.compile("['’]s\\b")
CODE = re.compile("[A-Z]{2}")

SHORTEST = 4
"""Letters of a name of a country that is looked for within other names: Chad, Peru."""

FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
"""The two letters that are shown as a flag."""


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _listed(table: str) -> dict[Words, str]:
    """Return the codes by the words that a table gives them; a hyphen stands within what is one phrase."""
    return {tuple(word.split("-")): code for code, words in _tables()[table].items() for word in words.split()}


@cache
def names() -> Mapping[str, str]:
    """Return the codes of countries by their folded names; a name that two have is in none.

    >>> names()["deutschland"], names()["cote d ivoire"], names().get("congo kinshasa")
    ('DE', 'CI', 'CD')
    """
    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if CODE.fullmatch(code):
                found.setdefault(fold(name), set()).add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1 and name}


@cache
def phrases() -> Phrases:
    """Return the codes of countries by the words of their names, for finding them within other texts."""
    long = {tuple(name.split()): code for name, code in names().items() if len(name) >= SHORTEST or not name.isascii()}
    return Phrases(long | _listed("also"))


@cache
def _spoken() -> Phrases:
    """Return the codes by English names and adjectives, as descriptions have them."""
    english = Locale.parse("en").territories
    spoken = {tuple(fold(name).split()): code for code, name in english.items() if CODE.fullmatch(code)}
    tables = [_listed(name) for name in ("adjectives", "also", "places")]
    return Phrases(reduce(or_, tables, _listed("parts") | spoken))


def by_name(name: str) -> str:
    """Return the code of a country by its name in any language; nothing if there is none.

    >>> by_name("Österreich"), by_name("Atlantis")
    ('AT', '')
    """
    return names().get(fold(name), "")


def by_flag(texts: Iterable[str]) -> str:
    """Return the code of the flag that is among some texts.

    >>> by_flag(["CAN", "🇨🇦"])
    'CA'
    """
    flag = next((text for text in texts if FLAG.fullmatch(text)), "")
    return "".join(chr(ord(sign) - 0x1F1E6 + ord("A")) for sign in flag)


@lru_cache(maxsize=1 << 16)
def spoken_of(description: str) -> frozenset[str]:
    """Return the countries that an English description names.

    >>> sorted(spoken_of("French public agency")), sorted(spoken_of("county of Georgia, United States"))
    (['FR'], ['GE', 'US'])
    """
    return frozenset(take(fold(OF.sub("", description)).split(), _spoken()).meant)


@cache
def _places() -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{' '.join(words)}\b" for words in _listed("places")))


def joined(folded: str) -> str:
    """Return a folded name in which places that are called like a country are one word.

    >>> joined("government of new mexico")
    'government of newmexico'
    """
    return _places().sub(lambda found: found[0].replace(" ", ""), folded)


def whole(code: str) -> str:
    """Return the country of which a code names a part, or the code itself.

    >>> whole("MQ"), whole("FR")
    ('FR', 'FR')
    """
    return _tables()["within"].get(code, code)


def agree(code: str, others: Iterable[str]) -> bool:
    """Tell whether a country is one of others, or a part of one, or has one as a part.

    >>> agree("MQ", ["FR"]), agree("FR", ["DE"])
    (True, False)
    """
    return whole(code) in {whole(other) for other in others}
