"""Queries that would take a service down that let them, and what is honest to answer to each.

Each would run for minutes, or take gigabytes, on the bundled catalogue; or it meets another bound, which it names.
"""

from typing import NamedTuple

TIME, MEMORY = "query-timeout", "query-memory-exceeded"
DEEP, MALFORMED, INVALID, LONG = "query-too-deep", "malformed-query", "invalid-request", "answer-too-large"
FEDERATION, TOO_LARGE = "federation-refused", "too-large"
"""Names of problems (docs/problems.md)."""

WHOLE, CUT = "whole", "cut"
"""An answer with its end, and one that is broken off without it."""

TSV, NT, TURTLE = "text/tab-separated-values", "application/n-triples", "text/turtle"
JSON, XML, RDF_XML = "application/sparql-results+json", "application/sparql-results+xml", "application/rdf+xml"

ANY = "(!<urn:x>|^!<urn:x>)"
"""A step of a path from anything to whatever is stated with it, in any direction."""

QUOTES = '"' * 3
"""What a long text begins with."""

TWICE, QUOTED = "REPLACE(?0, '(.)', '$1$1')", "'#'"

LONGEST = 1_000_000
"""Bytes that a request may have."""


class Hostile(NamedTuple):
    """A query, the ways in which it may honestly end, and in which format it is asked for."""

    name: str
    text: str
    ends: frozenset[str]
    accept: str = TSV


def case(name: str, text: str, *ends: str, accept: str = TSV) -> Hostile:
    """Return a row of the table; what meets another bound may meet that of time before, where the machine is busy."""
    is_refused_at_the_door = set(ends) <= {FEDERATION, TOO_LARGE}
    return Hostile(name, text, frozenset(ends if is_refused_at_the_door else {*ends, TIME}), accept)


def many(pattern: str, count: int, between: str = " ") -> str:
    """Return a pattern again and again, with # as the number of each."""
    return between.join(pattern.replace("#", str(number)) for number in range(count))


def chain(step: str, count: int, first: str = '"eight  8"') -> str:
    """Return BINDs each of which makes its value of the one before, which is ?0 in `step`."""
    binds = (f"BIND({step.replace('?0', f'?x{number}')} AS ?x{number + 1})" for number in range(count))
    return f"BIND({first} AS ?x0) {' '.join(binds)}"


def nested(before: str, inner: str, after: str, depth: int) -> str:
    """Return a text with others around it, again and again."""
    return before * depth + inner + after * depth


TWO = "?a ?b ?c . ?d ?e ?f"
THREE = f"{TWO} . ?g ?h ?i"
FOUR = f"{THREE} . ?j ?k ?l"

CROSS_PRODUCTS = (
    case("a cross product that is counted", f"SELECT (COUNT(*) AS ?n) {{ {FOUR} }}", TIME),
    case("a cross product that is shown", f"SELECT * {{ {FOUR} }}", CUT),
    case("a cross product that is shown as JSON", f"SELECT * {{ {FOUR} }}", CUT, accept=JSON),
    case("a cross product that is shown as XML", f"SELECT * {{ {FOUR} }}", CUT, accept=XML),
    case("a cross product of which nothing is left", f"ASK {{ {FOUR} FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g))) > 9999) }}", TIME),
    case("a cross product by OPTIONAL", f"SELECT (COUNT(*) AS ?n) {{ {many('OPTIONAL { ?a# ?b# ?c# }', 5)} }}", TIME),
    case("a cross product within MINUS", f"SELECT * {{ ?a ?b ?c MINUS {{ ?a ?x ?y . {THREE.replace('?', '?m')} }} }}", TIME, MEMORY, CUT),
    case("a cross product within NOT EXISTS", f"SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ {FOUR} FILTER(?a = ?g && ?a != ?g && ?a != ?s) }} }}", TIME, MEMORY),
    case("a cross product within UNION", f"SELECT (COUNT(*) AS ?n) {{ {many('{ ?a ?b ?c . ?d ?e ?f . ?g# ?h ?i }', 40, ' UNION ')} }}", TIME),
    case("a cross product of VALUES", f"SELECT (COUNT(*) AS ?n) {{ {many('VALUES ?v# { ' + many('#', 100).replace('#', '') + ' }', 8)} }}", TIME, MEMORY),
    case("a cross product of graphs", f"SELECT (COUNT(*) AS ?n) {{ {many('GRAPH ?g# { ?a# ?b# ?c# }', 4)} }}", TIME),
    case("a join by what differs", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) }", TIME),
    case("a cross product of subqueries", f"SELECT (COUNT(*) AS ?n) {{ {many('{ SELECT DISTINCT ?a# ?b# { ?a# ?b# ?c# } }', 4)} }}", TIME, MEMORY),
    case("a cross product that calls another service", f"SELECT * {{ {FOUR} SERVICE SILENT <http://127.0.0.1:9/> {{ ?a ?x ?y }} }}", FEDERATION),
)  # fmt: skip

PATHS = (
    case("all that leads anywhere", f"SELECT (COUNT(*) AS ?n) {{ ?a {ANY}* ?b }}", TIME, MEMORY),
    case("all that leads anywhere, shown", f"SELECT * {{ ?a {ANY}* ?b }}", TIME, MEMORY, CUT),
    case("stars of stars", f"SELECT (COUNT(*) AS ?n) {{ ?a ((({ANY}*)*)*)* ?b }}", TIME, MEMORY),
    case("a star after a star", f"SELECT (COUNT(*) AS ?n) {{ <id/tool/openfisca> {many(f'{ANY}*', 8, '/')} ?b }}", TIME, MEMORY),
    case("a long way", f"SELECT (COUNT(*) AS ?n) {{ <id/tool/openfisca> {many(ANY, 12, '/')} ?b }}", TIME, MEMORY),
    case("a long way that may be short", f"SELECT (COUNT(*) AS ?n) {{ ?a {many(f'{ANY}?', 12, '/')} ?b }}", TIME, MEMORY),
    case("there and back again", "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>/^!<urn:x>)+ ?b }", TIME, MEMORY),
    case("a way to nowhere", f"ASK {{ ?a {ANY}+ ?b . ?b {ANY}+ ?a FILTER(?b = <urn:nowhere>) }}", TIME, MEMORY),
    case("ways through all graphs", f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?a {ANY}* ?b }} GRAPH ?h {{ ?b {ANY}* ?c }} }}", TIME, MEMORY),
)  # fmt: skip

SORTS = (
    case("a sort of a cross product", f"SELECT * {{ {TWO} }} ORDER BY ?f ?c", TIME, MEMORY),
    case("the first of a cross product", f"SELECT * {{ {TWO} }} ORDER BY DESC(STR(?c)) LIMIT 10", TIME, MEMORY),
    case("a sort by chance", f"SELECT * {{ {TWO} }} ORDER BY RAND()", TIME, MEMORY),
    case("a sort by long texts", f"SELECT * {{ ?a ?b ?c {chain('CONCAT(?0, ?0, STR(?c))', 10)} }} ORDER BY ?x10", TIME, MEMORY),
    case("what differs in a cross product", f"SELECT DISTINCT ?a ?f {{ {TWO} }} ORDER BY ?a", TIME, MEMORY),
    case("a count of what differs", f"SELECT (COUNT(DISTINCT CONCAT(STR(?a), STR(?f))) AS ?n) {{ {TWO} }}", TIME, MEMORY),
    case("a group for each pair", f"SELECT ?a ?f (COUNT(*) AS ?n) {{ {TWO} }} GROUP BY ?a ?f HAVING(COUNT(*) > 99999)", TIME, MEMORY),
)  # fmt: skip

TEXTS = (
    case("all texts in one", f"SELECT (STRLEN(GROUP_CONCAT(?c)) AS ?n) {{ {TWO} }}", TIME, MEMORY),
    case("all texts in one, far apart", f"SELECT (GROUP_CONCAT(?c; SEPARATOR='{'-' * 9999}') AS ?n) {{ {TWO} }}", TIME, MEMORY),
    case("all different texts in one", f"SELECT (GROUP_CONCAT(DISTINCT CONCAT(STR(?c), STR(?f))) AS ?n) {{ {TWO} }}", TIME, MEMORY),
    case("a long text for each thing", "SELECT ?a (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?n) { ?a ?b ?c . ?d ?b ?f } GROUP BY ?a", TIME, MEMORY),
    case("a text that doubles", f"SELECT (STRLEN(?x40) AS ?n) {{ {chain('CONCAT(?0, ?0)', 40)} }}", MEMORY),
    case("a text that doubles by REPLACE", f"SELECT (STRLEN(?x40) AS ?n) {{ {chain(TWICE, 40)} }}", TIME, MEMORY),
    case("a text of each row that doubles", f"SELECT (MAX(STRLEN(?x20)) AS ?n) {{ ?a ?b ?c {chain('CONCAT(?0, ?0, STR(?c))', 20)} }}", TIME, MEMORY),
    case("a value that is longer than an answer", f"SELECT ?x20 {{ {chain('CONCAT(?0, ?0)', 20)} }}", LONG),
    case("a digest of each pair", f"SELECT (COUNT(*) AS ?n) {{ {TWO} FILTER(SHA512(CONCAT(STR(?c), STR(?f))) = '') }}", TIME),
)  # fmt: skip

REGEXES = (
    case("an expression that goes back and forth", f"SELECT (COUNT(*) AS ?n) {{ {TWO} FILTER REGEX(CONCAT(STR(?c), STR(?f)), '^(([a-z ])+.)+[A-Z]([a-z ])+$') }}", TIME),
    case("an expression as large as a book", f"SELECT * {{ ?a ?b ?c FILTER REGEX(STR(?c), '{nested('(', 'a', '{1000})', 4)}') }}", WHOLE, TIME, MEMORY),
    case("a large expression for each row", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER REGEX(STR(?c), CONCAT('(\\\\p{L}|x){1,300}', STR(?a), STR(?b))) }", TIME, MEMORY),
    case("each text as an expression", f"SELECT (COUNT(*) AS ?n) {{ {TWO} FILTER REGEX(STR(?c), STR(?f), 'i') }}", TIME),
    case("a replacement in each pair", f"SELECT (COUNT(*) AS ?n) {{ {TWO} FILTER(REPLACE(CONCAT(STR(?c), STR(?f)), '(.*)(.*)(.*)', '$3$2$1$3') = 'x') }}", TIME),
)  # fmt: skip

NESTED = (
    case("many brackets", f"ASK {{ FILTER({nested('(', '1', ')', 20_000)}) }}", DEEP),
    case("many denials", f"ASK {{ FILTER({'!' * 100_000}true) }}", DEEP),
    case("many subqueries", nested("SELECT * {", "?s ?p ?o", "}", 5_000), DEEP),
    case("many calls", f"SELECT ({nested('COALESCE(', '1', ')', 5_000)} AS ?x) {{}}", DEEP),
    case("many blank nodes", f"SELECT * {{ {nested('[ ?p ', '?o', ' ]', 20_000)} ?q ?r }}", DEEP, TIME, MEMORY),
    case("many lists", f"ASK {{ {nested('(', '1', ')', 5_000)} ?p ?o }}", DEEP, TIME),
    case("many alternatives", f"ASK {{ {many('{ ?a ?b # }', 20_000, ' UNION ')} }}", DEEP, TIME, MEMORY),
    case("many conditions", f"ASK {{ ?s ?p ?o FILTER({many('?o = #', 40_000, ' || ')}) }}", DEEP, TIME, MEMORY),
    case("many OPTIONALs within each other", f"SELECT * {{ {many('OPTIONAL { ?a# ?b# ?c#', 2_000)} {'}' * 2_000} }}", DEEP, TIME, MEMORY),
    case("many brackets in a path", f"ASK {{ ?s {nested('(', '<urn:x>', ')', 20_000)} ?o }}", DEEP),
)  # fmt: skip

LONG_ONES = (
    case("a megabyte of nothing", f"SELECT * {{ {FOUR} }} {' ' * (LONGEST - 100)}", CUT),
    case("more than a megabyte", f"SELECT * {{}} {' ' * LONGEST}", TOO_LARGE),
    case("a megabyte of patterns", f"SELECT * {{ {many('?a ?b ?c# .', 60_000)} }}", TIME, MEMORY, DEEP),
    case("a hundred thousand VALUES", f"SELECT (COUNT(*) AS ?n) {{ VALUES ?v {{ {many('#', 100_000)} }} ?a ?b ?c . ?d ?e ?f FILTER(STR(?v) = STR(?c)) }}", TIME, MEMORY),
    case("a hundred thousand values to look through", f"SELECT (COUNT(*) AS ?n) {{ {TWO} FILTER(STR(?c) IN ({many(QUOTED, 90_000, ',')})) }}", TIME, MEMORY),
    case("ten thousand variables", f"SELECT * {{ {many('BIND(# AS ?v#)', 30_000)} ?a ?b ?c }}", CUT, TIME, MEMORY, DEEP, LONG),
    case("ten thousand prefixes", f"{many('PREFIX p#: <urn:#>', 30_000)} SELECT * {{ {FOUR} }}", CUT, TIME),
    case("a prefix that is missed after a long name", f"SELECT * {{ <urn:{'a' * 30_000}> zz:b ?o }}", MALFORMED),
    case("a long line beside a word for chance", f"ASK {{}} # RAND\n{'-' * 80_000}", MALFORMED),
    case("a megabyte of words beside a word for chance", f"ASK {{}} # RAND\n{'a ' * 490_000}", MALFORMED),
    case("a megabyte of terms that nobody knows", f"ASK {{ VALUES ?p {{ {many('<http://schema.org/nmae#>', 30_000)} }} <urn:x> ?p ?o }}", WHOLE),
    case("a text that is never closed", f"ASK {{}} # SERVICE\n{QUOTES}{'a.' * 25_000}", MALFORMED),
)  # fmt: skip

FLOODS = (
    case("statements of a cross product", f"CONSTRUCT {{ ?a ?b ?f }} WHERE {{ {TWO} }}", CUT, TIME, MEMORY, accept=NT),
    case("statements of a cross product in Turtle", f"CONSTRUCT {{ ?a ?b ?f }} WHERE {{ {TWO} }}", CUT, TIME, MEMORY, accept=TURTLE),
    case("statements of a cross product in XML", f"CONSTRUCT {{ ?a ?b ?f }} WHERE {{ {TWO} }}", CUT, TIME, MEMORY, accept=RDF_XML),
    case("a thousand statements of each row", f"CONSTRUCT {{ {many('?a <urn:#> ?c .', 1_000)} }} WHERE {{ ?a ?b ?c }}", CUT, TIME, MEMORY, accept=NT),
    case("blank nodes of each row", f"CONSTRUCT {{ {nested('[ ?b ', '?c', ' ]', 50)} <urn:p> ?a }} WHERE {{ {TWO} }}", CUT, TIME, MEMORY, accept=NT),
    case("a description of everything", f"DESCRIBE * {{ {TWO} }}", CUT, TIME, MEMORY, accept=NT),
    case("new names for each row", f"SELECT (UUID() AS ?x) (STRUUID() AS ?y) {{ {FOUR} }}", CUT),
    case("a hundred columns", f"SELECT * {{ ?a ?b ?c {many('BIND(?c AS ?c#)', 100)} }}", CUT, TIME, MEMORY, accept=JSON),
)  # fmt: skip

TABLE = (*CROSS_PRODUCTS, *PATHS, *SORTS, *TEXTS, *REGEXES, *NESTED, *LONG_ONES, *FLOODS)
