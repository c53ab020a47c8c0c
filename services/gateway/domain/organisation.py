"""Organisations that take part in a community, and the tree they form (街道 → 社区 → 小区党支部)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class OrganisationKind(StrEnum):
    """What sort of organisation it is; each kind gets its own login and messages."""

    COMMUNITY_COMMITTEE = "community_committee"
    PARTY_BRANCH = "party_branch"
    OWNERS_COMMITTEE = "owners_committee"
    PROPERTY = "property"
    UNIT = "unit"
    SOCIAL_ORGANISATION = "social_organisation"
    MERCHANT = "merchant"
    SUBDISTRICT_DEPARTMENT = "subdistrict_department"


KIND_LABELS: dict[OrganisationKind, tuple[str, str]] = {
    OrganisationKind.COMMUNITY_COMMITTEE: ("居委会", "Residents' committee"),
    OrganisationKind.PARTY_BRANCH: ("党支部", "Party branch"),
    OrganisationKind.OWNERS_COMMITTEE: ("业委会", "Owners' committee"),
    OrganisationKind.PROPERTY: ("物业", "Property company"),
    OrganisationKind.UNIT: ("共建单位", "Partner unit"),
    OrganisationKind.SOCIAL_ORGANISATION: ("社会组织", "Social organisation"),
    OrganisationKind.MERCHANT: ("商户", "Merchant"),
    OrganisationKind.SUBDISTRICT_DEPARTMENT: ("街道科室", "Subdistrict department"),
}
"""Kind -> Chinese and English label."""


@dataclass(slots=True)
class Organisation:
    """An organisation in a community; the same company in two communities is two of these."""

    id: UUID
    kind: OrganisationKind
    name: str
    name_en: str
    parent_id: UUID | None
    created_at: datetime
    version: int = 1
