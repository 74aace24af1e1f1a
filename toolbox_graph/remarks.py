"""What is not known yet of a thing?

The shapes ask for it with the severity `sh:Info`: at least one value, perhaps in a language. That is read off the
description of a thing; a test holds it against what pySHACL finds.
"""

from collections.abc import Iterator

import pyoxigraph as ox

from toolbox_graph.entities import Description
from toolbox_graph.model import Labels, Model, Rule
from toolbox_graph.namespaces import RDF


def missing(description: Description, model: Model) -> list[Labels]:
    """Return what a contributor could add to a thing, in the order in which a page shows facts."""
    classes = [value.term.value for value in description.values(str(RDF.type))]
    lacking = (rule for rule in model.rules(classes) if rule.is_remark and not _is_known(description, rule, model))
    in_order = sorted(lacking, key=lambda rule: (model.property(rule.path).place, rule.shape))
    return [model.messages(rule.shape) for rule in in_order]


def _is_known(description: Description, rule: Rule, model: Model) -> bool:
    if not rule.language:
        forward = model.forward.get(rule.path, "")
        return bool(description.values(rule.path)) or any(links.predicate.iri == forward for links in description.links)
    return rule.language in _languages(description, rule.path)


def _languages(description: Description, predicate: str) -> Iterator[str]:
    for value in description.values(predicate):
        if isinstance(value.term, ox.Literal):
            yield value.term.language or ""
