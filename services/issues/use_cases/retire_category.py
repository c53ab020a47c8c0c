"""Retire a category, or take it into use again. Nobody reports under a retired one; issues on record keep it."""

from dataclasses import dataclass, replace

from services.issues.domain.category import Category, check_may_restore, check_may_retire
from services.issues.domain.errors.categories import CategoryNotFound
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.expected_version import check_version
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RetireCategory:
    """Which category; `retired=False` takes it into use again."""

    code: str
    by: Principal
    retired: bool = True
    expected_version: int | None = None


@one_transaction
async def retire_category(command: RetireCategory, uow: IssuesUnitOfWork) -> Category:
    """Keep it as retired or not."""
    tree = await uow.categories.tree()
    known = tree.get(command.code)
    if known is None:
        raise CategoryNotFound
    check_version(known.version, command.expected_version)
    if known.retired == command.retired:
        return known
    (check_may_retire if command.retired else check_may_restore)(known, tree)
    changed = replace(known, retired=command.retired, version=known.version + 1)
    await uow.categories.save(changed, before=known, by=command.by.person, at=uow.now())
    return changed
