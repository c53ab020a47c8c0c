"""Who may do what in volunteers. Whose wish or account it is, the use cases and queries check as well."""

from collections.abc import Mapping
from enum import StrEnum

from shared.principal import Role


class Action(StrEnum):
    """Everything a route of this service can ask permission for."""

    SUBMIT_WISH = "submit_wish"
    REVIEW_WISH = "review_wish"
    READ_WALL = "read_wall"
    CLAIM_WISH = "claim_wish"
    CONFIRM_WISH = "confirm_wish"
    READ_BENEFICIARY = "read_beneficiary"
    READ_VOLUNTEERS = "read_volunteers"
    READ_STATEMENT = "read_statement"
    AWARD_POINTS = "award_points"
    DEBIT_POINTS = "debit_points"
    HOLD_POINTS = "hold_points"
    CAPTURE_HOLD = "capture_hold"
    RELEASE_HOLD = "release_hold"
    REVERSE_TRANSFER = "reverse_transfer"
    READ_ADJUSTMENTS = "read_adjustments"
    PROPOSE_ADJUSTMENT = "propose_adjustment"
    DECIDE_ADJUSTMENT = "decide_adjustment"
    READ_RULES = "read_rules"
    PROPOSE_RULE = "propose_rule"
    APPROVE_RULE = "approve_rule"
    RECONCILE = "reconcile"


EVERYBODY = frozenset(Role) - {Role.OPERATOR}
LIVING_OR_WORKING_HERE = EVERYBODY - {Role.PARTNER, Role.SUBDISTRICT_OFFICER}
REVIEWERS = frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN})
CLAIMANTS = frozenset({Role.VOLUNTEER, Role.PARTY_MEMBER, Role.CENTRE_HOUSEHOLD, Role.PARTNER})
PROXIES = REVIEWERS | {Role.GRID_WORKER, Role.CENTRE_HOUSEHOLD}
"""Who may wish for somebody else, with that person's consent on record."""
POINTS_OFFICE = frozenset({Role.POINTS_OFFICER})
POINTS_DECIDERS = frozenset({Role.POINTS_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN})

PERMISSIONS: Mapping[Action, frozenset[Role]] = {
    Action.SUBMIT_WISH: LIVING_OR_WORKING_HERE,
    Action.REVIEW_WISH: REVIEWERS,
    Action.READ_WALL: EVERYBODY,
    Action.CLAIM_WISH: CLAIMANTS,
    Action.CONFIRM_WISH: LIVING_OR_WORKING_HERE,
    Action.READ_BENEFICIARY: REVIEWERS | CLAIMANTS,
    Action.READ_VOLUNTEERS: REVIEWERS | {Role.GRID_WORKER, Role.POINTS_OFFICER},
    Action.READ_STATEMENT: EVERYBODY,
    Action.AWARD_POINTS: POINTS_OFFICE,
    Action.DEBIT_POINTS: POINTS_OFFICE,
    Action.HOLD_POINTS: EVERYBODY,
    Action.CAPTURE_HOLD: POINTS_OFFICE,
    Action.RELEASE_HOLD: EVERYBODY,
    Action.REVERSE_TRANSFER: POINTS_OFFICE,
    Action.READ_ADJUSTMENTS: POINTS_DECIDERS,
    Action.PROPOSE_ADJUSTMENT: POINTS_DECIDERS,
    Action.DECIDE_ADJUSTMENT: POINTS_DECIDERS,
    Action.READ_RULES: EVERYBODY,
    Action.PROPOSE_RULE: POINTS_DECIDERS,
    Action.APPROVE_RULE: POINTS_DECIDERS,
    Action.RECONCILE: POINTS_DECIDERS,
}
