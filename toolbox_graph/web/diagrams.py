"""How does a class stand to the others, as a picture?

What the shapes let things of a class point to, and what they let point to those. Each row of the picture is another
class; over the line between the two stand the properties that lead there, or come from there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from textwrap import wrap
from typing import NamedTuple

from rdflib import Literal, URIRef
from rdflib.term import Node

from toolbox_graph.model import Model, in_language
from toolbox_graph.namespaces import RDFS, SH
from toolbox_graph.web.views import anchor

LINE, GAP, TOP = 18, 16, 54
"""Heights, in units of the picture: of a written line, below a row, and from the top to the first row."""

WIDEST = 23
"""Characters that fit into a box, or over a line."""


class Tie(NamedTuple):
    """A property that leads from things of one class to things of another, and how many values it may have."""

    subject: str
    predicate: str
    object: str
    number: str


class Row(NamedTuple):
    """Another class, by what it is called and where it is explained.

    `texts` stand over the line that leads there, each with its place; `y` is the place of the line. `direction` is
    `out` where properties lead there, `in` where they come from there, `up` for a wider class.
    """

    name: str
    anchor: str
    texts: tuple[tuple[str, int], ...]
    y: int
    direction: str


class Diagram(NamedTuple):
    """What a class is called, and the classes that it is tied to."""

    name: str
    rows: tuple[Row, ...]

    @property
    def height(self) -> int:
        """The height of the picture."""
        return self.rows[-1].y + LINE


def draw(model: Model, iri: str, language: str) -> Diagram | None:
    """Return the picture of a class; none for one that is tied to no other."""
    parents = model.ontology.objects(URIRef(iri), RDFS.subClassOf)
    wider = [(str(parent), "up", [""]) for parent in parents if (parent, RDFS.label, None) in model.ontology]
    leading = ((tie.object, "out", tie) for tie in ties(model) if tie.subject == iri)
    coming = ((tie.subject, "in", tie) for tie in ties(model) if tie.object == iri != tie.subject)
    others = [*wider, *_gathered(model, leading, language), *_gathered(model, coming, language)]
    rows = tuple(_placed(model, others, language))
    return Diagram(_called(model, iri, language), rows) if rows else None


@lru_cache(maxsize=4)
def ties(model: Model) -> tuple[Tie, ...]:
    """Return the properties by which the shapes let things of a class point to things of another."""
    found = {
        Tie(str(target), str(model.shapes.value(rule, SH.path)), str(other), _number(model, rule))
        for shape, target in model.shapes.subject_objects(SH.targetClass)
        for rule in model.shapes.objects(shape, SH.property)
        for other in _classes(model, rule)
    }
    return tuple(sorted(found))


def _classes(model: Model, rule: Node) -> Iterator[Node]:
    yield from model.shapes.objects(rule, SH["class"])
    for choices in model.shapes.objects(rule, SH["or"]):
        for choice in model.shapes.items(choices):
            yield from model.shapes.objects(choice, SH["class"])


def _number(model: Model, rule: Node) -> str:
    """Return how many values there may be, as UML writes it; empty where any number will do."""
    is_wanted, is_one = ((rule, count, Literal(1)) in model.shapes for count in (SH.minCount, SH.maxCount))
    return {(True, True): "1", (False, True): "0..1", (True, False): "1..*", (False, False): ""}[is_wanted, is_one]


def _gathered(
    model: Model, ends: Iterable[tuple[str, str, Tie]], language: str
) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each class at the other end, the direction, and what is written over the line that leads there."""
    texts = defaultdict(set)
    for other, direction, tie in ends:
        texts[other, direction].add(f"{in_language(model.labels(tie.predicate), language)} {tie.number}".strip())
    for other, direction in sorted(texts, key=lambda end: _called(model, end[0], language)):
        yield other, direction, [line for text in sorted(texts[other, direction]) for line in wrap(text, WIDEST)]


def _placed(model: Model, others: Iterable[tuple[str, str, list[str]]], language: str) -> Iterator[Row]:
    top = TOP
    for other, direction, texts in others:
        lines = tuple((text, top + LINE * number) for number, text in enumerate(texts))
        yield Row(_called(model, other, language), anchor(other), lines, lines[-1][1] + 6, direction)
        top = lines[-1][1] + LINE + GAP


def _called(model: Model, iri: str, language: str) -> str:
    name = in_language(model.labels(iri), language)
    return name if len(name) <= WIDEST else f"{name[: WIDEST - 1]}…"
