"""Lists over HTTP: `{items, next_cursor}`, at most 100 at a time."""

from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict

from shared.database.keyset import LONGEST_CURSOR, CursorRefused
from shared.http.operation import OperationNotes, documented

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None = None


class PageAsked(BaseModel):
    """Which page of a list is wanted."""

    model_config = ConfigDict(frozen=True)

    limit: int = 50
    cursor: str | None = None


@documented(OperationNotes(errors=(CursorRefused,)))
async def page_asked(
    limit: Annotated[int, Query(ge=1, le=100, description="每页条数。Items per page")] = 50,
    cursor: Annotated[
        str | None,
        Query(
            max_length=LONGEST_CURSOR,
            pattern=r"^[A-Za-z0-9_\-]+$",
            description="上一页的 next_cursor。The next_cursor of the page before",
        ),
    ] = None,
) -> PageAsked:
    """Dependency behind `PageQuery`."""
    return PageAsked.model_construct(limit=limit, cursor=cursor)


PageQuery = Annotated[PageAsked, Depends(page_asked)]
"""Parameter type of list endpoints: `page: PageQuery`."""
