"""Which words does a text have?

Words are small letters without accents. Their stems, by the rules of a language, stand beside them with a mark, so that
a search knows the one from the other. What is written and what is asked go through the same analysis.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

STEMMERS = {"en": "english", "fr": "french", "es": "spanish"}
"""The languages whose words are stemmed, as the library calls them."""

STEM = "~"
"""What marks a stem; no word has it."""

BEGUN, SHORT = "^", 2
"""What marks the beginning of a name, and how many letters a beginning has that is marked."""

LONGEST = 100
"""Bytes of a word; what is longer is none."""

ACCENTS = re.compile("[\u0300-\u036f]+")
"""Accents of the Latin, Greek and Cyrillic scripts, apart from their letters; other scripts need their marks."""


def words(text: str) -> list[str]:
    """Return the words of a text, in their order.

    >>> words("L'État, c’est OpenFisca 2.0 à Besançon")
    ['l', 'etat', 'c', 'est', 'openfisca', '2', '0', 'a', 'besancon']
    """
    return _plain().analyze(_without_accents(text))


def stems(text: str, language: str) -> list[str]:
    """Return the stems of the words of a text, as its language has them; none where we know no rules.

    >>> stems("Consultations citoyennes", "fr"), stems("Beratungen", "de")
    (['~consult', '~citoyen'], [])
    """
    language = language.partition("-")[0].lower()
    if language not in STEMMERS:
        return []
    return [STEM + stem for stem in _stemming(language).analyze(_without_accents(text))]


def forms(word: str) -> list[str]:
    """Return the stems that a word may have in any language.

    >>> forms("consultations")
    ['~consult', '~consultations']
    """
    return list(dict.fromkeys(stem for language in STEMMERS for stem in stems(word, language)))


def telling(text: str) -> list[str]:
    """Return the words by which a text can be found: without articles and their like, unless it has nothing else.

    >>> telling("the tools of the parliament"), telling("To be")
    (['tools', 'parliament'], ['to', 'be'])
    """
    found = _telling().analyze(unicodedata.normalize("NFKC", text))
    return list(dict.fromkeys(word for each in found for word in words(each))) or words(text)


def squeezed(text: str) -> str:
    """Return a text as one word, so that it is the same however it is put together.

    >>> squeezed("Open-Fisca"), squeezed("data.gouv.fr")
    ('openfisca', 'datagouvfr')
    """
    return "".join(words(text))


def beginnings(name: str) -> list[str]:
    """Return the beginnings of a name, written as one word, by which it is found before much is typed.

    >>> beginnings("openfisca")
    ['^o', '^op']
    """
    return [BEGUN + name[:length] for length in range(1, SHORT + 1) if len(name) >= length]


def joined(found: Iterable[str]) -> str:
    """Return words and stems as the index reads them, each once."""
    return " ".join(dict.fromkeys(found))


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", ACCENTS.sub("", unicodedata.normalize("NFKD", text)))


def _begun() -> TextAnalyzerBuilder:
    return TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST)).filter(Filter.lowercase())


@cache
def _plain() -> TextAnalyzer:
    return _begun().filter(Filter.ascii_fold()).build()


@cache
def _stemming(language: str) -> TextAnalyzer:
    return _begun().filter(Filter.ascii_fold()).filter(Filter.stemmer(STEMMERS[language])).build()


@cache
def _telling() -> TextAnalyzer:
    builder = _begun()
    for name in STEMMERS.values():
        builder = builder.filter(Filter.stopword(name))
    return builder.build()
