"""What does a program need to know that reads the catalogue, to ask it well?

It is told as text in the form of llmstxt.org: a heading, a summary, what there is to know, then links with notes.
All of it is taken from what the service has.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rdflib import Graph

from toolbox_graph.describing import reading
from toolbox_graph.describing.void import TITLES
from toolbox_graph.model import Kind, Model, in_language
from toolbox_graph.namespaces import PREFIXES, RDF, Base, short
from toolbox_graph.saved_queries import SavedQuery
from toolbox_graph.search.facets import facets
from toolbox_graph.service_description import Bound, Offer
from toolbox_graph.settings import MEGABYTE

EXAMPLE = "tools-used-in-a-country"
"""The question whose text shows how to ask."""

PROPERTIES = 13
"""Properties that are told of a kind; the most used ones."""

UNITS = {"SEC": (1, " s"), "AD": (MEGABYTE, " MB"), "C62": (1, "")}
"""For each unit of a limit, how many make one that is told, and how that is written."""

VOCABULARY = "Prefixes have to be declared:"
"""Where it begins to tell with what queries are written."""

Lines = Iterable[str]


class Told(NamedTuple):
    """What the guide tells of: things of each kind, by number; VoID; the limits; the questions; the data's position."""

    counts: Mapping[str, int]
    void: Graph
    offer: Offer
    questions: Mapping[str, SavedQuery]
    position: int


def write(model: Model, told: Told) -> str:
    """Return the guide, its links relative to the base."""
    kinds = [kind for kind in model.kinds.values() if told.counts.get(kind.name)]
    blocks = [*_introduction(model.base, kinds, told), *_vocabulary(model, kinds, told), *_sections(model, kinds, told)]
    return "\n\n".join(blocks) + "\n"


def _introduction(base: Base, kinds: Sequence[Kind], told: Told) -> Lines:
    """Yield what there is, and how it is read."""
    yield f"# {TITLES['en'][0]}"
    counted = ", ".join(_counted(kind, told.counts[kind.name]) for kind in kinds)
    yield (
        "> The tools, organizations and use cases of open government as a knowledge graph, each statement with its"
        f" sources. There are {counted or 'no things yet'}. CC0-1.0: no need to ask."
    )
    yield (
        f"This is the state at position {told.position}. All can be read without a token. Things are named"
        f" `{base.iri}id/{{kind}}/{{key}}`, such as `{base.iri}id/tool/openfisca`; names in queries are relative to the"
        " base, so `<id/tool/openfisca>` will do. Each name leads to a page, Turtle, N-Triples, RDF/XML, JSON-LD, TriG"
        " or JSON, by `Accept` or by an ending (`tool/openfisca.json`). Texts have a language (`en`, `fr`, `es`, some"
        ' others), and not each has all: `FILTER(LANG(?name) = "en")`. What is absent is not known, which is not "no".'
    )
    yield (
        "The default graph is the merge of all sources. `GRAPH ?graph { … }` asks who says so: the name of a source's"
        f" graph ends with its key (`{base.graph('seeds', 'toolbox-graph')}` is what `<id/source/toolbox-graph>` says)."
    )


def _counted(kind: Kind, number: int) -> str:
    return f"{number:,} {in_language(kind.labels if number == 1 else kind.plural_labels, 'en')}"


def _vocabulary(model: Model, kinds: Sequence[Kind], told: Told) -> Lines:
    """Yield with what queries are written: prefixes, classes, properties and an example."""
    listed = [_of_kind(kind, model, told) for kind in kinds]
    question = told.questions[EXAMPLE]
    yield VOCABULARY
    yield _code(_prefixes(" ".join(listed)))
    yield "Kinds of things, and the properties that they have, with the number of statements and where they lead:"
    yield "\n".join(listed) or "(no things yet)"
    yield f"An example: {in_language(question.titles, 'en')}"
    yield _code([question.text.strip()])


def _code(lines: Lines) -> str:
    return "\n".join(["```sparql", *lines, "```"])


def _prefixes(text: str) -> Lines:
    """Return the declarations of the prefixes that a text uses; names are written in backticks."""
    used = (prefix for prefix in PREFIXES if f"`{prefix}:" in text or prefix in {"rdfs", "tbg"})
    return [f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in used]


def _of_kind(kind: Kind, model: Model, told: Told) -> str:
    used = [entry for entry in reading.used(told.void, model.base, kind.iri) if entry[0].iri != str(RDF.type)]
    classes = {other.iri for other in model.kinds.values()}
    properties = "; ".join(
        f"`{short(entry.iri)}` {entry.number:,}{_leads(one for one in leads if one in classes)}"
        for entry, leads in used[:PROPERTIES]
    )
    return f"- `{short(kind.iri)}` ({kind.name}, {told.counts[kind.name]:,}): {properties}"


def _leads(classes: Iterable[str]) -> str:
    named = ", ".join(f"`{short(one)}`" for one in classes)
    return f" → {named}" if named else ""


def _sections(model: Model, kinds: Sequence[Kind], told: Told) -> Lines:
    """Yield the links, under their headings."""
    yield "## Ways to ask"
    yield "\n".join(_ways(model, told.offer))
    yield "## Questions that are answered with parameters"
    yield "\n".join(_question(query) for query in told.questions.values())
    yield "## Lists"
    yield "\n".join(
        f"- [{in_language(kind.plural_labels, 'en')}]({kind.plural}.json): {told.counts[kind.name]:,}" for kind in kinds
    )
    yield "## Descriptions"
    yield "\n".join(DESCRIPTIONS)
    yield "## Optional"
    yield "\n".join(OPTIONAL)


def _question(query: SavedQuery) -> str:
    note = in_language(query.descriptions, "en")
    return f"- [{in_language(query.titles, 'en')}](queries/{query.name})" + (f": {note}" if note else "")


def _ways(model: Model, offer: Offer) -> Lines:
    names = ", ".join(f"`{name}`" for name in facets(model))
    limits = ", ".join(f"{bound.name} {_amount(bound)}" for bound in offer.bounds)
    services = f" SERVICE may call {', '.join(offer.services)}." if offer.services else " SERVICE calls nobody."
    yield (
        f"- [Search](search?format=json): words (`q`), choices ({names}), `limit`, `offset`, `lang`;"
        " forgives typing mistakes and counts what the search can be narrowed by"
    )
    yield f"- [SPARQL 1.1](sparql): `query` by GET or POST, read only. Limits: {limits}.{services}"
    yield (
        "- [Why a query finds nothing](sparql/why-empty): `query`; tells which part of it leaves nothing, and which"
        " terms are not known"
    )


def _amount(bound: Bound) -> str:
    divisor, unit = UNITS[bound.unit]
    return f"{bound.most / divisor:,g}{unit}"


DESCRIPTIONS = (
    "- [Ontology](ontology.ttl): all classes and properties, with definitions in English, French and Spanish",
    "- [Shapes](shapes.ttl): the rules that the data keeps (SHACL)",
    "- [Numbers](.well-known/void.ttl): how much there is of what (VoID)",
    "- [Datasets](catalog.ttl): what there is from each source, with its licence and downloads (DCAT-AP)",
    "- [OpenAPI](openapi.json): all addresses with their parameters and answers",
    "- [All data](graph-store?default): the merge as Turtle; other formats by `Accept` or `format`",
    "- [CC0-1.0](https://spdx.org/licenses/CC0-1.0): the licence of the data",
)
"""Links to what describes the catalogue, and to all of it."""

OPTIONAL = (
    "- [Terms](sparql/terms.json): prefixes, classes and properties with their labels, as JSON",
    "- [JSON-LD context](context.jsonld): short names for the terms",
    "- [History](history): the last changes, as a page",
)
"""Links that can be left out where there is little room."""
