"""Which unit answers for what: the rules of a community."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class RoutingRulesPublished(Message, type="issues.routing_rules_published.v1", aggregate="rules_id"):
    """A new version of the routing rules was published; versions before it stay readable."""

    rules_id: UUID
    version: int
    rules: int
    effective_from: datetime
    published_by: UUID
