"""How is a query made to have no more solutions than wanted?"""

from toolbox_graph.store.lexer import Token, tokens, unescaped


def limited(text: str, most: int) -> str:
    """Return a query with a LIMIT, or with a smaller one than it has.

    >>> limited("SELECT * { ?a ?b ?c } ORDER BY ?a LIMIT 50 OFFSET 9", 10)
    'SELECT * { ?a ?b ?c } ORDER BY ?a LIMIT 10 OFFSET 9'
    >>> limited("SELECT * { ?a ?b ?c } VALUES ?a { 1 2 }", 10)
    'SELECT * { ?a ?b ?c } LIMIT 10 VALUES ?a { 1 2 }'
    """
    plain = unescaped(text)
    outer = _outer(plain)
    words = [token.word for token in outer]
    if "limit" in words[:-1]:
        number = outer[words.index("limit") + 1]
        least = min(most, int(number.text)) if number.text.isdecimal() else most
        return f"{plain[: number.start]}{least}{plain[number.end :]}"
    if "values" in words:
        start = outer[words.index("values")].start
        return f"{plain[:start]}LIMIT {most} {plain[start:]}"
    # What ends in a comment is not to swallow it.
    return f"{plain}\nLIMIT {most}"


def _outer(text: str) -> list[Token]:
    """Return the tokens of a query that stand in no braces."""
    depth, found = 0, []
    for token in tokens(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0:
            found.append(token)
    return found
