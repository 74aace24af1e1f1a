"""Is there a service description, and is it made as the vocabulary says?

The W3C's three tests have a name and no more. What the third asks, that the description conforms to the schema, is read
here from SPARQL 1.1 Service Description, section 3: the terms are those of the vocabulary, each property leads from a
thing of its domain to a thing of its range, and what describes a service, a dataset or a named graph is complete.
"""

from collections.abc import Callable, Iterator

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from conformance.judging import RDF as FORMATS
from conformance.judging import UNREADABLE, graph
from conformance.target import Target

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")

ACCEPT = ", ".join(f"{media_type};q={1 - place / 10}" for place, media_type in enumerate(FORMATS))

PROPERTIES = {
    "availableGraphs": ("Service", "GraphCollection"),
    "defaultDataset": ("Service", "Dataset"),
    "defaultEntailmentRegime": ("Service", ""),
    "defaultGraph": ("Dataset", "Graph"),
    "defaultSupportedEntailmentProfile": ("Service", ""),
    "endpoint": ("Service", ""),
    "entailmentRegime": ("NamedGraph", ""),
    "extensionAggregate": ("Service", ""),
    "extensionFunction": ("Service", ""),
    "feature": ("Service", ""),
    "graph": ("NamedGraph", "Graph"),
    "inputFormat": ("Service", ""),
    "languageExtension": ("Service", ""),
    "name": ("NamedGraph", ""),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "propertyFeature": ("Service", ""),
    "resultFormat": ("Service", ""),
    "supportedEntailmentProfile": ("NamedGraph", ""),
    "supportedLanguage": ("Service", ""),
}
"""The properties with their domain and their range; no range where the thing is described elsewhere, as formats are."""

CLASSES = {
    "Aggregate",
    "Dataset",
    "EntailmentProfile",
    "EntailmentRegime",
    "Feature",
    "Function",
    "Graph",
    "GraphCollection",
    "Language",
    "NamedGraph",
    "Service",
}

INSTANCES = {
    "BasicFederatedQuery",
    "DereferencesURIs",
    "EmptyGraphs",
    "RequiresDataset",
    "SPARQL10Query",
    "SPARQL11Query",
    "SPARQL11Update",
    "UnionDefaultGraph",
}
"""The languages and the features that have a name in the vocabulary."""

SUBCLASSES = {"GraphCollection": {"GraphCollection", "Dataset"}}

COMPLETE = (("Service", "endpoint", 1, None), ("NamedGraph", "name", 1, 1), ("Dataset", "defaultGraph", 0, 1))
"""How many values a thing of a class has at least and at most."""


def objection(target: Target, name: str) -> str:
    """Return in one line what a test of this name has to object to the description of a service, or nothing."""
    answer = target.send("GET", target.endpoint, [("Accept", ACCEPT)])
    if answer.status != 200:
        return f"not 200 but {answer.said}"
    if answer.media_type not in FORMATS:
        return f"not RDF but {answer.media_type or 'without a type'}"
    try:
        found = graph(answer.body, answer.media_type, target.endpoint)
    except UNREADABLE as error:
        return f"not {answer.media_type}: {' '.join(str(error).split())}"
    return "; ".join(TESTS[name](found, URIRef(target.endpoint)))


def _is_rdf(description: Graph, endpoint: URIRef) -> Iterator[str]:
    if not description:
        yield "there are no triples"


def _has_endpoint(description: Graph, endpoint: URIRef) -> Iterator[str]:
    if (None, SD.endpoint, endpoint) not in description:
        others = ", ".join(sorted(map(str, description.objects(predicate=SD.endpoint)))) or "none"
        yield f"no service has the endpoint {endpoint}; those described are: {others}"


def _conforms(description: Graph, endpoint: URIRef) -> Iterator[str]:
    if (None, RDF.type, SD.Service) not in description:
        yield "nothing is an sd:Service"
    yield from _strangers(description)
    yield from _misplaced(description)
    yield from _incomplete(description)
    yield from _shared(description)


def _strangers(description: Graph) -> Iterator[str]:
    """Yield the terms that the vocabulary does not have."""
    terms = {term for triple in description for term in triple if isinstance(term, URIRef) and term.startswith(SD)}
    for name in sorted(term.removeprefix(SD) for term in terms):
        if name not in CLASSES | INSTANCES | PROPERTIES.keys():
            yield f"sd:{name} is not in the vocabulary"


def _misplaced(description: Graph) -> Iterator[str]:
    """Yield the statements that lead from something or to something of another kind."""
    for name, (domain, range_) in PROPERTIES.items():
        for subject, value in description.subject_objects(SD[name]):
            if not _is_a(description, subject, domain):
                yield f"{subject} has an sd:{name} and is no sd:{domain}"
            if isinstance(value, Literal):
                yield f"the sd:{name} {value!r} is a literal"
            elif range_ and not _is_a(description, value, range_):
                yield f"{value} is an sd:{name} and no sd:{range_}"


def _is_a(description: Graph, thing: Node, name: str) -> bool:
    return any((thing, RDF.type, SD[kind]) in description for kind in SUBCLASSES.get(name, {name}))


def _incomplete(description: Graph) -> Iterator[str]:
    for kind, name, least, most in COMPLETE:
        for thing in description.subjects(RDF.type, SD[kind]):
            count = len(set(description.objects(thing, SD[name])))
            if count < least or (most is not None and count > most):
                yield f"the sd:{kind} {thing} has {count} sd:{name}"


def _shared(description: Graph) -> Iterator[str]:
    """Yield the endpoints of several services: the property is inverse functional, so these would be the same."""
    for endpoint in set(description.objects(predicate=SD.endpoint)):
        if len(set(description.subjects(SD.endpoint, endpoint))) > 1:
            yield f"{endpoint} is the endpoint of several services"


TESTS: dict[str, Callable[[Graph, URIRef], Iterator[str]]] = {
    "returns-rdf": _is_rdf,
    "has-endpoint-triple": _has_endpoint,
    "conforms-to-schema": _conforms,
}
