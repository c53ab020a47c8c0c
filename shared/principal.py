"""Who is asking: the person, the community of this request and the roles held there. Plain data; signing is in shared.security."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal
from uuid import UUID


class Role(StrEnum):
    """What a membership lets a person do in one community. A person may hold several, in several organisations (交叉任职)."""

    RESIDENT = "resident"
    DUTY_OFFICER = "duty_officer"
    SECRETARY = "secretary"
    GRID_WORKER = "grid_worker"
    MEETING_CHAIR = "meeting_chair"
    HANDLER = "handler"
    VERIFIER = "verifier"
    VOLUNTEER = "volunteer"
    PARTY_MEMBER = "party_member"
    CENTRE_HOUSEHOLD = "centre_household"
    POINTS_OFFICER = "points_officer"
    EVENT_ORGANISER = "event_organiser"
    PARTNER = "partner"
    SUBDISTRICT_OFFICER = "subdistrict_officer"
    COMMUNITY_ADMIN = "community_admin"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role, held through one organisation, within a scope such as `{"grid": "<id>"}` (empty: the whole community)."""

    role: Role
    organisation: UUID | None = None
    scope: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Principal:
    """The verified author of a request, as the gateway signed it."""

    person: UUID
    community: str | None
    grants: tuple[Grant, ...] = ()
    kind: Literal["person", "api_key", "device", "system"] = "person"
    language: Literal["zh", "en"] = "zh"

    @property
    def roles(self) -> frozenset[Role]:
        """The union of all roles held here."""
        return frozenset(grant.role for grant in self.grants)

    def organisations(self, role: Role | None = None) -> frozenset[UUID]:
        """Organisations through which `role` (or any role) is held."""
        return frozenset(g.organisation for g in self.grants if g.organisation and (role is None or g.role is role))
