"""What does a file in the style of grlc say of its query?

grlc serves queries from files whose header has decorators, and whose parameters are variables with a name of some form:
`?_name` (a text that has to be given), `?__name` (may be left out), `?_name_iri`, `?_name_en`, `?_name_integer` and
other types of XML Schema, `?_name_prefix_datatype`. Such files work here as they are. What would ask another service is
passed over: the endpoint, and values that it would be asked for.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolbox_graph.namespaces import XSD
from toolbox_graph.parameters import KINDS, TEXT, Parameter, word
from toolbox_graph.store.lexer import Token, tokens
from toolbox_graph.store.prologue import Names, prologue

VARIABLE = re.compile(r"[?$]?(__?)([A-Za-z0-9]+)(?:_([A-Za-z0-9]+))?(?:_([A-Za-z0-9]+))?.*", re.ASCII)
"""A variable that is a parameter: whether it has to be given, its name, its type, and a datatype behind a prefix."""

LANGUAGE = re.compile(r"[a-z]{2}")


def is_parameter(token: Token) -> bool:
    """Return whether a token stands for a parameter."""
    return token.kind == "variable" and VARIABLE.fullmatch(token.text) is not None


def titles(header: Mapping[str, Any], name: str) -> Mapping[str, str]:
    """Return what a query is called: by its summary, else by its name."""
    return {"en": str(header.get("summary") or name.replace("-", " ").replace("_", " ").capitalize())}


def parameters(text: str, header: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """Return the parameters of a query, in the order in which they first stand in it."""
    names = Names(prologue(list(tokens(text))), "")
    variables = dict.fromkeys(token.text[1:] for token in tokens(text) if is_parameter(token))
    return tuple(_parameter(variable, header, names) for variable in variables)


def _parameter(variable: str, header: Mapping[str, Any], names: Names) -> Parameter:
    found = VARIABLE.fullmatch(variable)
    assert found
    underscores, name, kind, local = found.groups(default="")
    default = word(next(_said(header.get("defaults"), variable, name), ""))
    return Parameter(
        name=name,
        **_kind(kind, local, names),
        default=default,
        labels={"en": name},
        variable=variable,
        choices=tuple(map(word, next(_said(header.get("enumerate"), variable, name), None) or ())),
        is_required=underscores == "_" and not default,
    )


def _kind(kind: str, local: str, names: Names) -> dict[str, str]:
    """Return the kind of a parameter, and its language or datatype; what looks like neither is part of its name."""
    datatype = names.of(Token("name", f"{kind}:{local}", 0, 0))
    if local and datatype != local:
        known = datatype.removeprefix(str(XSD))
        return {"kind": known} if known in KINDS else {"kind": TEXT, "datatype": datatype}
    if LANGUAGE.fullmatch(kind):
        return {"kind": TEXT, "language": kind}
    return {"kind": "decimal" if kind == "number" else kind if kind in KINDS else TEXT}


def _said(entries: object, variable: str, name: str) -> Iterator[Any]:
    """Yield what a decorator says of a parameter, which it may call by name or as the variable."""
    listed = [entries] if isinstance(entries, dict) else entries if isinstance(entries, list) else []
    for entry in listed:
        if isinstance(entry, dict):
            yield from (value for key, value in entry.items() if str(key).lstrip("?$") in {variable, name})
