"""The whistles of a community in PostgreSQL, with the units they call and their history."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import IntegrityError

from services.issues.domain.called_unit import NOT_THERE
from services.issues.domain.errors.whistles import UnitAlreadyCalled, WhistleNotFound
from services.issues.domain.whistle import Whistle
from services.issues.domain.whistle_clock import AT_ANY_HOUR
from services.issues.domain.words.whistles import WhistleLevel
from services.issues.storage.tables.whistles import whistle_history, whistle_units, whistles
from services.issues.storage.whistle_rows import changed_whistle, entry_row, new_whistle_row, unit_row, whistle_of
from shared.database.failures import violated_constraint
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version
from shared.principal import Principal

_COMMUNITY: BindParameter[str] = bindparam("of_community")
_ID: BindParameter[UUID] = bindparam("of_id")
ONE = select(whistles).where(whistles.c.community == _COMMUNITY, whistles.c.id == _ID)
UNITS = (
    select(whistle_units)
    .where(whistle_units.c.community == _COMMUNITY, whistle_units.c.whistle_id == _ID)
    .order_by(whistle_units.c.position)
)
_FIXED = ("community", "whistle_id", "organisation", "issue_id", "position", "level", "called_at")
_KEPT = pg_insert(whistle_units)
KEEP_UNITS = _KEPT.on_conflict_do_update(
    index_elements=["community", "whistle_id", "organisation"],
    set_={column.name: _KEPT.excluded[column.name] for column in whistle_units.c if column.name not in _FIXED},
)

BY_CALENDAR = (
    select(whistle_units.c.whistle_id, whistle_units.c.organisation)
    .where(
        whistle_units.c.community == _COMMUNITY,
        whistle_units.c.level.in_([level.value for level in WhistleLevel if level not in AT_ANY_HOUR]),
        whistle_units.c.state.in_([state.value for state in NOT_THERE]),
        whistle_units.c.missed_at.is_(None),
    )
    .order_by(whistle_units.c.whistle_id, whistle_units.c.organisation)
)


class PostgresWhistleStore:
    """Satisfies `ports.WhistleStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self, whistle_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Whistle:
        """The whistle, locked until the end of the transaction."""
        this = {"of_community": self._uow.community, "of_id": whistle_id}
        row = (await self._uow.execute(ONE.with_for_update(), this)).mappings().first()
        if row is None:
            raise WhistleNotFound
        whistle = whistle_of(row, (await self._uow.execute(UNITS, this)).mappings().all())
        if seen_by is not None:
            whistle.check_visible_to(seen_by)
        check_version(whistle.version, expected_version)
        return whistle

    async def add(self, whistle: Whistle) -> None:
        """Keep a new whistle."""
        await self._uow.execute(insert(whistles), {"community": self._uow.community, **new_whistle_row(whistle)})
        await self._write_units_and_history(whistle)

    async def save(self, whistle: Whistle) -> None:
        """Keep a changed whistle."""
        whistle.version = await save_versioned(
            self._uow,
            whistles,
            whistle.id,
            version=whistle.version,
            values=changed_whistle(whistle),
            missing=WhistleNotFound,
        )
        await self._write_units_and_history(whistle)

    async def awaited_by_calendar(self) -> Sequence[tuple[UUID, UUID]]:
        """Who is awaited at a moment that the calendar decides: never more than were called within a few days."""
        found = await self._uow.execute(BY_CALENDAR, {"of_community": self._uow.community})
        return [(row.whistle_id, row.organisation) for row in found]

    async def _write_units_and_history(self, whistle: Whistle) -> None:
        community = self._uow.community
        try:
            await self._uow.execute(
                KEEP_UNITS,
                [{"community": community, **unit_row(whistle, n, unit)} for n, unit in enumerate(whistle.units, 1)],
            )
        except IntegrityError as error:
            if violated_constraint(error) == "whistle_units_once":
                raise UnitAlreadyCalled from None
            raise
        if whistle.happened:
            entries = [{"community": community, **entry_row(whistle, entry)} for entry in whistle.happened]
            await self._uow.execute(insert(whistle_history), entries)
            whistle.happened.clear()
