"""How is a name written so that two spellings of it are the same?

Compatible characters are one (Unicode, NFKC), case is folded, letters of other alphabets are written in Latin ones
(anyascii). Chinese characters stay, as many of them would be written alike. Signs that tell names apart, as in C++ and
C#, become words.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
"""Chinese characters, which Japanese and Korean names have too."""

SIGNS = {"+": " plus ", "#": " sharp ", "*": " star "}
"""What a sign after a letter is called; elsewhere it is punctuation."""

TELLING_SIGN = re.compile(r"(?<=[\w+#*])[+#*]")
WORD = re.compile("[a-z0-9]+|[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`](?=s\b)")
INITIALS = re.compile(r"\b(?:\w\.){2,}")
PARENTHESES = re.compile(r"\s*[(\[（]([^()\[\]（）]*)[)\]）]\s*")


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Return a name as its plain words.

    >>> fold("Société  Générale & Cie."), fold("Москва"), fold("日本"), fold("C++"), fold("People’s U.N. Party")
    ('societe generale and cie', 'moskva', '日本', 'c plus plus', 'peoples un party')
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = INITIALS.sub(lambda found: found[0].replace(".", ""), APOSTROPHE.sub("", text))
    text = TELLING_SIGN.sub(lambda found: SIGNS[found[0]], text).replace("&", " and ")
    return " ".join(WORD.findall(_latin(text)))


def _latin(text: str) -> str:
    if text.isascii():
        return text
    kept = 0
    parts = []
    for found in HAN.finditer(text):
        parts += [anyascii(text[kept : found.start()]), f" {found[0]} "]
        kept = found.end()
    return "".join([*parts, anyascii(text[kept:])]).lower()


def plain(text: str) -> str:
    """Return the form by which names are the same; a name of which nothing would be left stays as it is.

    >>> plain("The Document Foundation"), plain("★"), plain("The The")
    ('document foundation', '★', 'the')
    """
    return fold(text).removeprefix("the ") or text.strip().casefold()


def compact(text: str) -> str:
    """Return the form without spaces: Rocket.Chat is rocketchat.

    >>> compact("Rocket.Chat")
    'rocketchat'
    """
    return plain(text).replace(" ", "")


def variants(name: str) -> list[str]:
    """Return a name and, where it has a part in parentheses, what is outside and what is inside.

    >>> variants("Department of Health (Philippines)")
    ['Department of Health (Philippines)', 'Department of Health', 'Philippines']
    >>> variants("CKAN")
    ['CKAN']
    """
    inside = [part.strip() for part in PARENTHESES.findall(name)]
    outside = PARENTHESES.sub(" ", name).strip()
    return [name, *(part for part in (outside, *inside) if part)] if inside else [name]


def scripts(name: str) -> list[str]:
    """Return the parts of a name that is written twice, in Chinese characters and in Latin letters; else nothing.

    >>> scripts("東京 Tokyo Metro"), scripts("東京"), scripts("Tokyo Metro")
    (['東京', 'Tokyo Metro'], [], [])
    """
    han, latin = " ".join(HAN.findall(name)), HAN.sub(" ", name).strip()
    return [han, latin] if han and re.search("[A-Za-z]{3}", latin) else []


def is_acronym(name: str) -> bool:
    """Tell whether a name looks like initials: they are the same or not, never alike.

    >>> is_acronym("DGFiP"), is_acronym("CKAN"), is_acronym("Oslo"), is_acronym("SDIS 58")
    (True, True, False, False)
    """
    letters = name.replace(".", "")
    return " " not in name.strip() and len(letters) <= 8 and sum(letter.isupper() for letter in letters) >= 2
