"""How is a version of what the catalogue says cited?

As BibTeX has it ("BibTeXing", O. Patashnik 1988), in UTF-8, which its successors read.
"""

import re
import unicodedata
from datetime import datetime
from typing import NamedTuple

LICENCE = "CC0 1.0"

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""What BibTeX calls the months."""

ESCAPES = {
    # BibTeX counts braces, and does not see that a backslash stands before one.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: rf"\{mark}" for mark in "&%$#_"},
}
"""How the characters are written that mean something to TeX."""

SPECIAL = re.compile("[" + re.escape("".join(ESCAPES)) + "]")


class Citation(NamedTuple):
    """What is cited: its title, who publishes it, the version's position and time, and the address of that version."""

    title: str
    publisher: str
    position: int
    time: str
    address: str


def bibtex(citation: Citation) -> str:
    """Return a citation as an entry of BibTeX.

    Title and publisher stand in two pairs of braces: neither are their capitals changed, nor is a name taken apart.
    The address stands as it is, as `url` has it (biblatex, section 2.3.4).
    """
    when = datetime.fromisoformat(citation.time)
    publisher = f"{{{escaped(citation.publisher)}}}"
    fields = {
        "title": f"{{{{{escaped(citation.title)}}}}}",
        "author": f"{{{publisher}}}",
        "publisher": f"{{{publisher}}}",
        "year": f"{{{when.year}}}",
        "month": MONTHS[when.month - 1],
        "version": f"{{{citation.position}}}",
        "url": f"{{{citation.address}}}",
        "note": f"{{Version {citation.position} of {when.date()}. Licence: {LICENCE}}}",
    }
    rows = "".join(f"  {name} = {value},\n" for name, value in fields.items())
    return f"@misc{{{key(citation)},\n{rows}}}\n"


def key(citation: Citation) -> str:
    """Return by what an entry is cited: of the title what any program takes, and the version.

    >>> key(Citation("L'outil: CKAN", "", 12, "", ""))
    'toolbox-graph-l-outil-ckan-12'
    """
    plain = unicodedata.normalize("NFKD", citation.title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(["toolbox-graph", *words[:6], str(citation.position)])


def escaped(text: str) -> str:
    r"""Return a text as TeX prints it, on one line and without what cannot be printed.

    >>> escaped("R&D {100 %}")
    'R\\&D \\textbraceleft{}100 \\%\\textbraceright{}'
    """
    shown = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    return SPECIAL.sub(lambda found: ESCAPES[found[0]], shown)
