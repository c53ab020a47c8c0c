"""Who may do what in notify. Reading one's own inbox needs no role; everything about subscriptions stands here."""

from collections.abc import Mapping
from enum import StrEnum

from shared.principal import Role


class Action(StrEnum):
    """What can be done with partner subscriptions."""

    CREATE_SUBSCRIPTION = "create-subscription"
    READ_SUBSCRIPTIONS = "read-subscriptions"
    CHANGE_SUBSCRIPTION = "change-subscription"
    STOP_SUBSCRIPTION = "stop-subscription"


PERMISSIONS: Mapping[Action, frozenset[Role]] = {
    # Secrets are the partner's own: the community can look and stop, but never read or change them.
    Action.CREATE_SUBSCRIPTION: frozenset({Role.PARTNER}),
    Action.READ_SUBSCRIPTIONS: frozenset({Role.PARTNER, Role.COMMUNITY_ADMIN}),
    Action.CHANGE_SUBSCRIPTION: frozenset({Role.PARTNER}),
    Action.STOP_SUBSCRIPTION: frozenset({Role.PARTNER, Role.COMMUNITY_ADMIN}),
}
