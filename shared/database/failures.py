"""What a failure of the database means to the person who waits: try again later, try again now, or your input is wrong."""

import re
from typing import NoReturn

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.errors import AppError, Invalid, Unavailable
from shared.transaction import TryAgain

RETRYABLE = {"40001", "40P01"}
"""Serialization failure and deadlock: the same work succeeds when it is done again."""

BUSY = {"55P03", "57014", "25P03", "25P04"}
"""Lock not available, statement cancelled by its timeout, idle or long transaction ended by its timeout."""

GONE = {"57P01", "57P02", "57P03", "57P05", "53300"}
"""Server shuts down, crashed, starts up, ended the session, or has too many connections."""

BAD_VALUE = {"22003", "22008", "22021", "22P05", "22001"}
"""Number, date or text that no column can hold: the last net behind the checks of the request."""

CLIENT_SIDE = "22000"
"""The driver could not encode a value: too large for the column, or a wrong type, which is a mistake of ours."""


def sqlstate(error: BaseException) -> str | None:
    """The five-letter code of PostgreSQL behind an error of asyncpg or SQLAlchemy, or None."""
    current: BaseException | None = error
    while current is not None:
        code = getattr(current, "sqlstate", None)
        if isinstance(code, str):
            return code
        current = getattr(current, "orig", None) or current.__cause__
    return None


def violated_constraint(error: BaseException) -> str | None:
    """Name of the constraint a statement broke, so that a store can say it in words of the business; None if it is no such error."""
    current: BaseException | None = error
    while current is not None:
        if isinstance(current, asyncpg.IntegrityConstraintViolationError):
            name = getattr(current, "constraint_name", None)
            return name if isinstance(name, str) else None
        current = getattr(current, "orig", None) or current.__cause__
    return None


def as_refusal(error: BaseException) -> AppError | None:
    """Translate a failure of the database, or None if it is a mistake of ours and should stay visible as such."""
    code = sqlstate(error)
    if code == CLIENT_SIDE:
        return _bad_value() if re.search(r"out of .*range", str(error)) else None
    if code is not None:
        return _by_code(code)
    return _by_cause(error)


def _by_code(code: str) -> AppError | None:
    if code in RETRYABLE:
        return TryAgain(retry_after_seconds=1)
    if code in BUSY:
        return Unavailable("系统繁忙，请稍后重试", "Busy just now; please try again", retry_after_seconds=1)
    if code in GONE or code.startswith("08"):
        return Unavailable(retry_after_seconds=2)
    if code in BAD_VALUE:
        return _bad_value()
    return None


def _by_cause(error: BaseException) -> AppError | None:
    """Errors without a code come from the pool, the driver or the network: follow the chain to the first that says something."""
    current: BaseException | None = error
    while current is not None:
        if isinstance(
            current, PoolTimeout | OSError | TimeoutError | asyncpg.InterfaceError | asyncpg.InternalClientError
        ):
            return Unavailable(retry_after_seconds=2)
        if isinstance(current, DBAPIError) and current.connection_invalidated:
            return Unavailable(retry_after_seconds=2)
        current = getattr(current, "orig", None) or current.__cause__
    return None


def _bad_value() -> AppError:
    return Invalid("内容超出可保存的范围", "A value is outside of what can be stored")


def raise_refusal(error: Exception) -> NoReturn:
    """Raise the refusal that a failure of the database means, or the failure itself if it is a mistake of ours."""
    refusal = None if isinstance(error, AppError) else as_refusal(error)
    if refusal is None:
        raise error
    raise refusal from error
