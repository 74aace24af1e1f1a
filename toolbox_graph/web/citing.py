"""What does the address answer that says how something is cited?"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, Response, request

from toolbox_graph.citing import Citation, bibtex, key
from toolbox_graph.errors import InvalidRequest, NotFound
from toolbox_graph.model import in_language
from toolbox_graph.negotiation import BIBTEX
from toolbox_graph.web import requests
from toolbox_graph.web.questions import headings
from toolbox_graph.web.version_views import view

citing = Blueprint("citing", __name__)

ANSWER = {
    "en": "Answer to a SPARQL query",
    "fr": "Réponse à une requête SPARQL",
    "es": "Respuesta a una consulta SPARQL",
}
"""What the answer to a query is called, which has no name."""


@citing.get("/cite")
def cite() -> Response:
    """Return how a version of what stands at an address is cited, as BibTeX."""
    of = request.args.get("of", "")
    if not of.startswith("/") or of.startswith("//"):
        raise InvalidRequest(
            "Give as the parameter of the address of an answer here, such as /tool/ckan.", parameter="of"
        )
    path, fields = urlsplit(of).path, parse_qsl(urlsplit(of).query, keep_blank_values=True)
    version = requests.version()
    citation = Citation(
        title=_title(path.removeprefix("/"), dict(fields)),
        publisher=requests.service().settings.publisher,
        position=version.position,
        time=version.origin.time,
        address=view(version, path.removeprefix("/"), fields, requests.layout(), is_past=False).permalink,
    )
    response = requests.document(bibtex(citation).encode(), BIBTEX)
    # Browsers show no BibTeX: they save it, under this name.
    response.headers.set("Content-Disposition", "inline", filename=f"{key(citation)}.bib")
    return response


def _title(path: str, fields: Mapping[str, str]) -> str:
    """Return what is called by its address, below the base."""
    model, language = requests.service().model, requests.language()
    first, _, rest = path.partition("/")
    name = rest.partition(".")[0]
    kind = model.lists.get(first.partition(".")[0])
    if first in model.kinds and (description := requests.reader().describer.find(first, name)):
        return in_language(description.labels, language)
    if kind and not rest:
        label = in_language(kind.plural_labels, language)
        return label[0].upper() + label[1:]
    if path == "sparql" and "query" in fields:
        return ANSWER[language]
    question = requests.service().questions.get(rest) if first == "queries" else None
    if question is None:
        raise NotFound("Nothing that can be cited has this address in this version.")
    given = [(one.name, fields[one.name]) for one in question.parameters if fields.get(one.name)]
    return " ".join([headings(question, fields, language)[0], *(f"({name}: {value})" for name, value in given)])
