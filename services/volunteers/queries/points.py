"""Accounts, statements, rules, adjustments and the check of the books."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, exists, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.volunteers.domain.adjustment import Adjustment, AdjustmentState
from services.volunteers.domain.errors import LedgerNotOpen, PersonNotFound
from services.volunteers.domain.points import LABELS_EN, LABELS_ZH, Account, TransferKind
from services.volunteers.domain.points_rule import PointsRule
from services.volunteers.schemas.points import StatementLine
from services.volunteers.schemas.reconciliation import BrokenLinkView, DifferenceView, ReconciliationView
from services.volunteers.storage.tables import (
    memberships,
    points_accounts,
    points_adjustments,
    points_entries,
    points_heads,
    points_rules,
    points_transfers,
)
from shared.database.keyset import Keyset

STATEMENT = Keyset((points_transfers.c.sequence,), descending=True)
RULES = Keyset((points_rules.c.code, points_rules.c.version))
ADJUSTMENTS = Keyset((points_adjustments.c.proposed_at, points_adjustments.c.id), descending=True)
MOST_FINDINGS = 100
"""Findings of each kind in one answer: enough to see what is wrong."""


async def account_of(connection: AsyncConnection, community: str, person: UUID) -> Account:
    """The person's points; an empty account for who never had any."""
    accounts = points_accounts.c
    row = (
        await connection.execute(
            select(accounts.balance, accounts.held, accounts.debt).where(
                accounts.community == community, accounts.id == person, accounts.kind == "person"
            )
        )
    ).first()
    return Account(person, row.balance, row.held, row.debt) if row else Account(person)


async def refuse_stranger(connection: AsyncConnection, community: str, person: UUID) -> None:
    """Raises PersonNotFound for who was never a member here and never had points."""
    known = select(
        exists().where(memberships.c.community == community, memberships.c.person == person)
        | exists().where(points_transfers.c.community == community, points_transfers.c.person == person)
    )
    if not (await connection.execute(known)).scalar_one():
        raise PersonNotFound


async def statement_of(
    connection: AsyncConnection, community: str, person: UUID, *, limit: int, cursor: str | None
) -> tuple[list[StatementLine], str | None]:
    """Every transfer of a person, the newest first: how much, why, by whom."""
    own_entries, debt_entries = points_entries.alias("own"), points_entries.alias("owed")
    reversals = points_transfers.alias("reversal")
    transfers, rules, own, owed, reversal = (
        points_transfers.c, points_rules.c, own_entries.c, debt_entries.c, reversals.c,
    )  # fmt: skip
    by_rule = and_(
        rules.community == transfers.community, rules.code == transfers.rule, rules.version == transfers.rule_version
    )
    # Of a transfer the person's own entry stands first, that of the debt account second.
    own_entry = and_(own.community == transfers.community, own.sequence == transfers.sequence, own.position == 1)
    debt_entry = and_(owed.community == transfers.community, owed.sequence == transfers.sequence, owed.position == 2)
    reversed_by = and_(reversal.community == transfers.community, reversal.reverses == transfers.id)
    statement = (
        select(
            *(c for c in transfers if c.name not in {"community", "hash", "previous_hash"}),
            rules.title_zh,
            rules.title_en,
            own.balance_after,
            own.expires_at,
            func.coalesce(owed.amount, 0).label("to_debt"),
            reversal.id.label("reversed_by"),
        )
        .select_from(points_transfers)
        .outerjoin(points_rules, by_rule)
        .outerjoin(own_entries, own_entry)
        .outerjoin(debt_entries, debt_entry)
        .outerjoin(reversals, reversed_by)
        .where(transfers.community == community, transfers.person == person)
    )
    rows = (await connection.execute(STATEMENT.page(statement, limit=limit, cursor=cursor))).all()
    kept, following = STATEMENT.cut(rows, limit=limit)
    return [_line_of(row) for row in kept], following


async def rules_of(
    connection: AsyncConnection, community: str, *, limit: int, cursor: str | None
) -> tuple[list[PointsRule], str | None]:
    """Every version of every rule, by code."""
    statement = select(*(c for c in points_rules.c if c.name != "community")).where(
        points_rules.c.community == community
    )
    rows = (await connection.execute(RULES.page(statement, limit=limit, cursor=cursor))).all()
    kept, following = RULES.cut(rows, limit=limit)
    return [PointsRule(**row._mapping) for row in kept], following


async def adjustments_in(
    connection: AsyncConnection, community: str, state: AdjustmentState, *, limit: int, cursor: str | None
) -> tuple[list[Adjustment], str | None]:
    """Manual corrections in one state, the newest first."""
    columns = points_adjustments.c
    statement = select(*(c for c in columns if c.name != "community")).where(
        columns.community == community, columns.state == state
    )
    rows = (await connection.execute(ADJUSTMENTS.page(statement, limit=limit, cursor=cursor))).all()
    kept, following = ADJUSTMENTS.cut(rows, limit=limit)
    return [Adjustment(**{**row._mapping, "state": AdjustmentState(row.state)}) for row in kept], following


async def reconcile(connection: AsyncConnection, community: str, at: datetime) -> ReconciliationView:
    """Check the books: sums, cached figures, holds, debts, and the chain. Raises LedgerNotOpen."""
    head = (
        await connection.execute(
            select(points_heads.c.sequence, points_heads.c.hash).where(points_heads.c.community == community)
        )
    ).first()
    if head is None:
        raise LedgerNotOpen
    figures = (await connection.execute(text(FIGURES), {"community": community})).one()
    differences = await connection.execute(
        text("SELECT * FROM ledger_differences(:community) LIMIT :most"),
        {"community": community, "most": MOST_FINDINGS},
    )
    broken = await connection.execute(
        text("SELECT * FROM ledger_broken_links(:community) LIMIT :most"),
        {"community": community, "most": MOST_FINDINGS},
    )
    found = [DifferenceView(**row._mapping) for row in differences]
    links = [BrokenLinkView(**row._mapping) for row in broken]
    return ReconciliationView(
        checked_at=at,
        sound=not found and not links,
        head_sequence=head.sequence,
        head_hash=bytes(head.hash).hex(),
        differences=found,
        broken_links=links,
        **figures._mapping,
    )


FIGURES = """
SELECT (SELECT count(*) FROM points_transfers WHERE community = :community) AS transfers,
       (SELECT count(*) FROM points_entries WHERE community = :community) AS entries,
       count(*) FILTER (WHERE kind = 'person') AS accounts,
       coalesce(-sum(balance) FILTER (WHERE kind = 'issuing'), 0)::bigint AS issued,
       coalesce(sum(balance) FILTER (WHERE kind = 'person'), 0)::bigint AS on_accounts,
       coalesce(sum(held), 0)::bigint AS held,
       coalesce(sum(debt), 0)::bigint AS owed
FROM points_accounts WHERE community = :community
"""


def _line_of(row: Row[Any]) -> StatementLine:
    kind = TransferKind(row.kind)
    return StatementLine(
        id=row.id,
        sequence=row.sequence,
        kind=kind,
        kind_zh=LABELS_ZH[kind],
        kind_en=LABELS_EN[kind],
        points=row.points,
        to_debt=row.to_debt,
        balance_after=row.balance_after,
        reason=row.reason,
        rule=row.rule,
        rule_title_zh=row.title_zh,
        rule_title_en=row.title_en,
        made_by=row.made_by,
        approved_by=row.approved_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        reverses=row.reverses,
        reversed_by=row.reversed_by,
    )
