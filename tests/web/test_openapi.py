"""OpenAPI: all addresses are told of, as they are, and the service does what is told."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import THOROUGH, Served
from tests.web.conftest import MODEL
from toolbox_graph.negotiation import DOCUMENTS
from toolbox_graph.web.door import Door
from toolbox_graph.web.schemas import refusals

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")

QUESTIONS = "typed|is-there|named-in-french|tools-with-licence|who-used-a-tool-where"
"""The questions that are asked all that can be asked; the others are told of in the same way."""

Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(served: Served) -> Document:
    """What the service says of itself."""
    answer = served.get("/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    found = answer.json()
    assert isinstance(found, dict)
    return found


def require(module: str) -> None:
    """Skip the test where a package of the extra `api` is not installed, or fail it where all has to be there."""
    if find_spec(module) is None:
        reason = f"needs {module}: pip install --editable '.[api]'"
        pytest.fail(reason) if THOROUGH else pytest.skip(reason)


def parameters(document: Document, path: str, method: str = "get") -> dict[str, Document]:
    """Return the parameters of an operation by name."""
    return {entry["name"]: entry for entry in document["paths"][path][method]["parameters"]}


def test_each_route_is_told_of(document: Document, client: FlaskClient) -> None:
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule)) for rule in client.application.url_map.iter_rules()}
    assert rules <= document["paths"].keys()


def test_each_address_of_the_door_is_told_of(document: Document, client: FlaskClient) -> None:
    door = Door(client.application.extensions["toolbox-graph"])
    at_the_door = {path for path in document["paths"] if door.answers(path.replace("{", "").replace("}", ""))}
    others = {path for path in at_the_door if not path.startswith("/queries/")}
    assert others == {"/sparql", "/sparql/queries", "/sparql/queries/{name}", "/sparql/why-empty", "/graph-store", "/graph-store/{name}", "/graph/{name}"}  # fmt: skip


def test_each_question_is_told_of(document: Document, served: Served) -> None:
    listed = served.get("/queries", headers={"Accept": "application/json"}).json()["items"]
    told = {path for path in document["paths"] if path.startswith("/queries/")}
    assert {f"/{item['url']}" for item in listed} == told


def test_each_operation_has_a_name_of_its_own_and_says_what_it_does(document: Document) -> None:
    operations = [entry for path in document["paths"].values() for entry in path.values() if isinstance(entry, dict)]
    names = [entry["operationId"] for entry in operations]
    assert len(names) == len(set(names))
    assert all(entry["summary"] for entry in operations)


def test_parameters_of_a_question_have_types(document: Document) -> None:
    found = {name: entry["schema"] for name, entry in parameters(document, "/queries/typed").items()}
    assert found["word"]["enum"] == ["red", "green"]
    assert found["size"]["anyOf"][0]["type"] == "integer"
    assert found["size"]["default"] == 3
    assert found["day"]["anyOf"][0]["format"] == "date"
    assert (found["limit"]["maximum"], found["limit"]["default"]) == (10_000, 2)
    assert [name for name, entry in parameters(document, "/queries/typed").items() if entry.get("required")] == ["word"]


def test_kinds_and_formats_are_those_of_the_code(document: Document) -> None:
    found = parameters(document, "/{kind}/{name}")
    assert found["kind"]["schema"]["enum"] == list(MODEL.kinds)
    media_types = document["paths"]["/{kind}/{name}"]["get"]["responses"]["200"]["content"]
    assert list(media_types) == [offer.media_type for offer in DOCUMENTS]


def test_each_refusal_is_told_of(document: Document) -> None:
    told = " ".join(entry["description"] for entry in document["components"]["responses"].values())
    assert {refusal.name for refusal in refusals() if f"`{refusal.name}`" not in told} == set()


def test_the_description_is_one(document: Document) -> None:
    require("openapi_spec_validator")
    from openapi_spec_validator import OpenAPIV31SpecValidator

    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_the_service_does_what_it_is_told_to_do(served: Served, tmp_path: Path) -> None:
    require("schemathesis")
    others = rf"^/queries/(?!({QUESTIONS})$).+"
    program = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIGURATION)]
    options = ["--phases", "examples,coverage,fuzzing", "--seed", "1", "--no-color", "--warnings", "off"]
    done = subprocess.run(
        [*program, "run", f"{served.address}/openapi.json", *options, "--exclude-path-regex", others],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-8_000:]
