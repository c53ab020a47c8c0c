"""The heart of the ledger: lock, append, chain. Every posting goes through `ledger_lock` and `ledger_append`.

A posting first locks the community's head, then its accounts in the order of their ids; holds lock one account only. So no
two postings can wait for each other in a circle. The functions run with the rights of their caller and inside its
row-level security.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

TYPES = (
    """
    CREATE TYPE ledger_position AS (
        sequence bigint, hash bytea, issuing uuid, issuing_balance bigint, debt uuid, debt_balance bigint,
        balance bigint, held bigint, owed bigint)
    """,
    """
    CREATE TYPE ledger_result AS (
        outcome text, sequence bigint, person uuid, points bigint, rule_version integer,
        balance bigint, held bigint, debt bigint)
    """,
)

HASH = """
CREATE FUNCTION ledger_hash(t points_transfers, entries text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    -- The same text as services/volunteers/domain/chain.py; format v1.
    SELECT sha256(t.previous_hash || convert_to(concat_ws('|',
        'v1', t.community, t.sequence, t.id, t.kind, t.person, t.points,
        coalesce(t.rule, '-'), coalesce(t.rule_version::text, '-'),
        encode(sha256(convert_to(t.reason, 'UTF8')), 'hex'),
        coalesce(t.deed_kind, '-'), coalesce(t.deed_id::text, '-'), coalesce(t.reverses::text, '-'),
        coalesce(t.hold_id::text, '-'), coalesce(t.adjustment_id::text, '-'),
        coalesce(t.made_by::text, '-'), coalesce(t.approved_by::text, '-'),
        (extract(epoch FROM t.made_at) * 1000000)::bigint::text, entries), 'UTF8'))
$$
"""

ENTRY_TEXT = """
CREATE FUNCTION ledger_entry_text(place integer, account uuid, amount bigint, balance_after bigint, expires_at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT concat_ws(':', place, account, amount, balance_after,
        coalesce((extract(epoch FROM expires_at) * 1000000)::bigint::text, '-'))
$$
"""

OPEN = """
CREATE FUNCTION ledger_open(p_community text, p_issuing uuid, p_debt uuid, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO points_heads (community, sequence, hash, issuing, debt)
    VALUES (p_community, 0, sha256(convert_to('mulin points ledger|' || p_community, 'UTF8')), p_issuing, p_debt)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO points_accounts (community, id, kind, opened_at)
    VALUES (p_community, p_issuing, 'issuing', p_at), (p_community, p_debt, 'debt', p_at);
    RETURN true;
END $$
"""

LOCK = """
CREATE FUNCTION ledger_lock(p_community text, p_person uuid, p_at timestamptz) RETURNS ledger_position LANGUAGE plpgsql AS $$
DECLARE
    found_at ledger_position;
    account record;
    known boolean := false;
BEGIN
    SELECT h.sequence, h.hash, h.issuing, h.debt
    INTO found_at.sequence, found_at.hash, found_at.issuing, found_at.debt
    FROM points_heads h WHERE h.community = p_community FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    FOR account IN
        SELECT a.id, a.balance, a.held, a.debt FROM points_accounts a
        WHERE a.community = p_community AND a.id IN (p_person, found_at.issuing, found_at.debt)
        ORDER BY a.id FOR UPDATE
    LOOP
        IF account.id = found_at.issuing THEN
            found_at.issuing_balance := account.balance;
        ELSIF account.id = found_at.debt THEN
            found_at.debt_balance := account.balance;
        ELSE
            known := true;
            found_at.balance := account.balance;
            found_at.held := account.held;
            found_at.owed := account.debt;
        END IF;
    END LOOP;
    IF NOT known THEN
        INSERT INTO points_accounts (community, id, kind, opened_at) VALUES (p_community, p_person, 'person', p_at);
        found_at.balance := 0;
        found_at.held := 0;
        found_at.owed := 0;
    END IF;
    RETURN found_at;
END $$
"""

APPEND = """
CREATE FUNCTION ledger_append(
    p_from ledger_position, p_transfer points_transfers,
    p_person_change bigint, p_debt_change bigint, p_freed bigint, p_expires_at timestamptz
) RETURNS ledger_result LANGUAGE plpgsql AS $$
DECLARE
    t points_transfers := p_transfer;
    issuing_change bigint := -(p_person_change + p_debt_change);
    balance_after bigint := p_from.balance + p_person_change;
    held_after bigint := p_from.held - p_freed;
    owed_after bigint := p_from.owed - p_debt_change;
    entries text;
BEGIN
    t.sequence := p_from.sequence + 1;
    t.previous_hash := p_from.hash;
    entries := concat_ws(',',
        CASE WHEN p_person_change <> 0 THEN ledger_entry_text(1, t.person, p_person_change, balance_after, p_expires_at) END,
        CASE WHEN p_debt_change <> 0 THEN
            ledger_entry_text(2, p_from.debt, p_debt_change, p_from.debt_balance + p_debt_change, NULL) END,
        CASE WHEN issuing_change <> 0 THEN
            ledger_entry_text(3, p_from.issuing, issuing_change, p_from.issuing_balance + issuing_change, NULL) END);
    t.hash := ledger_hash(t, entries);
    INSERT INTO points_transfers VALUES (t.*);
    INSERT INTO points_entries (community, sequence, position, account_id, amount, balance_after, expires_at)
    SELECT t.community, t.sequence, leg.* FROM (VALUES
        (1::smallint, t.person, p_person_change, balance_after, p_expires_at),
        (2::smallint, p_from.debt, p_debt_change, p_from.debt_balance + p_debt_change, NULL),
        (3::smallint, p_from.issuing, issuing_change, p_from.issuing_balance + issuing_change, NULL)
    ) AS leg (place, account, amount, balance_then, until) WHERE leg.amount <> 0;
    UPDATE points_accounts SET balance = balance_after, held = held_after, debt = owed_after
    WHERE community = t.community AND id = t.person;
    UPDATE points_accounts a SET balance = a.balance + CASE a.id WHEN p_from.issuing THEN issuing_change ELSE p_debt_change END
    WHERE a.community = t.community
      AND ((a.id = p_from.issuing AND issuing_change <> 0) OR (a.id = p_from.debt AND p_debt_change <> 0));
    UPDATE points_heads SET sequence = t.sequence, hash = t.hash WHERE community = t.community;
    RETURN ROW('posted', t.sequence, t.person, t.points, t.rule_version, balance_after, held_after, owed_after)::ledger_result;
END $$
"""

REFUSED = """
CREATE FUNCTION ledger_refused(outcome text, p_from ledger_position) RETURNS ledger_result LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW(outcome, NULL, NULL, 0, NULL, p_from.balance, p_from.held, p_from.owed)::ledger_result
$$
"""

FUNCTIONS = ("ledger_refused", "ledger_append", "ledger_lock", "ledger_open", "ledger_entry_text", "ledger_hash")


def upgrade() -> None:
    for statement in (*TYPES, HASH, ENTRY_TEXT, OPEN, LOCK, APPEND, REFUSED):
        op.execute(statement)


def downgrade() -> None:
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}")
    op.execute("DROP TYPE ledger_result")
    op.execute("DROP TYPE ledger_position")
