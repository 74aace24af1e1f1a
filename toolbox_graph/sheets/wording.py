"""What did those who filled the first toolbox's spreadsheet mean by what they wrote?

A reader of one kind of cell says it in the words of our sheets. What is not certain stays as it was written, and
whoever reads the cell next asks about it.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from functools import cache

from babel import Locale, localedata

from toolbox_graph.negotiation import LANGUAGES
from toolbox_graph.sheets.cells import NotUnderstood, web_address

SUFFIX = re.compile(r"\s*(\[|\()(software|service|initiative)(\]|\))\s*$", re.IGNORECASE)
"""What tells a tool from its namesake: `Agora [software]`, `Agora (service)`."""

DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
MONTH_FIRST = re.compile(r"(\d{1,2})[/.](\d{4})")
ITEM = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/)?([Qq][1-9]\d*)")
HANDLE = re.compile(r"@(\w{1,15})")
"""An account at Twitter, as its users write it."""

OWN_IMAGE = re.compile(r"(https?://(\w+\.)?ogptoolbox\.org)?/images/")
"""The address of an image on the first toolbox's server."""


def bare(name: str) -> str:
    """Return a name without the suffix that tells it from its namesake.

    >>> bare("Agora Lantern [software]"), bare("Pollen Counter(software)"), bare("[service]")
    ('Agora Lantern', 'Pollen Counter', '[service]')
    """
    return SUFFIX.sub("", name) or name


def folded(name: str) -> str:
    """Return a name as it is compared with others: without case, and with one space between words.

    >>> folded(" Quorum  Bell ")
    'quorum bell'
    """
    return " ".join(name.split()).casefold()


def date(text: str) -> str:
    """Return a date as ISO 8601 writes it, where only one date can be meant.

    >>> date("30/06/2029"), date("03/2029"), date("05/06/2029"), date("13/2029")
    ('2029-06-30', '2029-03', '05/06/2029', '13/2029')
    """
    read = text
    if day := DAY_FIRST.fullmatch(text):
        first, second, year = int(day[1]), int(day[2]), day[3]
        if first > 12 or first == second:
            read = f"{year}-{second:02}-{first:02}"
    elif month := MONTH_FIRST.fullmatch(text):
        read = f"{month[2]}-{int(month[1]):02}"
    try:
        datetime.date.fromisoformat(f"{read}-01"[:10])
    except ValueError:
        return text
    return read


def language(text: str) -> str:
    """Return the code of a language that is named in English, French or Spanish, or by itself.

    >>> language("French"), language("espagnol"), language("Deutsch"), language("pt-BR")
    ('fr', 'es', 'de', 'pt-BR')
    """
    return _codes().get(folded(text), text)


@cache
def _codes() -> Mapping[str, str]:
    codes = sorted(code for code in _names("en") if "_" not in code)
    written = set(localedata.locale_identifiers()) & set(codes)
    own = {_names(code).get(code, ""): code for code in sorted(written)}
    named = {_names(into).get(code, ""): code for into in LANGUAGES for code in codes}
    return {folded(name): code for name, code in (own | named).items() if name}


def _names(into: str) -> Mapping[str, str]:
    return {str(code): str(name) for code, name in Locale(into).languages.items()}


def item(text: str) -> str:
    """Return the identifier of an item of Wikidata, also where its address was written.

    >>> item("https://www.wikidata.org/wiki/q42")
    'Q42'
    """
    found = ITEM.fullmatch(text)
    return found[1].upper() if found else text


def account(text: str) -> str:
    """Return the address of an account.

    >>> account("@budgetweaver")
    'https://twitter.com/budgetweaver'
    """
    handle = HANDLE.fullmatch(text)
    return f"https://twitter.com/{handle[1]}" if handle else text


def address(text: str) -> str:
    """Return what two addresses of one site have in common.

    >>> address("https://www.example.org/a/") == address("http://example.org/a")
    True
    """
    try:
        parts = web_address(text)
    except NotUnderstood:
        return text
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


READERS: Mapping[str, Callable[[str], str]] = {
    "languages": language,
    "wikidata": item,
    "account": account,
}
"""How cells of a column are read, by the column's name; all cells of dates are read by `date`."""
