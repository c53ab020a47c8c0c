"""Memberships: a person holds a role in a community, through an organisation or as a resident, within a scope.

A person may hold several at once (交叉任职); permission is their union. `operator` and `subdistrict_officer` are held for the
whole subdistrict only (community `all`), every other role in one community only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.gateway.domain.community import WHOLE_SUBDISTRICT
from services.gateway.domain.errors import MembershipAlreadyEnded, RoleNotGrantable
from shared.principal import Role

SUBDISTRICT_ROLES = frozenset({Role.OPERATOR, Role.SUBDISTRICT_OFFICER})
"""Roles that reach over all communities; only an operator gives them."""
KEY_ROLES = frozenset(Role) - SUBDISTRICT_ROLES - {Role.COMMUNITY_ADMIN}
"""Roles that an API key may carry: a program administers nobody."""

ROLE_LABELS: dict[Role, tuple[str, str]] = {
    Role.RESIDENT: ("居民", "Resident"),
    Role.DUTY_OFFICER: ("值班员", "Duty officer"),
    Role.SECRETARY: ("社区书记", "Community secretary"),
    Role.GRID_WORKER: ("网格员", "Grid worker"),
    Role.MEETING_CHAIR: ("会议主持人", "Meeting chair"),
    Role.HANDLER: ("承办人", "Handler"),
    Role.VERIFIER: ("核实员", "Verifier"),
    Role.VOLUNTEER: ("志愿者", "Volunteer"),
    Role.PARTY_MEMBER: ("党员", "Party member"),
    Role.CENTRE_HOUSEHOLD: ("党员中心户", "Party centre household"),
    Role.POINTS_OFFICER: ("积分管理员", "Points officer"),
    Role.EVENT_ORGANISER: ("活动组织者", "Event organiser"),
    Role.PARTNER: ("共建单位", "Partner unit"),
    Role.SUBDISTRICT_OFFICER: ("街道工作人员", "Subdistrict officer"),
    Role.COMMUNITY_ADMIN: ("社区管理员", "Community administrator"),
    Role.OPERATOR: ("运维人员", "Operator"),
}
"""Role -> Chinese and English label."""


def check_grantable(role: Role, community: str, granted_by: frozenset[Role]) -> None:
    """Refuse a role that does not belong at this level, or that the granting person may not give."""
    whole = community == WHOLE_SUBDISTRICT
    if (role in SUBDISTRICT_ROLES) is not whole:
        raise RoleNotGrantable(
            f"“{ROLE_LABELS[role][0]}”{'只能在单个社区授予' if whole else '只能在街道层面授予'}",
            f"'{role}' can only be granted {'in a single community' if whole else 'for the whole subdistrict'}",
            fields={"role": ("不能在此授予", "not grantable here")},
        )
    if role in SUBDISTRICT_ROLES and Role.OPERATOR not in granted_by:
        raise RoleNotGrantable(
            "只有运维人员可以授予街道层面的职责",
            "Only an operator grants roles of the whole subdistrict",
            fields={"role": ("无权授予", "not yours to grant")},
        )


@dataclass(slots=True)
class Membership:
    """One role of one person."""

    id: UUID
    person_id: UUID
    organisation_id: UUID | None
    role: Role
    granted_by: UUID
    granted_at: datetime
    scope: Mapping[str, str] = field(default_factory=dict)
    ended_by: UUID | None = None
    ended_at: datetime | None = None
    version: int = 1

    def end(self, by: UUID, at: datetime) -> None:
        """Take the role away. What was done under it stays as it was."""
        if self.ended_at is not None:
            raise MembershipAlreadyEnded()
        self.ended_by, self.ended_at = by, at
