"""What a failed message deserves: another try, or a dead letter at once. The one table from error to verdict at this edge.

Trying again helps against time: a busy database, two changes at once, something that has not arrived yet (there is order
per aggregate, none between aggregates or publishers, so "not found" may mean "not found yet"), and against our own bugs,
which a new release heals. It never helps a message that breaks its contract or asks for what the rules forbid.
"""

from pydantic import ValidationError

from shared.errors import AppError, ConcurrentChange, Kind
from shared.messaging.envelope import Undecodable

GAVE_UP = "gave-up"
TRY_AGAIN_KINDS = {Kind.UNAVAILABLE, Kind.LIMITED, Kind.NOT_FOUND}
ERROR_LIMIT = 2000
"""Characters of an error's text that are kept."""


class UnknownType(Undecodable):
    """A type or version that this release does not know."""

    def __init__(self, message_type: str) -> None:
        super().__init__("unknown-type", f"no contract for {message_type}")


class EndsTheProcess(Exception):
    """Each time this message was worked on the process ended."""


class BrokenContract(Undecodable):
    """The data does not fit the contract of its type."""

    def __init__(self, message_type: str, error: ValidationError) -> None:
        # Only places and rules: values could be anything, and this text is stored and shown.
        found = "; ".join(
            f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_input=False)
        )
        super().__init__("broken-contract", f"{message_type}: {found}")


def is_permanent(error: BaseException) -> bool:
    """Whether another try cannot help."""
    if isinstance(error, Undecodable | EndsTheProcess):
        return True
    return isinstance(error, AppError) and not isinstance(error, ConcurrentChange) and error.kind not in TRY_AGAIN_KINDS


def reason_of(error: BaseException) -> str:
    """Short slug for lists and metrics."""
    if isinstance(error, Undecodable):
        return error.reason
    if isinstance(error, AppError):
        return error.slug
    if isinstance(error, EndsTheProcess):
        return GAVE_UP
    return "handler-failed"


def text_of(error: BaseException) -> str:
    """What happened, for the person who decides about a replay."""
    return f"{type(error).__name__}: {error}"[:ERROR_LIMIT]
