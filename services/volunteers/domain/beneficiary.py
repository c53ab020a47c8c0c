"""Who a wish is really for: sensitive, kept apart from the wish, for reviewers and the current claimant only."""

from dataclasses import dataclass
from enum import StrEnum


class BeneficiaryGroup(StrEnum):
    """Why a wish deserves care."""

    LOW_INCOME = "low_income"
    LIMITED_MOBILITY = "limited_mobility"
    CHILD = "child"
    ELDERLY_ALONE = "elderly_alone"
    ILLNESS = "illness"
    OTHER = "other"


LABELS_ZH = {
    BeneficiaryGroup.LOW_INCOME: "低保",
    BeneficiaryGroup.LIMITED_MOBILITY: "行动不便",
    BeneficiaryGroup.CHILD: "儿童",
    BeneficiaryGroup.ELDERLY_ALONE: "独居老人",
    BeneficiaryGroup.ILLNESS: "患病",
    BeneficiaryGroup.OTHER: "其他",
}


class RevealPurpose(StrEnum):
    """Why somebody looks; every look is written down."""

    REVIEW = "review"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Group and note (name, address, size, circumstances), as the submitter wrote them."""

    group: BeneficiaryGroup
    note: str
