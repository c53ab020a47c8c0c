"""Rename a category, move it, or change its defaults. Issues on record keep what they got by it."""

from dataclasses import dataclass, replace

from services.issues.domain.category import Category, check_placed
from services.issues.domain.errors.categories import CategoryNotFound
from services.issues.domain.words.issues import IssueKind, Tier
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.expected_version import check_version
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CategoryText:
    """Everything about a category that can be changed."""

    parent: str | None
    name_zh: str
    name_en: str
    kind: IssueKind
    tier: Tier
    responsible_kind: str
    position: int


@dataclass(frozen=True, slots=True)
class ReviseCategory:
    """Which category, and how it is to be."""

    code: str
    text: CategoryText
    by: Principal
    expected_version: int | None = None


@one_transaction
async def revise_category(command: ReviseCategory, uow: IssuesUnitOfWork) -> Category:
    """Keep the new version beside the old ones."""
    tree, text = await uow.categories.tree(), command.text
    known = tree.get(command.code)
    if known is None:
        raise CategoryNotFound
    check_version(known.version, command.expected_version)
    revised = replace(
        known,
        parent=text.parent,
        name_zh=text.name_zh,
        name_en=text.name_en,
        kind=text.kind,
        tier=text.tier,
        responsible_kind=text.responsible_kind,
        position=text.position,
        version=known.version + 1,
    )
    check_placed(revised, tree)
    await uow.categories.save(revised, before=known, by=command.by.person, at=uow.now())
    return revised
