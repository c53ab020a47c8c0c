"""Facts and things of the tests, with everything filled in that a test does not care about."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.notify.domain.subscription import Channel, Filters, Subscription
from shared.contracts.gateway import MembershipGranted
from shared.contracts.issues import IssueAssigned, IssueRegistered
from shared.ids import new_id
from shared.principal import Role

WEDNESDAY = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""Ten in the morning, local time."""


def a_subscription(
    channel: Channel = Channel.WEBHOOK, *, filters: Filters | None = None, organisation: UUID | None = None
) -> Subscription:
    """An active subscription."""
    return Subscription(
        id=new_id(),
        organisation=organisation or new_id(),
        name="物业值班室",
        channel=channel,
        url="https://hooks.example.com/mulin" if channel is Channel.WEBHOOK else None,
        filters=filters or Filters(),
        credential=b"sealed",
        created_by=new_id(),
        created_at=WEDNESDAY,
        updated_at=WEDNESDAY,
    )


def an_issue_registered(
    *,
    issue_id: UUID | None = None,
    reported_by: UUID | None = None,
    kind: str = "complaint",
    category: str = "street_light",
    severity: str = "general",
) -> IssueRegistered:
    """A street light is out."""
    return IssueRegistered(
        issue_id=issue_id or new_id(),
        number="FCC-2026-000123",
        kind=kind,
        category=category,
        source="resident",
        reported_by=reported_by,
        building_id=new_id(),
        severity=severity,
    )


def an_issue_assigned(issue_id: UUID, organisation: UUID, reported_by: UUID | None = None) -> IssueAssigned:
    """The property company gets it."""
    return IssueAssigned(
        issue_id=issue_id,
        number="FCC-2026-000123",
        category="street_light",
        responsible_organisation=organisation,
        due_at=WEDNESDAY + timedelta(days=7),
        reported_by=reported_by,
    )


def a_membership(person: UUID, role: Role, organisation: UUID | None = None) -> MembershipGranted:
    """A person gets a role."""
    return MembershipGranted(membership_id=new_id(), person_id=person, organisation_id=organisation, role=role.value)
