"""How points move: one function per operation, so that each is one round trip and one short transaction.

Refusals come back as an `outcome`; a posting either holds whole or changes nothing.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

AWARD = """
CREATE FUNCTION ledger_award(
    p_community text, p_id uuid, p_person uuid, p_rule text, p_reason text, p_deed_kind text, p_deed_id uuid,
    p_by uuid, p_at timestamptz, p_day timestamptz, p_week timestamptz, p_reduce boolean
) RETURNS ledger_result LANGUAGE plpgsql AS $$
DECLARE
    place ledger_position;
    rule points_rules;
    t points_transfers;
    today bigint;
    this_week bigint;
    allowed bigint;
    repaid bigint;
BEGIN
    SELECT r.* INTO rule FROM points_rules r
    WHERE r.community = p_community AND r.code = p_rule AND r.approved_at IS NOT NULL
      AND r.effective_from <= p_at AND (r.effective_until IS NULL OR r.effective_until > p_at)
    ORDER BY r.version DESC LIMIT 1;
    IF rule.code IS NULL THEN
        RETURN ledger_refused('no_rule', NULL);
    END IF;
    place := ledger_lock(p_community, p_person, p_at);
    IF place.sequence IS NULL THEN
        RETURN ledger_refused('not_open', place);
    END IF;
    IF p_deed_id IS NOT NULL AND EXISTS (
        SELECT FROM points_transfers d WHERE d.community = p_community AND d.kind = 'award' AND d.rule = p_rule
          AND d.deed_kind = p_deed_kind AND d.deed_id = p_deed_id)
    THEN
        RETURN ledger_refused('already_awarded', place);
    END IF;
    allowed := rule.points;
    IF rule.daily_cap IS NOT NULL OR rule.weekly_cap IS NOT NULL THEN
        SELECT coalesce(sum(d.points) FILTER (WHERE d.made_at >= p_day), 0), coalesce(sum(d.points), 0)
        INTO today, this_week
        FROM points_transfers d
        WHERE d.community = p_community AND d.person = p_person AND d.rule = p_rule AND d.kind = 'award' AND d.made_at >= p_week
          AND NOT EXISTS (SELECT FROM points_transfers r WHERE r.community = p_community AND r.reverses = d.id);
        allowed := greatest(0, least(rule.points, rule.daily_cap - today, rule.weekly_cap - this_week));
    END IF;
    IF allowed = 0 OR (allowed < rule.points AND NOT p_reduce) THEN
        RETURN ledger_refused('capped', place);
    END IF;
    t.community := p_community; t.id := p_id; t.kind := 'award'; t.person := p_person; t.points := allowed;
    t.rule := rule.code; t.rule_version := rule.version; t.reason := p_reason;
    t.deed_kind := p_deed_kind; t.deed_id := p_deed_id; t.made_by := p_by; t.made_at := p_at;
    repaid := least(allowed, place.owed);
    RETURN ledger_append(place, t, allowed - repaid, repaid, 0, p_at + make_interval(days => rule.valid_days));
END $$
"""

MOVE = """
CREATE FUNCTION ledger_move(
    p_community text, p_id uuid, p_kind text, p_person uuid, p_points bigint, p_reason text, p_adjustment uuid,
    p_by uuid, p_approved_by uuid, p_at timestamptz
) RETURNS ledger_result LANGUAGE plpgsql AS $$
DECLARE
    place ledger_position := ledger_lock(p_community, p_person, p_at);
    t points_transfers;
    repaid bigint := 0;
BEGIN
    IF place.sequence IS NULL THEN
        RETURN ledger_refused('not_open', place);
    END IF;
    IF place.balance - place.held + p_points < 0 THEN
        RETURN ledger_refused('insufficient', place);
    END IF;
    t.community := p_community; t.id := p_id; t.kind := p_kind; t.person := p_person; t.points := p_points; t.reason := p_reason;
    t.adjustment_id := p_adjustment; t.made_by := p_by; t.approved_by := p_approved_by; t.made_at := p_at;
    IF p_points > 0 THEN
        repaid := least(p_points, place.owed);
    END IF;
    RETURN ledger_append(place, t, p_points - repaid, repaid, 0, NULL);
END $$
"""

REVERSE = """
CREATE FUNCTION ledger_reverse(
    p_community text, p_id uuid, p_reverses uuid, p_reason text, p_by uuid, p_at timestamptz
) RETURNS ledger_result LANGUAGE plpgsql AS $$
DECLARE
    original points_transfers;
    place ledger_position;
    t points_transfers;
    taken bigint;
    repaid bigint;
BEGIN
    SELECT o.* INTO original FROM points_transfers o WHERE o.community = p_community AND o.id = p_reverses;
    IF original.id IS NULL THEN
        RETURN ledger_refused('not_found', NULL);
    END IF;
    IF original.kind = 'reversal' THEN
        RETURN ledger_refused('not_reversible', NULL);
    END IF;
    place := ledger_lock(p_community, original.person, p_at);
    IF EXISTS (SELECT FROM points_transfers r WHERE r.community = p_community AND r.reverses = p_reverses) THEN
        RETURN ledger_refused('already_reversed', place);
    END IF;
    t.community := p_community; t.id := p_id; t.kind := 'reversal'; t.person := original.person; t.points := -original.points;
    t.reason := p_reason; t.reverses := p_reverses; t.made_by := p_by; t.made_at := p_at;
    IF original.points > 0 THEN
        -- What is no longer there, or is on hold, becomes debt: a balance never falls below zero.
        taken := least(original.points, place.balance - place.held);
        RETURN ledger_append(place, t, -taken, taken - original.points, 0, NULL);
    END IF;
    repaid := least(-original.points, place.owed);
    RETURN ledger_append(place, t, -original.points - repaid, repaid, 0, NULL);
END $$
"""

CAPTURE = """
CREATE FUNCTION ledger_capture(p_community text, p_id uuid, p_hold uuid, p_by uuid, p_at timestamptz)
RETURNS ledger_result LANGUAGE plpgsql AS $$
DECLARE
    held_for uuid;
    hold points_holds;
    place ledger_position;
    t points_transfers;
BEGIN
    SELECT h.person INTO held_for FROM points_holds h WHERE h.community = p_community AND h.id = p_hold;
    IF held_for IS NULL THEN
        RETURN ledger_refused('not_found', NULL);
    END IF;
    place := ledger_lock(p_community, held_for, p_at);
    UPDATE points_holds h SET state = 'captured', ended_at = p_at, version = h.version + 1
    WHERE h.community = p_community AND h.id = p_hold AND h.state = 'open' AND h.expires_at > p_at RETURNING h.* INTO hold;
    IF hold.id IS NULL THEN
        RETURN ledger_refused('not_open_any_more', place);
    END IF;
    t.community := p_community; t.id := p_id; t.kind := 'redemption'; t.person := hold.person; t.points := -hold.points;
    t.reason := hold.reason; t.hold_id := hold.id; t.made_by := p_by; t.made_at := p_at;
    RETURN ledger_append(place, t, -hold.points, 0, hold.points, NULL);
END $$
"""

HOLD = """
CREATE FUNCTION ledger_hold(
    p_community text, p_id uuid, p_person uuid, p_points bigint, p_reason text, p_by uuid, p_at timestamptz, p_until timestamptz
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE points_accounts a SET held = a.held + p_points
    WHERE a.community = p_community AND a.id = p_person AND a.kind = 'person' AND a.balance - a.held >= p_points;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO points_holds (community, id, person, points, reason, state, made_by, made_at, expires_at)
    VALUES (p_community, p_id, p_person, p_points, p_reason, 'open', p_by, p_at, p_until);
    RETURN true;
END $$
"""

RELEASE = """
CREATE FUNCTION ledger_release(p_community text, p_hold uuid, p_state text, p_at timestamptz)
RETURNS points_holds LANGUAGE plpgsql AS $$
DECLARE
    hold points_holds;
BEGIN
    -- The account before the hold, as in ledger_capture.
    PERFORM FROM points_accounts a
    WHERE a.community = p_community
      AND a.id = (SELECT h.person FROM points_holds h WHERE h.community = p_community AND h.id = p_hold) FOR UPDATE;
    UPDATE points_holds h SET state = p_state, ended_at = p_at, version = h.version + 1
    WHERE h.community = p_community AND h.id = p_hold AND h.state = 'open' RETURNING h.* INTO hold;
    IF hold.id IS NOT NULL THEN
        UPDATE points_accounts a SET held = a.held - hold.points WHERE a.community = p_community AND a.id = hold.person;
    END IF;
    RETURN hold;
END $$
"""

STALE = """
CREATE FUNCTION ledger_stale(p_community text, p_person uuid, p_at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    -- Credits that have outlived their rule, less everything ever taken: the oldest points are spent first.
    SELECT greatest(0, coalesce(sum(e.amount) FILTER (WHERE e.amount > 0 AND e.expires_at <= p_at), 0)
                     + coalesce(sum(e.amount) FILTER (WHERE e.amount < 0), 0))::bigint
    FROM points_entries e WHERE e.community = p_community AND e.account_id = p_person
$$
"""

EXPIRE = """
CREATE FUNCTION ledger_expire(p_community text, p_id uuid, p_person uuid, p_reason text, p_at timestamptz)
RETURNS ledger_result LANGUAGE plpgsql AS $$
DECLARE
    place ledger_position := ledger_lock(p_community, p_person, p_at);
    t points_transfers;
    stale bigint;
BEGIN
    IF place.sequence IS NULL THEN
        RETURN ledger_refused('not_open', place);
    END IF;
    -- Points on hold wait for their capture or release.
    stale := least(ledger_stale(p_community, p_person, p_at), place.balance - place.held);
    IF stale = 0 THEN
        RETURN ledger_refused('nothing_stale', place);
    END IF;
    t.community := p_community; t.id := p_id; t.kind := 'expiry'; t.person := p_person; t.points := -stale;
    t.reason := p_reason; t.made_at := p_at;
    RETURN ledger_append(place, t, -stale, 0, 0, NULL);
END $$
"""

POSTINGS = (AWARD, MOVE, REVERSE, CAPTURE, HOLD, RELEASE, STALE, EXPIRE)
FUNCTIONS = (
    "ledger_expire",
    "ledger_stale",
    "ledger_release",
    "ledger_hold",
    "ledger_capture",
    "ledger_reverse",
    "ledger_move",
    "ledger_award",
)


def upgrade() -> None:
    for statement in POSTINGS:
        op.execute(statement)


def downgrade() -> None:
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}")
