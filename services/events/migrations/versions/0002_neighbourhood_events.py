"""Neighbourhood events, their places, registrations and check-ins.

Places stand in a narrow row of their own: every sign-up changes it, and neither readers nor editors of the event wait for that.
The checks repeat the promises of the domain: even a mistake of ours cannot oversell.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from shared.database.migrations import tenant_table

revision = "0002"
down_revision = "0001"

OF_EVENT = {"refcolumns": ["events.community", "events.id"]}


def moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    tenant_table(
        op,
        "events",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        moment("starts_at", nullable=False),
        moment("ends_at", nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        moment("registration_deadline"),
        sa.Column("has_waitlist", sa.Boolean, nullable=False),
        sa.Column("programme", sa.Text),
        sa.Column("theme", sa.Text),
        sa.Column("description", sa.Text),
        sa.Column("created_by", UUID(as_uuid=True), nullable=False),
        moment("created_at", nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        moment("published_at"),
        moment("cancelled_at"),
        sa.Column("cancel_reason", sa.Text),
        moment("finished_at"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="events_end_after_start"),
        sa.CheckConstraint("registration_deadline <= starts_at", name="events_deadline_before_start"),
        sa.CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="events_reason_when_cancelled"),
    )
    op.create_index("events_by_start", "events", ["community", "starts_at", "id"])
    op.create_index("events_by_programme", "events", ["community", "programme", "starts_at", "id"])
    tenant_table(
        op,
        "event_places",
        sa.Column("event_id", UUID(as_uuid=True), nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        moment("closes_at", nullable=False),
        sa.Column("has_waitlist", sa.Boolean, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("confirmed_persons", sa.Integer, nullable=False),
        sa.Column("waiting", sa.Integer, nullable=False),
        sa.Column("last_position", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["community", "event_id"], **OF_EVENT, name="event_places_event"),
        sa.CheckConstraint("confirmed_persons BETWEEN 0 AND capacity", name="event_places_never_oversold"),
        sa.CheckConstraint("waiting >= 0", name="event_places_waiting"),
        key=("event_id",),
    )
    # Room on each page for the next version of the row: updates stay on it and touch no index.
    op.execute("ALTER TABLE event_places SET (fillfactor = 50)")
    tenant_table(
        op,
        "registrations",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("event_id", UUID(as_uuid=True), nullable=False),
        sa.Column("registered_by", UUID(as_uuid=True), nullable=False),
        sa.Column("household_id", UUID(as_uuid=True)),
        sa.Column("persons", sa.Integer, nullable=False),
        sa.Column("dish", sa.Text),
        sa.Column("table_number", sa.Integer),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        moment("registered_at", nullable=False),
        moment("promoted_at"),
        moment("cancelled_at"),
        sa.Column("ended_by", sa.Text),
        sa.Column("present_persons", sa.Integer, nullable=False, server_default="0"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(["community", "event_id"], **OF_EVENT, name="registrations_event"),
        sa.UniqueConstraint("community", "event_id", "position", name="registrations_order"),
        sa.CheckConstraint("persons BETWEEN 1 AND 10", name="registrations_persons"),
        sa.CheckConstraint("present_persons BETWEEN 0 AND persons", name="registrations_present"),
        sa.CheckConstraint("state IN ('confirmed', 'waitlisted', 'cancelled')", name="registrations_state"),
    )
    op.execute("ALTER TABLE registrations SET (fillfactor = 80)")
    op.create_index(
        "registrations_one_active",
        "registrations",
        ["community", "event_id", "registered_by"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_index(
        "registrations_waitlist",
        "registrations",
        ["community", "event_id", "position"],
        postgresql_where=sa.text("state = 'waitlisted'"),
    )
    op.create_index("registrations_of_person", "registrations", ["community", "registered_by", "registered_at", "id"])
    tenant_table(
        op,
        "check_ins",
        sa.Column("id", UUID(as_uuid=True), nullable=False),
        sa.Column("event_id", UUID(as_uuid=True), nullable=False),
        sa.Column("registration_id", UUID(as_uuid=True), nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("persons", sa.Integer, nullable=False),
        moment("occurred_at", nullable=False),
        moment("recorded_at", nullable=False),
        sa.Column("recorded_by", UUID(as_uuid=True), nullable=False),
        moment("annulled_at"),
        sa.Column("annulled_by", UUID(as_uuid=True)),
        sa.Column("annul_reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(["community", "event_id"], **OF_EVENT, name="check_ins_event"),
        sa.ForeignKeyConstraint(
            ["community", "registration_id"],
            ["registrations.community", "registrations.id"],
            name="check_ins_registration",
        ),
        sa.UniqueConstraint("community", "event_id", "nonce", name="check_ins_nonce"),
        sa.CheckConstraint("persons BETWEEN 1 AND 10", name="check_ins_persons"),
    )
    op.create_index("check_ins_of_registration", "check_ins", ["community", "registration_id", "recorded_at"])


def downgrade() -> None:
    for table in ("check_ins", "registrations", "event_places", "events"):
        op.drop_table(table)
