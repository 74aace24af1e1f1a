"""What may the parameter of a saved query be, and which term is a text that is given for it?

A text becomes a term or is refused; it never becomes a part of a query in any other way.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pyoxigraph as ox

from toolbox_graph.errors import InvalidRequest
from toolbox_graph.namespaces import KEY, XSD, Base
from toolbox_graph.store.terms import NEVER_IN_TEXTS, is_whole

TEXT, IRI = "text", "iri"
"""Kinds of parameters that are words, such as the code of a language, and any addresses."""

LONGEST = 1_000
"""Characters of a value."""

INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?", re.ASCII)

PLAIN = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
"""A character that may stand in a text, as a pattern of JSON Schema."""

MARK = re.compile(r"[.*+?^${}()|\[\]\\]")
"""A character that means something in a pattern."""

LARGEST = 10**18
"""The numbers from here on are more than the engine counts."""

PLACES = 15
"""Digits behind the point of a decimal number."""


class Form(NamedTuple):
    """How the values of a kind are written: how one is, in the engine's way, None for what is none of them.

    `called` says what one is, `example` shows it, `schema` describes it as JSON Schema does, `field` is the type of the
    field in a form.
    """

    write: Callable[[str], str | None]
    called: str
    example: str
    schema: Mapping[str, object]
    field: str = "text"


def _integer(text: str) -> str | None:
    return str(int(text)) if INTEGER.fullmatch(text) else None


def _decimal(text: str) -> str | None:
    if not NUMBER.fullmatch(text) or abs(number := Decimal(text)) >= LARGEST:
        return None
    return f"{number:.{PLACES}f}".rstrip("0").rstrip(".") or "0"


def _double(text: str) -> str | None:
    return text if NUMBER.fullmatch(text) else None


def _day(text: str) -> str | None:
    return text if DAY.fullmatch(text) and _is_date(date.fromisoformat, text) else None


def _time(text: str) -> str | None:
    return text if TIME.fullmatch(text) and _is_date(datetime.fromisoformat, text) else None


def _is_date(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _boolean(text: str) -> str | None:
    return text if text in {"true", "false"} else None


def _year(text: str) -> str | None:
    return text if re.fullmatch(r"[0-9]{4}", text) and text != "0000" else None


def _text(text: str) -> str | None:
    return text if len(text) <= LONGEST and not NEVER_IN_TEXTS.search(text) else None


def _iri(text: str) -> str | None:
    return text if len(text) <= LONGEST and is_whole(text) else None


NUMERIC: Mapping[str, object] = {"type": "number", "exclusiveMinimum": -LARGEST, "exclusiveMaximum": LARGEST}
WHOLE = Form(
    _integer,
    "a whole number",
    "12",
    {"type": "integer", "exclusiveMinimum": -LARGEST, "exclusiveMaximum": LARGEST},
    "number",
)

FORMS: Mapping[str, Form] = {
    TEXT: Form(_text, f"a text of {LONGEST} characters at most, without control characters", "Paris",
               {"type": "string", "maxLength": LONGEST, "pattern": f"^{PLAIN}*$"}),
    IRI: Form(_iri, "a whole IRI", "https://example.org/", {"type": "string", "format": "iri", "maxLength": LONGEST}),
    "integer": WHOLE,
    "decimal": Form(_decimal, "a number", "2.5", NUMERIC, "decimal"),
    "double": Form(_double, "a number", "2.5", {"type": "number"}, "decimal"),
    "date": Form(_day, "a day as year, month and day", "2016-12-07", {"type": "string", "format": "date"}, "date"),
    "dateTime": Form(_time, "a time as ISO 8601 has it", "2016-12-07T10:00:00Z",
                     {"type": "string", "format": "date-time"}),
    "gYear": Form(_year, "a year of four digits", "2016", {"type": "string", "pattern": "^[0-9]{4}$"}),
    "boolean": Form(_boolean, "true or false", "true", {"type": "boolean"}, "choice"),
}  # fmt: skip
"""The kinds of parameters that are no things, by the names that XML Schema has for them; texts and addresses beside."""

NARROWER = ("int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "negativeInteger",
            "nonPositiveInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte")  # fmt: skip
"""Kinds of whole numbers that XML Schema has beside."""

KINDS: Mapping[str, Form] = {**FORMS, **dict.fromkeys(NARROWER, WHOLE), "float": FORMS["double"], "string": FORMS[TEXT]}


class Parameter(NamedTuple):
    """What a question can be asked about: a thing of some kind, or a value of one, and the one that it is by default.

    It takes the place of a `variable`, which may be called otherwise. A text may be of a `language` or a `datatype`;
    `choices` are the values that there are, if these are few. Without a default it may be that it has to be given
    (`is_required`).
    """

    name: str
    kind: str
    default: str
    labels: Mapping[str, str]
    variable: str = ""
    language: str = ""
    datatype: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False

    @property
    def place(self) -> str:
        """The variable that it takes the place of."""
        return self.variable or self.name

    @property
    def form(self) -> Form | None:
        """How its values are written, None where they are things."""
        return KINDS.get(self.kind)

    @property
    def example(self) -> str:
        """A value that it may have."""
        return self.default or next(iter(self.choices), "") or (self.form.example if self.form else f"{self.kind}/…")


def word(value: object) -> str:
    """Return a value of a header as it stands in a request."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def term(parameter: Parameter, value: str, base: Base) -> ox.NamedNode | ox.Literal:
    """Return the term that a parameter is; raise InvalidRequest where the value is none that it may have."""
    found = _term(parameter, value, base)
    choices = [_term(parameter, choice, base) for choice in parameter.choices]
    if found is None or (choices and found not in choices):
        raise InvalidRequest(
            f"The parameter {parameter.name} is {_said(parameter)}, not {value[:100]!r}.", parameter=parameter.name
        )
    return found


def _said(parameter: Parameter) -> str:
    """Return in words what a parameter may be."""
    if parameter.choices:
        return f"one of {', '.join(parameter.choices)}"
    if parameter.form is None:
        return f"a thing of the kind {parameter.kind}, such as {parameter.example}"
    return f"{parameter.form.called}, such as {parameter.example}"


def _term(parameter: Parameter, value: str, base: Base) -> ox.NamedNode | ox.Literal | None:
    if parameter.form is None:
        return _thing(parameter.kind, value, base)
    if parameter.kind == IRI:
        # A thing may be named here as elsewhere, by kind and key.
        kind, _, key = value.partition("/")
        named = base.thing(kind, key) if KEY.fullmatch(kind) and KEY.fullmatch(key) else _iri(value)
        return ox.NamedNode(named) if named else None
    written = parameter.form.write(value)
    return None if written is None else _literal(parameter, written)


def _literal(parameter: Parameter, written: str) -> ox.Literal:
    if parameter.language:
        return ox.Literal(written, language=parameter.language)
    datatype = parameter.datatype or str(XSD["string" if parameter.kind == TEXT else parameter.kind])
    return ox.Literal(written, datatype=ox.NamedNode(datatype))


def _thing(wanted: str, value: str, base: Base) -> ox.NamedNode | None:
    """Return the thing that a value names: by its key, by kind and key, or by its IRI."""
    kind, key = base.split(value) or value.rpartition("/")[::2]
    return ox.NamedNode(base.thing(wanted, key)) if kind in {wanted, ""} and KEY.fullmatch(key) else None


def schema(parameter: Parameter, base: Base) -> dict[str, Any]:
    """Return what a parameter may be as JSON Schema says it; what may be left out may be empty, as forms send it."""
    empty = "" if parameter.is_required else "?"
    if parameter.choices:
        found: dict[str, Any] = {"enum": [*parameter.choices, *([] if parameter.is_required else [""])]}
    elif parameter.form is None:
        beginning = MARK.sub(r"\\\g<0>", f"{base.iri}id/")
        found = {"type": "string", "pattern": f"^((({beginning})?{parameter.kind}/)?{KEY.pattern}){empty}$"}
    elif parameter.is_required and parameter.kind == TEXT:
        found = {**parameter.form.schema, "pattern": f"^{PLAIN}*{PLAIN[:-1]}\\s]{PLAIN}*$"}
    elif parameter.is_required or parameter.kind == TEXT:
        found = dict(parameter.form.schema)
    else:
        found = {"anyOf": [dict(parameter.form.schema), {"const": ""}]}
    return found | ({"default": _native(parameter)} if parameter.default else {})


def _native(parameter: Parameter) -> object:
    """Return the default of a parameter as JSON has it."""
    is_native = parameter.form and parameter.form.schema["type"] in {"integer", "number", "boolean"}
    return json.loads(parameter.default) if is_native else parameter.default
