"""Translations: each text of the pages can be read in each language that the pages are offered in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from toolbox_graph import files
from toolbox_graph.negotiation import LANGUAGES
from toolbox_graph.web.pages import TRANSLATIONS

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
PLACEHOLDER = re.compile(r"%\(\w+\)s")
ENDINGS = ".:?"
OTHERS = [language for language in LANGUAGES if language != "en"]


def texts() -> set[str]:
    """Return the texts that the package has for readers, in English."""
    found = extract_from_dir(files.PACKAGE, METHODS, {"**/templates/**.html": {"silent": "false"}})
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def translations(language: str) -> Catalog:
    """Return the texts in another language."""
    path: Path = TRANSLATIONS / f"{language}.po"
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def messages(language: str) -> Iterator[Message]:
    """Yield the texts in another language with what they translate."""
    return (message for message in translations(language) if message.id)


def forms(texts: object) -> list[str]:
    """Return the singular and the plurals of a text."""
    return [texts] if isinstance(texts, str) else list(map(str, texts))  # type: ignore[call-overload]


def test_there_are_texts() -> None:
    assert {"Skip to the content", "Sources"} <= texts()


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_is_translated(language: str) -> None:
    translated = {forms(message.id)[0] for message in messages(language) if all(forms(message.string))}
    assert texts() - translated == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_of_a_text_that_is_gone(language: str) -> None:
    assert {forms(message.id)[0] for message in messages(language)} - texts() == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_in_doubt(language: str) -> None:
    assert [message.id for message in messages(language) if message.fuzzy] == []
    assert not translations(language).obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_each_form_of_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    for message in messages(language):
        wanted = set(PLACEHOLDER.findall(forms(message.id)[0]))
        assert {frozenset(PLACEHOLDER.findall(form)) for form in forms(message.string)} == {frozenset(wanted)}


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_that_counts_has_as_many_forms_as_the_language(language: str) -> None:
    numbers = {len(forms(message.string)) for message in messages(language) if message.pluralizable}
    assert numbers == {translations(language).num_plurals}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_ends_like_its_text(language: str) -> None:
    for message in messages(language):
        marks = {form[-1] if form[-1] in ENDINGS else "" for form in (*forms(message.id), *forms(message.string))}
        assert len(marks) == 1, marks
