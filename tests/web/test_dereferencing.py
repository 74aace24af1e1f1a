"""Dereferencing: whoever asks for a thing by its name gets it in the form and language that they prefer."""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

from tests.conftest import BASE, Served, origin
from tests.web.conftest import KINDS, KNOWN, Html
from toolbox_graph.changes import Repository
from toolbox_graph.namespaces import DCTERMS, FOAF, LICENCES, RDFS
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import Quad, node

FORMATS = [
    ("text/html", ""),
    ("text/turtle", ".ttl"),
    ("application/n-triples", ".nt"),
    ("application/rdf+xml", ".rdf"),
    ("application/ld+json", ".jsonld"),
    ("application/trig", ".trig"),
    ("application/json", ".json"),
]

PREFERENCES = [
    ("text/turtle;q=0.3, application/ld+json;q=0.7", "application/ld+json"),
    ("text/html;q=0.2, application/rdf+xml", "application/rdf+xml"),
    ("text/html;q=0, */*", "text/turtle"),
    ("text/turtle;q=0, application/n-triples;q=0.1", "application/n-triples"),
    ("image/png, application/trig;q=0.1", "application/trig"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ("*/*", "text/html"),
]

REFUSALS = ["image/png", "text/html;q=0", "*/*;q=0", "text/turtle;q=0, text/csv"]

THING, PAGE = "/id/tool/openfisca", "/tool/openfisca"

NOTHING = [
    "/id/tool/nothing",
    "/tool/nothing",
    "/tool/nothing.ttl",
    "/id/nothing/openfisca",
    "/nothing/openfisca",
    "/nothing",
    "/tool/openfisca.doc",
    "/tool/openfisca.",
    "/tool/openfisca.ttl.ttl",
    "/tools.ttl",
    "/id/tool",
    "/id/",
    "/id/tool/",
    "/id/tool/openfisca/more",
    "/tool/openfisca/",
]

ODD = [
    "OpenFisca",
    "open_fisca",
    "op%C3%A9nfisca",
    "%6Fpenfisca%20",
    "openfisca%00",
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "..",
    "..%2F..%2Fetc%2Fpasswd",
    "%2e%2e",
    "%25",
    "%",
    "%3Cscript%3E",
    "'%20OR%201=1",
    "openfisca%0d%0aSet-Cookie:%20a=b",
    "a" * 5000,
    "٣",
]


def withdraw(house: Repository, key: str) -> None:
    """Take back all that is said of a tool of the house."""
    said = house.journal.get(1).added
    removed = [quad for quad in said if quad.subject == node(BASE.thing("tool", key))]
    house.commit(Draft(origin("edit"), removed, []), since=1)


def merge(house: Repository, key: str, *, into: str) -> None:
    """Say that one tool of the house is another."""
    replaced = (node(BASE.thing("tool", key)), node(str(DCTERMS.isReplacedBy)), node(BASE.thing("tool", into)))
    house.commit(Draft(origin("edit"), [], [Quad(*replaced, node(BASE.graph("house", "alpha")))]), since=1)


@pytest.mark.parametrize("kind", KINDS)
def test_every_thing_of_a_list_has_a_name_that_leads_to_its_page(
    client: FlaskClient, keys: Callable[[str], list[str]], kind: str
) -> None:
    for key in keys(kind):
        response = client.get(f"/id/{kind}/{key}")
        assert (response.status_code, response.headers["Location"]) == (303, f"../../{kind}/{key}")


@pytest.mark.parametrize("kind", KINDS)
def test_every_thing_of_a_list_has_a_page(client: FlaskClient, keys: Callable[[str], list[str]], kind: str) -> None:
    answers = {key: client.get(f"/{kind}/{key}").status_code for key in keys(kind)}
    assert {key: status for key, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize(("media_type", "extension"), FORMATS)
def test_a_name_leads_to_the_form_that_is_asked_for(client: FlaskClient, media_type: str, extension: str) -> None:
    response = client.get(THING, headers={"Accept": media_type})
    assert (response.status_code, response.headers["Location"]) == (303, f"../../tool/openfisca{extension}")
    address = urlsplit(urljoin(f"http://any.example{THING}", response.headers["Location"])).path
    answer = client.get(address, headers={"Accept": media_type})
    assert (answer.status_code, answer.mimetype) == (200, media_type)


@pytest.mark.parametrize(("media_type", "extension"), FORMATS)
def test_every_kind_can_be_had_in_every_form(
    client: FlaskClient, examples: list[tuple[str, str]], media_type: str, extension: str
) -> None:
    answers = {thing: client.get(f"/{'/'.join(thing)}{extension}") for thing in examples}
    assert {thing: a.status for thing, a in answers.items() if (a.status_code, a.mimetype) != (200, media_type)} == {}


@pytest.mark.parametrize(("media_type", "extension"), FORMATS)
def test_the_address_of_a_page_gives_each_form(client: FlaskClient, media_type: str, extension: str) -> None:
    response = client.get(PAGE, headers={"Accept": media_type})
    assert response.mimetype == media_type
    assert response.data == client.get(PAGE + extension, headers={"Accept": "*/*"}).data


@pytest.mark.parametrize(("media_type", "extension"), FORMATS[1:])
def test_an_address_with_an_extension_gives_that_form_only(
    client: FlaskClient, media_type: str, extension: str
) -> None:
    assert client.get(PAGE + extension, headers={"Accept": "text/html"}).mimetype == media_type


@pytest.mark.parametrize(("media_type", "extension"), FORMATS[1:])
def test_a_parameter_names_the_form_too(client: FlaskClient, media_type: str, extension: str) -> None:
    parameters = {"format": extension[1:]}
    assert client.get(PAGE, query_string=parameters, headers={"Accept": "text/html"}).mimetype == media_type


@pytest.mark.parametrize(("accept", "media_type"), PREFERENCES)
def test_the_form_that_is_preferred_is_given(client: FlaskClient, accept: str, media_type: str) -> None:
    assert client.get(PAGE, headers={"Accept": accept}).mimetype == media_type


@pytest.mark.parametrize(("accept", "media_type"), PREFERENCES)
def test_a_name_leads_to_the_form_that_is_preferred(client: FlaskClient, accept: str, media_type: str) -> None:
    location = client.get(THING, headers={"Accept": accept}).headers["Location"]
    assert location == f"../../tool/openfisca{dict(FORMATS)[media_type]}"


def test_who_says_nothing_gets_the_page(client: FlaskClient) -> None:
    assert client.get(THING).headers["Location"] == "../../tool/openfisca"
    assert client.get(PAGE).mimetype == "text/html"


@pytest.mark.parametrize("address", [THING, PAGE])
@pytest.mark.parametrize("accept", REFUSALS)
def test_who_takes_no_form_of_a_thing_is_told_which_there_are(client: FlaskClient, address: str, accept: str) -> None:
    response = client.get(address, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (406, "application/problem+json")
    problem = response.get_json()
    assert problem["formats"] == ["html", "ttl", "nt", "rdf", "jsonld", "trig", "json"]
    assert all(media_type in problem["detail"] for media_type, _ in FORMATS)


@pytest.mark.parametrize("address", NOTHING)
def test_what_is_not_there_is_not_found(client: FlaskClient, address: str) -> None:
    response = client.get(address, headers={"Accept": "application/json"})
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("address", NOTHING)
def test_a_person_gets_a_page_about_what_is_not_there(client: FlaskClient, address: str) -> None:
    response = client.get(address, headers={"Accept": PREFERENCES[5][0]})
    assert (response.status_code, response.mimetype) == (404, "text/html")


def test_an_unknown_form_is_answered_with_those_that_there_are(client: FlaskClient) -> None:
    assert "html, ttl, nt, rdf, jsonld, trig, json" in client.get("/tool/openfisca.doc").get_json()["detail"]


@pytest.mark.parametrize("address", ["/id/tool/door", "/tool/door", "/tool/door.ttl", "/tool/door.json"])
def test_a_thing_that_was_withdrawn_is_gone(house: Repository, house_client: FlaskClient, address: str) -> None:
    assert house_client.get(address).status_code in {200, 303}
    withdraw(house, "door")
    assert house_client.get(address).status_code == 410


def test_a_thing_that_was_withdrawn_is_no_longer_listed(house: Repository, house_client: FlaskClient) -> None:
    withdraw(house, "door")
    listed = house_client.get("/tools.json").get_json()
    assert ([item["id"] for item in listed["items"]], listed["total"]) == (["tool-roof", "tool-wall"], 2)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/id/tool/door", "/id/tool/wall"),
        ("/tool/door", "/tool/wall"),
        ("/tool/door.ttl", "/tool/wall.ttl"),
        ("/tool/door.json", "/tool/wall.json"),
    ],
)
def test_a_thing_that_was_merged_leads_to_the_other_in_the_same_form(
    house: Repository, house_client: FlaskClient, address: str, target: str
) -> None:
    merge(house, "door", into="wall")
    response = house_client.get(address)
    assert (response.status_code, urljoin(address, response.headers["Location"])) == (301, target)


def test_a_thing_that_was_merged_is_no_longer_listed(house: Repository, house_client: FlaskClient) -> None:
    merge(house, "door", into="wall")
    listed = house_client.get("/tools.json").get_json()
    assert ([item["id"] for item in listed["items"]], listed["total"]) == (["tool-roof", "tool-wall"], 2)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/fr/tools/6918", "/id/tool/lutece"),
        ("/en/tools/6918", "/id/tool/lutece"),
        ("/fr/use-cases/42879", "/id/use-case/openfisca-in-senegal"),
    ],
)
def test_an_address_of_the_first_toolbox_leads_to_its_thing(client: FlaskClient, address: str, target: str) -> None:
    response = client.get(address)
    assert (response.status_code, urljoin(address, response.headers["Location"])) == (301, target)


@pytest.mark.parametrize("address", ["/fr/tools/99999999", "/fr/nothing/6918", "/fr/tools/x", "/fr/tools/-1"])
def test_an_unknown_address_of_the_first_toolbox_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", [THING, "/fr/tools/6918"])
def test_where_a_name_leads_depends_on_no_host(client: FlaskClient, address: str) -> None:
    plain, other = client.get(address), client.get(address, base_url="https://other.example:444/")
    assert plain.headers["Location"] == other.headers["Location"]
    assert "//" not in other.headers["Location"]
    assert not other.headers["Location"].startswith("/")


@pytest.mark.parametrize(
    "address", ["/tool//openfisca", "//tool/openfisca", "/id/tool//openfisca", "//other.example/x"]
)
def test_a_doubled_slash_leads_to_no_host(client: FlaskClient, address: str) -> None:
    response = client.get(address, base_url="https://other.example:444/")
    assert "//" not in response.headers.get("Location", "")
    assert response.status_code in {301, 303, 308, 404}


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}.jsonld", "/tools", "/tools.json"])
def test_an_answer_depends_on_no_host(client: FlaskClient, address: str) -> None:
    assert client.get(address, base_url="https://other.example:444/").data == client.get(address).data


@pytest.mark.parametrize("accept", [media_type for media_type, _ in FORMATS])
def test_a_name_says_that_it_varies_by_form(client: FlaskClient, accept: str) -> None:
    assert "Accept" in client.get(THING, headers={"Accept": accept}).vary


@pytest.mark.parametrize("address", [PAGE, "/tools", "/queries"])
def test_a_page_says_that_it_varies_by_form_and_language(client: FlaskClient, address: str) -> None:
    assert {"Accept", "Accept-Language"} <= set(client.get(address).vary.as_set(preserve_casing=True))


@pytest.mark.parametrize("address", ["/use-cases", "/use-cases.json", "/queries"])
def test_a_list_for_programs_says_that_it_varies_by_language_if_it_does(client: FlaskClient, address: str) -> None:
    answers = [
        client.get(address, headers={"Accept": "application/json", "Accept-Language": name}) for name in ("en", "fr")
    ]
    assert answers[0].data != answers[1].data
    assert "Accept-Language" in answers[0].vary


@pytest.mark.parametrize(
    ("address", "accept"),
    [
        (THING, "*/*"),
        (PAGE, "*/*"),
        *((PAGE, media_type) for media_type, _ in FORMATS[1:]),
        ("/tool/nothing", "*/*"),
        (PAGE, "image/png"),
        ("/tools", "*/*"),
        ("/tools.json", "*/*"),
        ("/fr/tools/6918", "*/*"),
        ("/ontology.ttl", "*/*"),
        ("/health", "*/*"),
    ],
)
def test_scripts_of_other_sites_may_read_it(client: FlaskClient, address: str, accept: str) -> None:
    assert client.get(address, headers={"Accept": accept}).headers["Access-Control-Allow-Origin"] == "*"


def test_scripts_of_other_sites_may_read_that_a_thing_is_gone(house: Repository, house_client: FlaskClient) -> None:
    withdraw(house, "door")
    assert house_client.get("/id/tool/door").headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("asked", "accepted", "language", "name"),
    [
        ("", "", "en", "Senegal"),
        ("", "fr", "fr", "Sénégal"),
        ("", "fr-CA, en;q=0.8", "fr", "Sénégal"),
        ("", "de, fr;q=0.5, es;q=0.1", "fr", "Sénégal"),
        ("", "de", "en", "Senegal"),
        ("", "fr;q=0, es;q=0.1", "es", "Senegal"),
        ("fr", "en", "fr", "Sénégal"),
        ("en", "fr", "en", "Senegal"),
        ("es", "fr", "es", "Senegal"),
        ("xx", "fr", "fr", "Sénégal"),
    ],
)
def test_the_language_that_is_asked_for_wins(
    client: FlaskClient, asked: str, accepted: str, language: str, name: str
) -> None:
    parameters = {"lang": asked} if asked else {}
    response = client.get("/country/sn", query_string=parameters, headers={"Accept-Language": accepted})
    page = Html(response.text)
    assert (page.root.attrib["lang"], page.one(".//h1").text) == (language, name)


@pytest.mark.parametrize("address", [THING, "/fr/tools/6918"])
def test_the_language_that_is_asked_for_stays(client: FlaskClient, address: str) -> None:
    assert client.get(f"{address}?lang=es").headers["Location"].endswith("?lang=es")


def test_the_language_that_is_asked_for_is_quoted(client: FlaskClient) -> None:
    location = client.get(THING, query_string={"lang": "x&y\r\nSet-Cookie: a=b"}).headers["Location"]
    assert location.endswith("?lang=x%26y%0D%0ASet-Cookie%3A%20a%3Db")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD uses it
@pytest.mark.parametrize("extension", ["nt", "rdf", "jsonld"])
def test_each_form_says_what_the_turtle_says(
    client: FlaskClient, examples: list[tuple[str, str]], extension: str
) -> None:
    for thing in examples:
        turtle, other = (
            Graph().parse(
                data=client.get(f"/{'/'.join(thing)}.{name}").text,
                format={"rdf": "xml", "jsonld": "json-ld"}.get(name, name),
            )
            for name in ("ttl", extension)
        )
        assert len(turtle) > 4
        assert isomorphic(turtle, other), thing


def test_the_trig_says_what_the_turtle_says_and_who_says_so(client: FlaskClient) -> None:
    quads = list(ox.parse(client.get(f"{PAGE}.trig").data, format=ox.RdfFormat.TRIG))
    triples = {str(quad) for quad in ox.parse(client.get(f"{PAGE}.ttl").data, format=ox.RdfFormat.TURTLE)}
    assert {str(quad) for quad in quads if quad.graph_name == ox.DefaultGraph()} == triples
    assert ox.NamedNode(BASE.graph("seeds", "toolbox-graph")) in {quad.graph_name for quad in quads}


def test_a_document_says_what_it_is_about_and_that_it_is_free(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get(f"{PAGE}.ttl").text)
    document = URIRef(f"{BASE.iri}tool/openfisca")
    assert graph.value(document, FOAF.primaryTopic) == URIRef(BASE.thing("tool", "openfisca"))
    assert graph.value(document, DCTERMS.license) == LICENCES["CC0-1.0"]


def test_a_document_names_in_all_languages_what_it_points_to(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get(f"{PAGE}.ttl").text)
    labels = set(graph.objects(URIRef(BASE.thing("country", "fr")), RDFS.label))
    assert {str(label) for label in labels} == {"France", "Francia"}
    assert len(labels) == 3


@pytest.mark.parametrize(("kind", "key"), KNOWN)
def test_json_ld_brings_its_context(client: FlaskClient, kind: str, key: str) -> None:
    context = client.get(f"/{kind}/{key}.jsonld").get_json()["@context"]
    assert isinstance(context, dict)
    assert context["rdfs"] == str(RDFS)


def test_the_json_of_a_thing_has_the_promised_members(client: FlaskClient, examples: list[tuple[str, str]]) -> None:
    for kind, key in examples:
        thing = client.get(f"/{kind}/{key}.json").get_json()
        assert {"iri", "kind", "labels", "facts", "inverse"} <= set(thing)
        assert (thing["iri"], thing["kind"]) == (BASE.thing(kind, key), kind)
        for fact in thing["facts"]:
            assert {"property", "label", "values"} <= set(fact)
            assert all(("value" in value) != ("iri" in value) for value in fact["values"])
            assert all(value["sources"] and {"iri", "date"} <= set(value["sources"][0]) for value in fact["values"])
            assert all(value["rank"] in {"preferred", "normal", "deprecated"} for value in fact["values"])


@pytest.mark.parametrize(("media_type", "extension"), FORMATS)
def test_what_a_client_has_already_is_not_sent_again(client: FlaskClient, media_type: str, extension: str) -> None:
    first = client.get(PAGE, headers={"Accept": media_type})
    again = client.get(PAGE, headers={"Accept": media_type, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Vary"] == first.headers["Vary"]


def test_each_form_and_language_has_its_own_tag(client: FlaskClient) -> None:
    answers = [client.get(PAGE, headers={"Accept": media_type}) for media_type, _ in FORMATS]
    answers += [client.get(PAGE, headers={"Accept-Language": language}) for language in ("fr", "es")]
    assert len({answer.headers["ETag"] for answer in answers}) == len(FORMATS) + 2


def test_a_list_for_programs_in_another_language_is_sent(client: FlaskClient) -> None:
    tag = client.get("/use-cases.json", headers={"Accept-Language": "en"}).headers["ETag"]
    response = client.get("/use-cases.json", headers={"Accept-Language": "fr", "If-None-Match": tag})
    assert response.status_code == 200


def test_what_has_changed_is_sent_again(house: Repository, house_client: FlaskClient) -> None:
    tag = house_client.get("/tool/wall").headers["ETag"]
    withdraw(house, "door")
    assert house_client.get("/tool/wall", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("address", [THING, PAGE, f"{PAGE}.ttl", "/tools", "/tools.json", "/tool/nothing"])
def test_who_asks_for_the_headers_gets_them_alone(client: FlaskClient, address: str) -> None:
    whole, head = client.get(address), client.head(address)
    assert (head.status_code, head.data) == (whole.status_code, b"")
    assert dict(head.headers) == dict(whole.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", [THING, PAGE, "/tools"])
def test_a_thing_is_only_read(client: FlaskClient, method: str, address: str) -> None:
    response = client.open(address, method=method)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


def test_an_answer_names_the_other_forms(client: FlaskClient) -> None:
    links = client.get(PAGE).headers["Link"]
    for media_type, extension in FORMATS[1:]:
        assert f'<openfisca{extension}>; rel="alternate"; type="{media_type}"' in links


@pytest.mark.parametrize("address", ["/id/tool/{}", "/tool/{}", "/tool/{}.ttl", "/{}", "/id/{}/openfisca", "/{}/x"])
@pytest.mark.parametrize("key", ODD)
def test_an_odd_key_is_the_clients_fault(client: FlaskClient, address: str, key: str) -> None:
    assert 400 <= client.get(address.format(key)).status_code < 500


@pytest.mark.parametrize("key", [key for key in ODD if key.isascii()])
def test_an_odd_key_is_the_clients_fault_over_http_too(served: Served, key: str) -> None:
    assert 400 <= served.get(f"/id/tool/{key}").status_code < 500


@settings(max_examples=300, deadline=None)
@given(
    path=st.one_of(st.text(max_size=40), st.binary(max_size=40)),
    below=st.sampled_from(["", "id/", "tool/", "id/tool/", "fr/tools/"]),
)
def test_no_path_breaks_the_service(client: FlaskClient, path: str | bytes, below: str) -> None:
    text = path.encode(errors="surrogatepass") if isinstance(path, str) else path
    # As a WSGI server gives it: the client of the tests would take what follows two slashes for a host.
    asked = {"PATH_INFO": f"/{below}{text.decode('latin-1')}"}
    assert client.get("/", environ_overrides=asked).status_code < 500


@settings(max_examples=200, deadline=None)
@given(
    accept=st.text(st.characters(max_codepoint=255, blacklist_characters="\r\n"), max_size=60),
    language=st.text(st.characters(max_codepoint=255, blacklist_characters="\r\n"), max_size=60),
    parameters=st.dictionaries(st.sampled_from(["lang", "format", "limit", "offset", "x"]), st.text(max_size=20)),
    address=st.sampled_from([THING, PAGE, "/tools"]),
)
def test_no_preference_breaks_the_service(
    client: FlaskClient, accept: str, language: str, parameters: dict[str, str], address: str
) -> None:
    headers = {"Accept": accept, "Accept-Language": language}
    assert client.get(address, headers=headers, query_string=parameters).status_code < 500


@pytest.mark.parametrize("address", ["/tools?limit=" + "1" * 5000, "/tools?offset=-1", "/tools?limit=x"])
def test_a_number_that_is_none_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400
