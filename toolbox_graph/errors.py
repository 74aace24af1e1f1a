"""Which refusals can we give, with which status and name?

Each refusal is named for what the person met. Its detail is one sentence that says what to do next and holds
nothing of ours: no host, no path of the service, no traceback. Over HTTP it becomes a problem document (RFC 9457),
on the command line a line and an exit code.
"""

from collections.abc import Mapping, Sequence

URN = "urn:toolbox-graph:problem:"
"""What the names of refusals begin with in problem documents."""

DONE, REFUSED, USAGE, BUSY, ENVIRONMENT = range(5)
"""Exit codes of the command line, in the order of the documentation."""


class ToolboxError(Exception):
    """A refusal, with the HTTP status and the exit code that tell a program what kind it is."""

    status = 500
    name = "internal-error"
    exit_code = REFUSED

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members

    def problem(self) -> Mapping[str, object]:
        """Return the members of the problem document (RFC 9457, section 3).

        >>> NotFound("There is no tool 'ckam'.", near=["ckan"]).problem()["near"]
        ['ckan']
        """
        title = self.name.replace("-", " ").capitalize()
        return {
            "type": f"{URN}{self.name}",
            "title": title,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }


class InvalidRequest(ToolboxError):
    """A parameter is missing, unknown or not of its kind."""

    status = 400
    name = "invalid-request"
    exit_code = USAGE


class MalformedQuery(ToolboxError):
    """The query is not SPARQL; `line` and `column` say where, if that is known."""

    status = 400
    name = "malformed-query"


class QueryTooDeep(ToolboxError):
    """The query is nested so deeply that reading it ended its worker."""

    status = 400
    name = "query-too-deep"


class FederationRefused(ToolboxError):
    """The query calls a service that this one does not call."""

    status = 400
    name = "federation-refused"


class ServiceFailed(ToolboxError):
    """Another service that was called did not answer, or not as it should."""

    status = 502
    name = "service-failed"


class Unauthorized(ToolboxError):
    """A token is needed to do this, or the one that was sent is not known."""

    status = 401
    name = "unauthorized"


class Forbidden(ToolboxError):
    """The token is known, and may not do this."""

    status = 403
    name = "forbidden"


class NotFound(ToolboxError):
    """Nothing has this address or name."""

    status = 404
    name = "not-found"
    exit_code = USAGE


class MethodNotAllowed(ToolboxError):
    """The address is not asked in this way; `allow` lists how it is."""

    status = 405
    name = "method-not-allowed"

    def __init__(self, detail: str, allow: Sequence[str]) -> None:
        super().__init__(detail, allow=list(allow))
        self.allow = allow


class NotAcceptable(ToolboxError):
    """None of our formats is one that the client accepts; `formats` lists them."""

    status = 406
    name = "not-acceptable"
    exit_code = USAGE


class TooSlow(ToolboxError):
    """The request came so slowly that it was not waited for."""

    status = 408
    name = "too-slow"


class Conflict(ToolboxError):
    """What was asked contradicts what has been stated since."""

    status = 409
    name = "conflict"


class Gone(ToolboxError):
    """The thing was here and has been withdrawn."""

    status = 410
    name = "gone"


class PreconditionFailed(ToolboxError):
    """What was to be changed is not, or not any more, as the client takes it to be."""

    status = 412
    name = "precondition-failed"


class TooLarge(ToolboxError):
    """The request is longer than this service reads; `limit` is in bytes."""

    status = 413
    name = "too-large"


class UnsupportedMediaType(ToolboxError):
    """The request's body is of a kind that this address does not read."""

    status = 415
    name = "unsupported-media-type"
    exit_code = USAGE


class BudgetSpent(ToolboxError):
    """The client has used up its share of the workers; `retry_after` says when it has some again, in seconds."""

    status = 429
    name = "budget-spent"
    exit_code = BUSY


class Unreadable(ToolboxError):
    """Something cannot be read as what it says it is; `problems` names the places, if there may be several."""

    status = 422
    name = "unreadable"

    def __init__(self, detail: str, problems: Sequence[str] = ()) -> None:
        super().__init__(detail, problems=list(problems))
        self.problems = problems


class ShapesViolated(ToolboxError):
    """The data breaks our shapes; `violations` says of which thing and property, and what its author can do."""

    status = 422
    name = "shapes-violated"

    def __init__(self, detail: str, violations: Sequence[Mapping[str, str]]) -> None:
        super().__init__(detail, violations=violations)
        self.violations = violations


class Busy(ToolboxError):
    """All workers, or the lock, are taken; the same request may succeed in a moment."""

    status = 503
    name = "busy"
    exit_code = BUSY


class VersionUnavailable(ToolboxError):
    """A past version of the data does not lie ready, and making it again takes more than that may."""

    status = 503
    name = "version-unavailable"


class QueryCancelled(ToolboxError):
    """Whoever asked the query has ended it."""

    status = 503
    name = "query-cancelled"
    exit_code = BUSY


class QueryMemoryExceeded(ToolboxError):
    """The query was ended because it needed more memory than one query may have."""

    status = 503
    name = "query-memory-exceeded"


class QueryTimeout(ToolboxError):
    """The query was ended because it ran longer than one query may run."""

    status = 504
    name = "query-timeout"


class AnswerTooLarge(ToolboxError):
    """The answer grew past its limit; met before the status only if the first piece is already too large."""

    status = 503
    name = "answer-too-large"


class Unusable(ToolboxError):
    """The machine, the data folder or an installed program is not in a state that we can work with."""

    status = 500
    name = "unusable"
    exit_code = ENVIRONMENT
