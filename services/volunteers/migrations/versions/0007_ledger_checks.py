"""How the ledger is checked: the chain link by link, and every cached figure against the entries it sums up."""

from alembic import op

revision = "0007"
down_revision = "0006"

CHAIN = """
CREATE FUNCTION ledger_broken_links(p_community text)
RETURNS TABLE (sequence bigint, transfer_id uuid, problem text) LANGUAGE sql STABLE AS $$
    WITH chain AS (
        SELECT t.sequence, t.id, t.hash, t.previous_hash, ledger_hash(t, coalesce(e.entries, '')) AS computed,
               lag(t.sequence) OVER w AS before, lag(t.hash) OVER w AS hash_before,
               lead(t.previous_hash) OVER w AS hash_as_known_after, lead(t.sequence) OVER w AS after
        FROM points_transfers t
        LEFT JOIN LATERAL (
            SELECT string_agg(ledger_entry_text(e.position, e.account_id, e.amount, e.balance_after, e.expires_at), ',' ORDER BY e.position) AS entries
            FROM points_entries e WHERE e.community = t.community AND e.sequence = t.sequence
        ) e ON true
        WHERE t.community = p_community
        WINDOW w AS (ORDER BY t.sequence)
    ), head AS (
        SELECT h.sequence, h.hash FROM points_heads h WHERE h.community = p_community
    )
    -- A row that does not match its own hash: its content or its entries were changed.
    SELECT c.sequence, c.id, 'altered' FROM chain c WHERE c.hash <> c.computed
    UNION ALL
    -- A row whose hash was computed anew after a change: the next row, or the head, still knows the old one.
    SELECT c.sequence, c.id, 'rewritten' FROM chain c LEFT JOIN head ON true
    WHERE c.hash = c.computed AND (
        (c.after = c.sequence + 1 AND c.hash_as_known_after <> c.hash)
        OR (c.after IS NULL AND head.sequence = c.sequence AND head.hash <> c.hash))
    UNION ALL
    SELECT c.sequence, c.id, 'rewritten' FROM chain c
    WHERE c.before IS NULL AND c.sequence = 1 AND c.hash = c.computed
      AND c.previous_hash <> sha256(convert_to('mulin points ledger|' || p_community, 'UTF8'))
    UNION ALL
    -- Rows behind the head: nobody posted them.
    SELECT c.sequence, c.id, 'unknown' FROM chain c JOIN head ON c.sequence > head.sequence
    UNION ALL
    -- Numbers that are not there.
    SELECT missing, NULL, 'missing' FROM chain c, generate_series(coalesce(c.before, 0) + 1, c.sequence - 1) missing
    UNION ALL
    SELECT missing, NULL, 'missing' FROM head, generate_series(coalesce((SELECT max(c.sequence) FROM chain c), 0) + 1, head.sequence) missing
    ORDER BY 1
$$
"""

DIFFERENCES = """
CREATE FUNCTION ledger_differences(p_community text)
RETURNS TABLE (finding text, subject uuid, expected bigint, found bigint) LANGUAGE sql STABLE AS $$
    WITH entries AS (
        SELECT e.account_id, sum(e.amount)::bigint AS total FROM points_entries e WHERE e.community = p_community GROUP BY e.account_id
    ), holds AS (
        SELECT h.person, sum(h.points)::bigint AS total FROM points_holds h
        WHERE h.community = p_community AND h.state = 'open' GROUP BY h.person
    ), debts AS (
        SELECT t.person, -sum(e.amount)::bigint AS total
        FROM points_heads h
        JOIN points_entries e ON e.community = h.community AND e.account_id = h.debt
        JOIN points_transfers t ON t.community = e.community AND t.sequence = e.sequence
        WHERE h.community = p_community GROUP BY t.person
    ), accounts AS (
        SELECT a.* FROM points_accounts a WHERE a.community = p_community
    )
    SELECT 'entries_balance', NULL::uuid, 0::bigint, sum(total)::bigint FROM entries HAVING sum(total) <> 0
    UNION ALL
    SELECT 'transfer_balances', t.id, 0, coalesce(sum(e.amount), 0)::bigint
    FROM points_transfers t LEFT JOIN points_entries e ON e.community = t.community AND e.sequence = t.sequence
    WHERE t.community = p_community GROUP BY t.id HAVING coalesce(sum(e.amount), 0) <> 0 OR count(e.amount) = 0
    UNION ALL
    SELECT 'balance_is_sum_of_entries', a.id, coalesce(e.total, 0), a.balance
    FROM accounts a LEFT JOIN entries e ON e.account_id = a.id WHERE a.balance <> coalesce(e.total, 0)
    UNION ALL
    SELECT 'held_is_sum_of_holds', a.id, coalesce(h.total, 0), a.held
    FROM accounts a LEFT JOIN holds h ON h.person = a.id WHERE a.held <> coalesce(h.total, 0)
    UNION ALL
    SELECT 'debt_is_sum_of_entries', a.id, coalesce(d.total, 0), a.debt
    FROM accounts a LEFT JOIN debts d ON d.person = a.id WHERE a.kind = 'person' AND a.debt <> coalesce(d.total, 0)
    UNION ALL
    SELECT 'account_of_entries', e.account_id, e.total, 0
    FROM entries e WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.id = e.account_id)
    ORDER BY 1, 2
$$
"""


def upgrade() -> None:
    op.execute(CHAIN)
    op.execute(DIFFERENCES)


def downgrade() -> None:
    op.execute("DROP FUNCTION ledger_differences")
    op.execute("DROP FUNCTION ledger_broken_links")
