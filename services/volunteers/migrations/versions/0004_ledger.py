"""The points ledger: accounts with cached balances, append-only transfers and entries, holds, rules, adjustments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import app_role, tenant_table

revision = "0004"
down_revision = "0003"

TIME = sa.DateTime(timezone=True)
ID = UUID(as_uuid=True)
APP = app_role("volunteers")


def _accounts() -> None:
    tenant_table(
        op,
        "points_accounts",
        sa.Column("id", ID, nullable=False),  # of a person: the person's id
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("balance", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("held", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("debt", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("opened_at", TIME, nullable=False),
        sa.CheckConstraint("kind IN ('issuing', 'debt', 'person')", name="points_accounts_kind"),
        sa.CheckConstraint("kind <> 'person' OR balance >= 0", name="points_accounts_never_negative"),
        sa.CheckConstraint("kind <> 'debt' OR balance <= 0", name="points_accounts_debt_is_owed"),
        sa.CheckConstraint(
            "held >= 0 AND (held = 0 OR (kind = 'person' AND held <= balance))", name="points_accounts_held_is_there"
        ),
        sa.CheckConstraint("debt >= 0 AND (debt = 0 OR kind = 'person')", name="points_accounts_debt_of_a_person"),
    )
    op.execute(
        "CREATE UNIQUE INDEX points_accounts_one_of_a_kind ON points_accounts (community, kind) WHERE kind <> 'person'"
    )
    # The last link of the chain. Its row lock also puts the transfers of a community in one order.
    tenant_table(
        op,
        "points_heads",
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("issuing", ID, nullable=False),
        sa.Column("debt", ID, nullable=False),
        key=(),
    )


def _rules() -> None:
    tenant_table(
        op,
        "points_rules",
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title_zh", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("points", sa.BigInteger, nullable=False),
        sa.Column("daily_cap", sa.BigInteger),
        sa.Column("weekly_cap", sa.BigInteger),
        sa.Column("valid_days", sa.Integer),
        sa.Column("effective_from", TIME, nullable=False),
        sa.Column("effective_until", TIME),
        sa.Column("proposed_by", ID),
        sa.Column("proposed_at", TIME),
        sa.Column("approved_by", ID),
        sa.Column("approved_at", TIME),
        sa.CheckConstraint("points > 0", name="points_rules_give"),
        sa.CheckConstraint("daily_cap > 0 AND weekly_cap > 0", name="points_rules_caps"),
        sa.CheckConstraint("valid_days > 0", name="points_rules_valid_days"),
        sa.CheckConstraint("effective_until > effective_from", name="points_rules_dates"),
        sa.CheckConstraint("approved_by <> proposed_by", name="points_rules_second_person"),
        key=("code", "version"),
    )
    # A version is never changed, only approved.
    op.execute(f"REVOKE UPDATE, DELETE ON points_rules FROM {APP}")
    op.execute(f"GRANT UPDATE (approved_by, approved_at) ON points_rules TO {APP}")


def _transfers() -> None:
    tenant_table(
        op,
        "points_transfers",
        sa.Column("id", ID, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("points", sa.BigInteger, nullable=False),
        sa.Column("rule", sa.Text),
        sa.Column("rule_version", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("deed_kind", sa.Text),
        sa.Column("deed_id", ID),
        sa.Column("reverses", ID),
        sa.Column("hold_id", ID),
        sa.Column("adjustment_id", ID),
        sa.Column("made_by", ID),
        sa.Column("approved_by", ID),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("previous_hash", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("community", "sequence", name="points_transfers_in_one_order"),
        sa.ForeignKeyConstraint(
            ["community", "rule", "rule_version"],
            ["points_rules.community", "points_rules.code", "points_rules.version"],
        ),
        sa.ForeignKeyConstraint(["community", "reverses"], ["points_transfers.community", "points_transfers.id"]),
        sa.CheckConstraint(
            "kind IN ('award', 'redemption', 'adjustment', 'reversal', 'expiry')", name="points_transfers_kind"
        ),
        sa.CheckConstraint("points <> 0", name="points_transfers_move"),
        sa.CheckConstraint("(kind = 'award') = (rule IS NOT NULL)", name="points_transfers_award_by_rule"),
        sa.CheckConstraint("(kind = 'reversal') = (reverses IS NOT NULL)", name="points_transfers_reversal_of"),
        sa.CheckConstraint(
            "(kind = 'adjustment') = (adjustment_id IS NOT NULL)"
            " AND (kind <> 'adjustment' OR (made_by IS NOT NULL AND approved_by IS NOT NULL AND made_by <> approved_by))",
            name="points_transfers_adjusted_by_two",
        ),
        append_only=True,
    )
    once = "CREATE UNIQUE INDEX points_transfers_{0} ON points_transfers (community, {1}) WHERE {2}"
    op.execute(once.format("reversed_once", "reverses", "reverses IS NOT NULL"))
    op.execute(once.format("captured_once", "hold_id", "hold_id IS NOT NULL"))
    op.execute(once.format("adjusted_once", "adjustment_id", "adjustment_id IS NOT NULL"))
    op.execute(once.format("one_deed_once", "rule, deed_kind, deed_id", "deed_id IS NOT NULL AND kind = 'award'"))
    op.execute("CREATE INDEX points_transfers_of_person ON points_transfers (community, person, sequence)")
    op.execute(
        "CREATE INDEX points_transfers_for_caps ON points_transfers (community, person, rule, made_at) WHERE kind = 'award'"
    )
    tenant_table(
        op,
        "points_entries",
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("position", sa.SmallInteger, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("balance_after", sa.BigInteger, nullable=False),
        sa.Column("expires_at", TIME),
        sa.ForeignKeyConstraint(["community", "sequence"], ["points_transfers.community", "points_transfers.sequence"]),
        sa.ForeignKeyConstraint(["community", "account_id"], ["points_accounts.community", "points_accounts.id"]),
        sa.CheckConstraint("amount <> 0", name="points_entries_move"),
        key=("sequence", "position"),
        append_only=True,
    )
    op.execute("CREATE INDEX points_entries_of_account ON points_entries (community, account_id, sequence)")
    op.execute(
        "CREATE INDEX points_entries_expiring ON points_entries (community, expires_at) WHERE expires_at IS NOT NULL"
    )


def _walls() -> None:
    """What no code may do, whoever runs it: change history, or post entries that do not balance."""
    op.execute(
        """
        CREATE FUNCTION points_history_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% on % is refused: points history is append-only, post a reversal', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    for table in ("points_transfers", "points_entries"):
        op.execute(
            f"CREATE TRIGGER final BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION points_history_is_final()"
        )
    op.execute(
        """
        CREATE FUNCTION points_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM new_entries GROUP BY community, sequence HAVING sum(amount) <> 0) THEN
                RAISE EXCEPTION 'the entries of a transfer must add up to nothing' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER balanced AFTER INSERT ON points_entries REFERENCING NEW TABLE AS new_entries"
        " FOR EACH STATEMENT EXECUTE FUNCTION points_entries_balance()"
    )


def _holds_and_adjustments() -> None:
    tenant_table(
        op,
        "points_holds",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("person", ID, nullable=False),
        sa.Column("points", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.ForeignKeyConstraint(["community", "person"], ["points_accounts.community", "points_accounts.id"]),
        sa.CheckConstraint("points > 0", name="points_holds_hold"),
        sa.CheckConstraint("state IN ('open', 'captured', 'released', 'expired')", name="points_holds_state"),
    )
    op.execute("CREATE INDEX points_holds_open ON points_holds (community, expires_at, id) WHERE state = 'open'")
    op.execute("CREATE INDEX points_holds_of_person ON points_holds (community, person, made_at, id)")
    tenant_table(
        op,
        "points_adjustments",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("points", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_at", TIME, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_by", ID),
        sa.Column("decided_at", TIME),
        sa.Column("decision_note", sa.Text),
        sa.CheckConstraint("points <> 0", name="points_adjustments_move"),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'rejected')", name="points_adjustments_state"),
        sa.CheckConstraint(
            "decided_by <> proposed_by AND decided_by <> person", name="points_adjustments_second_person"
        ),
    )
    op.execute("CREATE INDEX points_adjustments_by_state ON points_adjustments (community, state, proposed_at, id)")


def upgrade() -> None:
    _accounts()
    _rules()
    _transfers()
    _walls()
    _holds_and_adjustments()


def downgrade() -> None:
    for table in (
        "points_adjustments",
        "points_holds",
        "points_entries",
        "points_transfers",
        "points_rules",
        "points_heads",
        "points_accounts",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION points_entries_balance()")
    op.execute("DROP FUNCTION points_history_is_final()")
