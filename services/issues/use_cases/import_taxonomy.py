"""Merge the taxonomy of a city's message board below the first-level categories: what is there already stays as it is."""

from dataclasses import dataclass

from services.issues.domain.category import MOST, Category, taxonomy_for
from services.issues.domain.errors.categories import TooManyCategories
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ImportTaxonomy:
    """A dry run only says what would be added."""

    by: Principal
    dry_run: bool = True


@dataclass(frozen=True, slots=True)
class TaxonomyMerged:
    """What was, or would be, added, and how many categories there are then."""

    added: tuple[Category, ...]
    total: int
    dry_run: bool


@one_transaction
async def import_taxonomy(command: ImportTaxonomy, uow: IssuesUnitOfWork) -> TaxonomyMerged:
    """Add what is not there yet."""
    tree = await uow.categories.tree()
    added = taxonomy_for(tree)
    if len(tree) + len(added) > MOST:
        raise TooManyCategories
    if added and not command.dry_run:
        await uow.categories.add(added, by=command.by.person, at=uow.now())
    return TaxonomyMerged(tuple(added), len(tree) + len(added), command.dry_run)
