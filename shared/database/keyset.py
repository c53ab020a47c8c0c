"""Lists that go on where the last page ended, by the values of its last row: as fast at row 1,000,000 as at row 1.

The cursor is those values, packed; it carries no rights. What a caller makes up is checked against the types of the sort columns.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, tuple_
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.expression import UnaryExpression

from shared.errors import Invalid

LONGEST_CURSOR = 1_000


class CursorRefused(Invalid):
    """The `cursor` was not made by this list."""

    slug = "cursor-refused"
    title_zh = "分页游标无效，请从第一页重新开始"
    title_en = "This cursor is not valid here; start again from the first page"

    def __init__(self) -> None:
        super().__init__(fields={"cursor": ("无效", "invalid")})


@dataclass(frozen=True, slots=True)
class Keyset:
    """The sort order of a list: columns that together are unique, last one the id; all ascending or all descending."""

    columns: tuple[ColumnElement[Any], ...]
    descending: bool = False

    def page(self, statement: Select[Any], *, limit: int, cursor: str | None) -> Select[Any]:
        """The statement for one page, one row longer than `limit` so that `cut` knows whether more follows."""
        order: list[UnaryExpression[Any] | ColumnElement[Any]]
        order = [c.desc() for c in self.columns] if self.descending else list(self.columns)
        statement = statement.order_by(*order).limit(limit + 1)
        if cursor is None:
            return statement
        values = self._unpacked(cursor)
        left: ClauseElement = tuple_(*self.columns)
        right = tuple_(*(bindparam(None, v, type_=c.type) for v, c in zip(values, self.columns, strict=True)))
        return statement.where(left < right if self.descending else left > right)

    def cut(self, rows: Sequence[Any], *, limit: int) -> tuple[Sequence[Any], str | None]:
        """The rows of this page and the cursor of the next one (None on the last page). Rows must hold the sort columns by name."""
        if len(rows) <= limit:
            return rows, None
        kept = rows[:limit]
        last = kept[-1]._mapping
        return kept, _packed([last[c.key if c.key in last else c] for c in self.columns])

    def _unpacked(self, cursor: str) -> list[Any]:
        if len(cursor) > LONGEST_CURSOR or not cursor.isascii():
            raise CursorRefused
        try:
            padded = cursor.encode() + b"=" * (-len(cursor) % 4)
            values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            raise CursorRefused from None
        if not isinstance(values, list) or len(values) != len(self.columns):
            raise CursorRefused
        return [_checked(value, column) for value, column in zip(values, self.columns, strict=True)]


def _packed(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(list(values), default=str)).rstrip(b"=").decode()


def _checked(value: object, column: ColumnElement[Any]) -> Any:
    """The value in the Python type of the column, or a refusal."""
    wanted = column.type.python_type
    try:
        if wanted is UUID and isinstance(value, str):
            return UUID(value)
        if wanted is datetime and isinstance(value, str):
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise CursorRefused
            return moment
        if wanted is date and isinstance(value, str):
            return date.fromisoformat(value)
    except (ValueError, OverflowError):
        raise CursorRefused from None
    if wanted is int and isinstance(value, int) and not isinstance(value, bool):
        bits = 63 if isinstance(column.type, BigInteger) else 31
        if -(2**bits) <= value < 2**bits:
            return value
    if wanted is str and isinstance(value, str) and "\x00" not in value:
        return value
    raise CursorRefused
