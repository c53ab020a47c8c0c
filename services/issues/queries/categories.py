"""Reading the tree of categories, whole or in part, and the versions of one."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.category import Category, depth_of
from services.issues.domain.errors.categories import CategoryNotFound
from services.issues.schemas.categories import CategoryVersionView, CategoryView
from services.issues.storage.categories import category_of, read_categories
from services.issues.storage.tables.master_data import category_versions
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked

NEWEST_FIRST = Keyset((category_versions.c.version,), descending=True)


async def categories_of(
    connection: AsyncConnection, community: str, *, below: str | None, depth: int | None, retired: bool
) -> list[Category]:
    """The tree, or what lies below one category, so many levels of it."""
    found = await read_categories(connection, community)
    tree = {category.code: category for category in found}
    if below is not None and below not in tree:
        raise CategoryNotFound
    top = depth_of(tree[below], tree) if below is not None else 0
    return [
        category
        for category in found
        if (retired or not category.retired)
        and (below is None or _lies_below(category, below, tree))
        and (depth is None or depth_of(category, tree) <= top + depth)
    ]


async def versions_of(
    connection: AsyncConnection, community: str, code: str, page: PageAsked
) -> Page[CategoryVersionView]:
    """How a category came to be as it is, newest first. A shipped one has versions from its first change on."""
    statement = select(category_versions).where(
        category_versions.c.community == community, category_versions.c.code == code
    )
    rows = (await connection.execute(NEWEST_FIRST.page(statement, limit=page.limit, cursor=page.cursor))).all()
    if not rows and code not in {category.code for category in await read_categories(connection, community)}:
        raise CategoryNotFound
    kept, cursor = NEWEST_FIRST.cut(rows, limit=page.limit)
    items = [
        CategoryVersionView.model_construct(
            **CategoryView.of(category_of(row._mapping)).__dict__,
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )
        for row in kept
    ]
    return Page[CategoryVersionView].model_construct(items=items, next_cursor=cursor)


def _lies_below(category: Category, above: str, tree: dict[str, Category]) -> bool:
    here = category
    while here.parent is not None:
        if here.parent == above:
            return True
        here = tree[here.parent]
    return False
