"""Who reads issues that are not their own."""

from shared.principal import Role

READERS = frozenset(
    {Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.MEETING_CHAIR, Role.GRID_WORKER}
    | {Role.VERIFIER, Role.CENTRE_HOUSEHOLD}
)
"""Who reads every issue of the community."""
DISPUTE_READERS = frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.MEETING_CHAIR})
"""Disputes between neighbours and people in hardship are private: fewer people read of them."""
