"""How is an update made to do what its request says, and nothing else?

The engine takes a text alone. So a dataset that the request names is written into it as USING, and an update that may
write to one graph only has that graph in the place of the default graph; what would write to others is refused. The
text is taken apart into tokens and no further. Whoever deceives this deceives himself: what an update really changed is
read from the store afterwards, in the one graph.
"""

from typing import NamedTuple

from toolbox_graph.errors import Conflict, FederationRefused, Forbidden, InvalidRequest
from toolbox_graph.store import search_clauses
from toolbox_graph.store.lexer import Token, tokens, unescaped
from toolbox_graph.store.prologue import resolved


class Using(NamedTuple):
    """The dataset for the WHERE clauses of an update (SPARQL 1.1 Protocol, section 2.2.3)."""

    graphs: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def clauses(self) -> str:
        """Return it as SPARQL has it."""
        return "".join(
            [*(f"USING <{name}> " for name in self.graphs), *(f"USING NAMED <{name}> " for name in self.named)]
        )


def prepared(text: str, base: str, using: Using, graph: str = "") -> str:
    """Return an update that reads the graphs of a dataset, and writes to one graph if one is named.

    >>> prepared("INSERT DATA { <a> <b> 1 }", "http://x/", Using(), "http://x/g")
    'INSERT DATA { GRAPH <http://x/g> { <a> <b> 1  } }'
    >>> prepared("DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }", "http://x/", Using(("http://x/h",)))
    'DELETE { ?s ?p 1 } USING <http://x/h> WHERE { ?s ?p 1 }'
    """
    plain = unescaped(text)
    search_clauses.refuse(plain, base)
    preparation = _Preparation(plain, base, using, graph)
    preparation.take_operations()
    return preparation.applied()


class _Preparation:
    """The walk through the tokens of an update, which notes what is to be inserted or replaced where."""

    def __init__(self, text: str, base: str, using: Using, graph: str) -> None:
        self.text = text
        self.found = list(tokens(text))
        self.end = Token("end", "", len(text), len(text))
        self.at = 0
        self.base = base
        self.using = using
        self.graph = graph
        self.prefixes: dict[str, str] = {}
        self.edits: list[tuple[int, int, str]] = []

    def applied(self) -> str:
        """Return the text with all that was noted."""
        pieces, at = [], 0
        for start, end, replacement in self.edits:
            pieces += [self.text[at:start], replacement]
            at = end
        return "".join([*pieces, self.text[at:]])

    def take_operations(self) -> None:
        """Go through the operations; what is none is left to the engine to refuse."""
        while (word := self.next.word) or self.next.text == ";":
            start = self.take().start
            match word:
                case "base":
                    self.base = resolved(self.base, self.take().text[1:-1])
                case "prefix":
                    name = self.take().text
                    self.prefixes[name] = resolved(self.base, self.take().text[1:-1])
                case "load":
                    raise FederationRefused("An update fetches nothing: take LOAD out, and send the statements.")
                case "clear" | "drop" | "create":
                    self.take_silent()
                    self.take_target(removes=word != "create")
                case "add" | "copy" | "move":
                    self.take_silent()
                    self.take_target(removes=word == "move", reads=word != "move")
                    self.take()
                    self.take_target(removes=word != "add")
                case "with" | "insert" | "delete":
                    self.take_modification(word, start)

    @property
    def next(self) -> Token:
        """The token that comes next."""
        return self.found[self.at] if self.at < len(self.found) else self.end

    def take(self) -> Token:
        """Return the next token, and go on behind it."""
        token = self.next
        self.at += 1
        return token

    def take_silent(self) -> None:
        """Go on behind SILENT."""
        if self.next.word == "silent":
            self.take()

    def take_target(self, *, removes: bool, reads: bool = False) -> None:
        """Take what a graph operation is about; one that only reads a graph may read any."""
        token = self.take()
        if token.word == "graph":
            token = self.take()
        if token.word == "default" and self.graph:
            self.edits.append((token.start, token.end, f"GRAPH <{self.graph}>"))
        elif not reads and token.word != "default":
            self.require_own(token, removes=removes)

    def take_modification(self, word: str, start: int) -> None:
        """Take an operation that inserts or deletes statements (SPARQL 1.1 Update, section 3.1)."""
        if word == "with":
            self.require_own(self.take(), removes=True)
            self.forbid_using()
            word = self.take().word
        elif self.next.word in {"data", "where"}:
            self.take()
            self.take_quads(removes=word == "delete", wrapped=True)
            return
        elif self.graph:
            self.edits.append((start, start, f"WITH <{self.graph}> "))
        self.take_quads(removes=word == "delete")
        if word == "delete" and self.next.word == "insert":
            self.take()
            self.take_quads(removes=False)
        self.take_where()

    def take_where(self) -> None:
        """Take what the statements are found by."""
        while self.next.word == "using":
            self.forbid_using()
            self.take()
            if self.next.word == "named":
                self.take()
            self.take()
        self.edits.append((self.next.start, self.next.start, self.using.clauses()))
        if self.next.word == "where":
            self.take()
        self.skip_block()

    def take_quads(self, *, removes: bool, wrapped: bool = False) -> None:
        """Take a block of statements, some of them in graphs; `wrapped` puts the others into the one graph."""
        if self.next.text != "{":
            return
        open_, close = (f" GRAPH <{self.graph}> {{", " } ") if wrapped and self.graph else ("", "")
        self.insert_behind(self.take(), open_)
        while self.next is not self.end and self.next.text != "}":
            if self.take().word == "graph":
                self.edits.append((self.found[self.at - 1].start, self.found[self.at - 1].start, close))
                self.require_own(self.take(), removes=removes)
                self.skip_block()
                last = self.take() if self.next.text == "." else self.found[min(self.at, len(self.found)) - 1]
                self.insert_behind(last, open_)
        self.edits.append((self.next.start, self.next.start, close))
        self.take()

    def insert_behind(self, token: Token, text: str) -> None:
        """Note what is to stand behind a token."""
        self.edits.append((token.end, token.end, text))

    def skip_block(self) -> None:
        """Go on behind a block in braces."""
        depth = 0
        while self.next is not self.end:
            depth += {"{": 1, "}": -1}.get(self.take().text, 0)
            if depth <= 0:
                return

    def forbid_using(self) -> None:
        """Raise InvalidRequest where the dataset is named twice (SPARQL 1.1 Protocol, section 2.2.3)."""
        if self.using.graphs or self.using.named:
            raise InvalidRequest("The update has WITH or USING; take the parameters using-graph-uri out, or these.")

    def require_own(self, token: Token, *, removes: bool) -> None:
        """Raise the refusal where an update would write to another graph than its own."""
        if not self.graph or self.name_of(token) == self.graph:
            return
        if removes:
            raise Conflict(
                f"This would remove what others say: {token.text}. Your token writes to {self.graph} alone; say there "
                "what you know better, and give the other claim a rank."
            )
        raise Forbidden(f"Your token writes to {self.graph} alone, not to {token.text}.")

    def name_of(self, token: Token) -> str:
        """Return the IRI that a token names, empty for a variable or a word."""
        if token.kind == "iri":
            return resolved(self.base, token.text[1:-1])
        prefix, _, local = token.text.partition(":")
        return self.prefixes.get(f"{prefix}:", "") + local.replace("\\", "") if token.kind == "name" else ""
