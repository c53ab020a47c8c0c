"""Add a category to the tree of a community."""

from dataclasses import dataclass

from services.issues.domain.category import MOST, Category, check_placed
from services.issues.domain.errors.categories import CategoryThere, TooManyCategories
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AddCategory:
    """The category to be."""

    category: Category
    by: Principal


@one_transaction
async def add_category(command: AddCategory, uow: IssuesUnitOfWork) -> Category:
    """Keep it."""
    tree, category = await uow.categories.tree(), command.category
    if category.code in tree:
        raise CategoryThere(fields={"code": ("已被使用", "in use already")})
    if len(tree) >= MOST:
        raise TooManyCategories
    check_placed(category, tree)
    await uow.categories.add([category], by=command.by.person, at=uow.now())
    return category
