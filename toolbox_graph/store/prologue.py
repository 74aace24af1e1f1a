"""What do the names in a query stand for? (SPARQL 1.1 Query, section 4.1)"""

from collections.abc import Sequence
from itertools import takewhile
from urllib.parse import urljoin

from toolbox_graph.store.lexer import Token

FORMS = frozenset({"select", "ask", "construct", "describe"})


def resolved(base: str, reference: str) -> str:
    """Return the IRI that a reference means; an empty fragment, as in the namespaces of many vocabularies, stays.

    >>> resolved("http://example.org/a/", "../ns#"), resolved("http://example.org/", "urn:x")
    ('http://example.org/ns#', 'urn:x')
    """
    joined = urljoin(base, reference)
    return f"{joined.removesuffix('#')}#" if reference.endswith("#") else joined


def prologue(found: Sequence[Token]) -> list[Token]:
    """Return the tokens of a query that declare its base and its prefixes."""
    return list(takewhile(lambda token: token.word not in FORMS, found))


class Names:
    """The prefixes and the base of a query."""

    def __init__(self, declared: Sequence[Token], base: str) -> None:
        self._base = base
        self._prefixes: dict[str, str] = {}
        for word, first, second in zip(declared, declared[1:], [*declared[2:], None], strict=False):
            if word.word == "base":
                self._base = resolved(self._base, first.text[1:-1])
            elif word.word == "prefix" and second:
                self._prefixes[first.text] = resolved(self._base, second.text[1:-1])

    def of(self, token: Token) -> str:
        """Return the IRI that a token means, a variable as it stands."""
        if token.kind == "iri":
            return resolved(self._base, token.text[1:-1])
        prefix, colon, local = token.text.partition(":")
        return self._prefixes.get(prefix + colon, "") + local.replace("\\", "") if colon else token.text
