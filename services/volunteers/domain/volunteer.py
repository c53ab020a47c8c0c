"""Who counts as a volunteer."""

VOLUNTEERING_ROLES = frozenset({"volunteer", "party_member"})
"""Roles whose holders stand on the community's list of volunteers."""
