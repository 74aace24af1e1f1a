"""What does a query search for by words, and where does it say so?

The documented form is a triple pattern, `?thing tbg:matches "words"`, or one with lists, `(?thing ?score) tbg:matches
("words" 10)`. The form of Jena (`text:query`) is the same by another name; that of QLever (`ql:contains-entity`,
`ql:contains-word`) takes two patterns. What only means something elsewhere is refused, and never passed over.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from toolbox_graph.errors import InvalidRequest
from toolbox_graph.namespaces import TBG
from toolbox_graph.store.marks import Marks, NotTakenApart, Span
from toolbox_graph.store.prologue import Names, prologue
from toolbox_graph.store.search_arguments import HOW, MOST, Arguments, arguments, only, terms
from toolbox_graph.store.searches import Clause, Clauses, Gap

QLEVER = "http://qlever.cs.uni-freiburg.de/builtin-functions/"

OWN, OF_JENA = str(TBG.matches), "http://jena.apache.org/text#query"
WITH_WORD, WITH_ENTITY = f"{QLEVER}contains-word", f"{QLEVER}contains-entity"
PREDICATES = (OWN, OF_JENA, WITH_WORD, WITH_ENTITY)
"""The predicates by which a query searches."""

QUICK = re.compile(r"matches|[:#]query|contains\\?-")
"""What stands in every query that searches, and in few others."""

OPERATORS = {
    OF_JENA: re.compile(r'[][*?~^"(){}:/\\|&!]|(?<!\S)[+-]|\b(?:AND|OR|NOT)\b'),
    WITH_WORD: re.compile(r"\*"),
}
"""What is no word but an operator in the words of others."""

MADE_BY_QLEVER = ("ql_score_", "ql_matchingword_")
"""How variables begin that QLever binds by itself."""

SEARCHES = 20
"""Searches that one query may make."""


def may_search(text: str) -> bool:
    """Return whether it is worth the while to look for searches in a query; of its escapes it has to be free."""
    return QUICK.search(text) is not None


def read(text: str, base: str) -> Clauses | None:
    """Return the searches of a query, None where it has none.

    Raise InvalidRequest for a search that is not understood, NotTakenApart where there may be some in what is no query.

    >>> found = read('PREFIX t: <http://jena.apache.org/text#> SELECT * { ?x a <c> ; t:query "open" }', "http://x/")
    >>> found.answered(["VALUES ?x { <y> }"])
    'PREFIX t: <http://jena.apache.org/text#> SELECT * { VALUES ?x { <y> } ?x a <c> ;  }'
    """
    if not may_search(text):
        return None
    reader = _Reader(text, base)
    return reader.read() if reader.may_search() else None


def refuse(text: str, base: str) -> None:
    """Raise InvalidRequest where an update searches: nothing would be found."""
    try:
        searches = read(text, base) is not None
    except InvalidRequest:
        searches = True
    except NotTakenApart:
        # It is no SPARQL, and the engine knows best where it stops being that.
        searches = False
    if searches:
        raise InvalidRequest("An update does not search: send a query first, then say what is to be changed.")


class _Reader(Marks):
    """Reads the searches of a query, group by group."""

    def __init__(self, text: str, base: str) -> None:
        super().__init__(text)
        self._names = Names(prologue(self.found), base)
        self._verbs = {
            at: name
            for at, mark in enumerate(self.found)
            if mark.kind in {"iri", "name"} and QUICK.search(mark.text) and (name := self._names.of(mark)) in PREDICATES
        }
        self._places = sorted(self._verbs)
        self._clauses: list[Clause] = []
        self._gaps: list[Gap] = []

    def may_search(self) -> bool:
        """Return whether a predicate by which queries search stands anywhere in it."""
        return bool(self._places)

    def read(self) -> Clauses | None:
        """Return its searches, None where there are none after all."""
        for opening in self._groups():
            self._group(opening)
        if not self._clauses:
            return None
        return Clauses(self.text, sorted(self._clauses, key=lambda clause: clause.at), self._gaps)

    def _groups(self) -> Iterator[int]:
        """Yield where groups of patterns open; what a service is asked, and what is no pattern, is passed over."""
        at = 0
        while at < len(self.found):
            word, text = self.word(at), self.mark(at).text
            if word in {"service", "values"}:
                at = self.after(self.next(at, "{"))
                continue
            if word == "construct":
                at = self._behind_template(at)
                continue
            if text == "{" and self.word(at + 1) != "select":
                yield at
            elif text == "[":
                self._forbid_within(at)
            at += 1

    def _behind_template(self, at: int) -> int:
        """Return where the patterns of a CONSTRUCT begin; where they are the template too, nothing can be put there."""
        if self.mark(at + 1).text == "{":
            return self.after(at + 1)
        opening = self.next(at, "{")
        if self._may_search(opening, self.after(opening)):
            raise InvalidRequest(
                "CONSTRUCT WHERE does not search: write the template out, CONSTRUCT { … } WHERE { … }."
            )
        return self.after(opening)

    def _forbid_within(self, opening: int) -> None:
        """Raise InvalidRequest where something without a name is searched for."""
        if any(start in self._verbs for start, _ in self.split(opening + 1, self.after(opening) - 1, ";")):
            raise InvalidRequest(f"What is searched for needs a variable, and stands in no square brackets. {HOW}")

    def _group(self, opening: int) -> None:
        at, close = opening + 1, self.after(opening) - 1
        texts: dict[str, _Text] = {}
        while at < close:
            end = self.statement_end(at, close)
            if not self.is_end(at) and self._may_search(at, end):
                self._statement(at, end, texts)
            at = end
        for text in texts.values():
            self._add(self._of_qlever(text))

    def _may_search(self, at: int, end: int) -> bool:
        """Return whether a predicate by which queries search stands between two places."""
        return bisect_left(self._places, at) < bisect_left(self._places, end)

    def _add(self, clause: Clause) -> None:
        self._clauses.append(clause)
        _require_few(sum(len(clause.words) for clause in self._clauses))

    def _statement(self, at: int, end: int, texts: dict[str, "_Text"]) -> None:
        """Take the searches out of what is said of one subject."""
        verb = self.after(at)
        pairs = [pair for pair in self.split(verb, end, ";") if pair[0] < pair[1]]
        sought = [pair for pair in pairs if self._is_sought(*pair)]
        if not sought:
            return
        _require_few(len(sought))
        thing, score = self._subject(at, verb)
        if len(sought) < len(pairs) and score:
            raise InvalidRequest(f"Nothing else can be said of ({thing} {score}): end the search with a dot. {HOW}")
        self._take_out(at, end, pairs, sought)
        for start, stop in sought:
            name = self._verbs[start]
            if name in {WITH_WORD, WITH_ENTITY}:
                text = texts.setdefault(thing, _Text(thing, self.mark(at).start, set(), [], []))
                self._note(text, at, start, stop, is_alone=sought == pairs and not score)
            else:
                for each in self.split(start + 1, stop, ","):
                    given = arguments(self, self._names, *each)
                    self._add(self._clause(self.mark(at).start, thing, score, name, given))

    def _is_sought(self, start: int, stop: int) -> bool:
        """Return whether a predicate and its objects are a search."""
        if not self._may_search(start, stop):
            return False
        end = self.verb_end(start)
        if self._may_search(start, end) and end > start + 1:
            raise InvalidRequest(f"A search cannot be a part of a path. {HOW}")
        return start in self._verbs

    def _subject(self, at: int, end: int) -> tuple[str, str]:
        """Return the variables for the thing and the score, the latter empty where there is none."""
        is_list = self.mark(at).text == "("
        found = self.found[at + 1 : end - 1] if is_list else self.found[at:end]
        names = [mark.text for mark in found if mark.kind == "variable"]
        if len(names) != len(found) or not names:
            raise InvalidRequest(f"What is searched for is a variable; compare it with FILTER(?thing = …). {HOW}")
        if len(names) > 2:
            raise InvalidRequest(
                f"A search gives a thing and a score; ask for names with ?thing rdfs:label ?name. {HOW}"
            )
        return names[0], "".join(names[1:])

    def _take_out(self, at: int, end: int, pairs: Sequence[Span], sought: Sequence[Span]) -> None:
        """Note what falls away: a subject of which nothing else is said too; a semicolon may stay behind another."""
        left = [pair for pair in pairs if pair not in sought]
        if not left:
            # Between two dots there has to be something.
            self._gaps.append((self.mark(at).start, self.mark(end - 1).end, "{}"))
            return
        first, _ = left[0]
        if pairs[0] != left[0]:
            self._gaps.append((self.mark(pairs[0][0]).start, self.mark(first).start, ""))
        self._gaps += [(self.mark(start).start, self.mark(stop - 1).end, "") for start, stop in sought if start > first]

    def _clause(self, at: int, thing: str, score: str, verb: str, given: Arguments) -> Clause:
        variable = str(given.words) if isinstance(given.words, ox.Variable) else ""
        words = self._listed(given.words) if isinstance(given.words, ox.Variable) else (given.words,)
        names = [name[1:] for name in (thing, score, variable) if name]
        if len(set(names)) < len(names):
            raise InvalidRequest(f"Thing, score and words are not the same variable. {HOW}")
        for each in words:
            _require_plain(verb, each.value)
        return Clause(at, thing, score, variable, words, given.in_names, given.limit)

    def _listed(self, variable: ox.Variable) -> tuple[ox.Literal, ...]:
        """Return the words that a query lists for a variable."""
        blocks = [
            at + 2
            for at in range(len(self.found) - 2)
            if self.word(at) == "values"
            and (self.mark(at + 1).text[1:], self.mark(at + 2).text) == (variable.value, "{")
        ]
        if len(blocks) != 1:
            raise InvalidRequest(
                f"The words of a search are written out: {variable} has to be listed once, as "
                f'VALUES {variable} {{ "words" }}, or to be replaced by them. {HOW}'
            )
        [block] = blocks
        found = only(ox.Literal, terms(self, self._names, block + 1, self.after(block) - 1))
        return tuple(dict.fromkeys(found))

    def _note(self, text: "_Text", at: int, start: int, stop: int, *, is_alone: bool) -> None:
        """Note what QLever's form says of a text: a thing that it is about, or words that it has."""
        if not is_alone:
            raise InvalidRequest(f"A text of QLever is a variable of which nothing else is said. {HOW}")
        text.subjects.add(at)
        found = terms(self, self._names, start + 1, stop)
        if self._verbs[start] == WITH_ENTITY:
            text.things.extend(only(ox.Variable, found))
        else:
            text.words.extend(only(ox.Literal, found))

    def _of_qlever(self, text: "_Text") -> Clause:
        """Return the search that QLever's form is: there are no texts here, only things of which they are told."""
        variables = [mark.text[1:] for mark in self.found if mark.kind == "variable"]
        if variables.count(text.name[1:]) > len(text.subjects) or any(map(_is_made, variables)):
            raise InvalidRequest(f"Texts and their scores cannot be had: what is found are things. {HOW}")
        if len(text.things) != 1 or not text.words:
            raise InvalidRequest(f"A text contains one entity and some words, told in the same group. {HOW}")
        words = ox.Literal(" ".join(each.value for each in text.words))
        return self._clause(text.at, str(text.things[0]), "", WITH_WORD, Arguments(words, False, MOST))


class _Text(NamedTuple):
    """A text as QLever has it: where it is first told of and by which marks, the things that it is about, its words."""

    name: str
    at: int
    subjects: set[int]
    things: list[ox.Variable]
    words: list[ox.Literal]


def _require_few(searches: int) -> None:
    if searches > SEARCHES:
        raise InvalidRequest(f"A query may make {SEARCHES} searches; put their words together, or ask in parts.")


def _is_made(variable: str) -> bool:
    return variable.startswith(MADE_BY_QLEVER)


def _require_plain(verb: str, words: str) -> None:
    """Raise InvalidRequest for words with an operator, which would mean something else here."""
    if verb in OPERATORS and (found := OPERATORS[verb].search(words)):
        raise InvalidRequest(
            f"There are no operators here, such as {found[0]!r}: all words are looked for, in any form; the beginning "
            f"of a name will do, and a slip of the pen. Write the words alone. {HOW}"
        )
