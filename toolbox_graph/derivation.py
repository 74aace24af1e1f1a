"""What follows from what is stated?

The rules are CONSTRUCT queries in `queries/rules/`. What they find stands in one graph of its own, so that nobody takes
it for stated; like other graphs it is merged into what is shown. A change asks the rules about the things that it
touched, so a commit costs what it touched and not what there is; a large change asks them about everything.

Each rule has a key: the variable for the things of which its statements are found anew. It follows other things: where
one of those changes, the key's things that it leads to are asked again, those of before and those of after. Rules of a
later stratum read what those of the earlier ones found.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.plugins.sparql import prepareQuery

from toolbox_graph import files, query_files
from toolbox_graph.model import Model
from toolbox_graph.store.claims import Facts, Field
from toolbox_graph.store.dataset import Dataset, in_steps
from toolbox_graph.store.quads import Quad, node

MANY = 5_000
"""Touched things from which on the rules are asked about everything."""

STEP = 1_000
"""Things that one query is asked about."""


PARTS = re.compile(r"(.*?)CONSTRUCT (\{[^{}]*\})\s*WHERE \{(.*)", re.DOTALL)
"""What a rule consists of: the prefixes, what it finds, and where."""


class Rule(NamedTuple):
    """A rule: its name, its key, what it follows, its stratum, and its text.

    `key_is_subject` says whether the key is the subject of what is found, or its object; `predicates` are the
    properties that it finds, none where the ontology's inverses decide.
    """

    name: str
    key: str
    follows: tuple[str, ...]
    stratum: int
    key_is_subject: bool
    predicates: tuple[str, ...]
    prologue: str
    template: str
    pattern: str

    def find(self, variable: str = "", things: Iterable[str] = ()) -> str:
        """Return the query for what the rule finds, about some things or about all."""
        return f"{self.prologue}CONSTRUCT {self.template} WHERE {{ {_values(variable, things)}{self.pattern}"

    def reach(self, variable: str, things: Iterable[str]) -> str:
        """Return the query for the key's things to which some things lead."""
        return f"{self.prologue}SELECT DISTINCT ?{self.key} WHERE {{ {_values(variable, things)}{self.pattern}"


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules, stratum by stratum."""
    return tuple(sorted(map(_rule, sorted(files.RULES.glob("*.rq"))), key=lambda rule: (rule.stratum, rule.name)))


class Deriver:
    """Keeps the graph of what follows in step with a dataset."""

    def __init__(self, model: Model, dataset: Dataset) -> None:
        self.dataset = dataset
        self._base = model.base.iri
        self._graph = node(model.base.graph("derived"))
        self._inverses = tuple(map(node, model.inverses))
        self.displaced: dict[Field, Facts] = {}
        """What was shown before the last change where something that follows may displace what is stated."""

    def reached(self, touched: Collection[str]) -> Mapping[str, set[str]]:
        """Return for each rule the things of its key to which some things lead; to be asked before they change."""
        if len(touched) > MANY:
            return {}
        return {rule.name: self._reached(rule, touched) for rule in rules() if rule.follows != (rule.key,)}

    def derive(self, touched: Collection[str], before: Mapping[str, set[str]]) -> set[Field]:
        """Bring what follows up to date after a change, given what the touched things reached before it.

        Return of which properties of which things the shapes may find something else now; not those where one more of
        many points to a thing.
        """
        return self._derive(None if len(touched) > MANY else set(touched), before)

    def derive_all(self) -> set[Field]:
        """Find anew all that follows, and return what `derive` does."""
        return self._derive(None, {})

    def _derive(self, ahead: set[str] | None, before: Mapping[str, set[str]]) -> set[Field]:
        changed: set[Field] = set()
        self.displaced = {}
        for stratum in sorted({rule.stratum for rule in rules()}):
            held: set[Quad] = set()
            found: set[Quad] = set()
            for rule in (rule for rule in rules() if rule.stratum == stratum):
                keys = None if ahead is None else self._keys(rule, ahead, before)
                held |= self._held(rule, keys)
                found |= self._found(rule, keys)
            changed |= self._amend(held - found, found - held)
            if ahead is not None:
                ahead |= {quad.subject for quad in held ^ found}
        return changed

    def _amend(self, removed: set[Quad], added: set[Quad]) -> set[Field]:
        pairs = {(quad.subject, quad.predicate) for quad in removed | added}
        inverse = {pair for pair in pairs if pair[1] in self._inverses}
        had = {pair for pair in inverse if self.dataset.has(*pair)}
        self.displaced = self.dataset.amend(sorted(removed), sorted(added)) | self.displaced
        has = {pair for pair in inverse if self.dataset.has(*pair)}
        return (pairs - inverse) | (had ^ has)

    def _keys(self, rule: Rule, ahead: set[str], before: Mapping[str, set[str]]) -> set[str]:
        if rule.follows == (rule.key,):
            return ahead
        return self._reached(rule, ahead) | before.get(rule.name, set())

    def _reached(self, rule: Rule, things: Collection[str]) -> set[str]:
        found = set()
        for variable in rule.follows:
            for step in in_steps(sorted(things), STEP):
                found |= {str(row[0]) for row in cast(ox.QuerySolutions, self._ask(rule.reach(variable, step)))}
        return found

    def _held(self, rule: Rule, keys: Collection[str] | None) -> set[Quad]:
        """Return what the graph holds of a rule's statements about some things, or about all."""
        predicates = rule.predicates or self._inverses
        if keys is None:
            return {quad for name in predicates for quad in self.dataset.matching(None, name, None, self._graph)}
        return {
            quad
            for name in predicates
            for key in keys
            for quad in self.dataset.matching(
                key if rule.key_is_subject else None, name, None if rule.key_is_subject else key, self._graph
            )
        }

    def _found(self, rule: Rule, keys: Collection[str] | None) -> set[Quad]:
        """Return what a rule finds about some things, or about all."""
        texts = [rule.find()] if keys is None else [rule.find(rule.key, step) for step in in_steps(sorted(keys), STEP)]
        return {
            Quad(str(triple.subject), str(triple.predicate), str(triple.object), self._graph)
            for text in texts
            for triple in cast(ox.QueryTriples, self._ask(text))
        }

    def _ask(self, text: str) -> object:
        return self.dataset.store.query(text, base_iri=self._base)


def _rule(path: Path) -> Rule:
    name, header, text = query_files.read(path)
    parts = PARTS.fullmatch(text)
    assert parts, f"{path.name} is no rule"
    [(subject, predicate, _)] = prepareQuery(text, base="urn:base:/").algebra.template
    return Rule(
        name=name,
        key=header["key"],
        follows=tuple(header["follows"]),
        stratum=header["stratum"],
        key_is_subject=str(subject) == header["key"],
        predicates=(node(predicate),) if isinstance(predicate, URIRef) else (),
        prologue=parts[1],
        template=parts[2],
        pattern=parts[3],
    )


def _values(variable: str, things: Iterable[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(things)} }} " if variable else ""
