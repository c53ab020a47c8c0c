"""What neighbours get to see of a matter, and that they join it."""

from uuid import UUID

from shared.contracts.message import Message


class CardPublished(Message, type="issues.card_published.v1", aggregate="issue_id"):
    """Neighbours see the matter on a public card, in edited words; again when the words change."""

    issue_id: UUID
    number: str
    category: str
    published_by: UUID
    building_id: UUID | None = None
    reported_by: UUID | None = None


class CardWithdrawn(Message, type="issues.card_withdrawn.v1", aggregate="issue_id"):
    """The card was taken back; the matter is private again."""

    issue_id: UUID
    number: str
    category: str
    withdrawn_by: UUID
    reported_by: UUID | None = None


class IssueJoined(Message, type="issues.issue_joined.v1", aggregate="issue_id"):
    """A neighbour has the same trouble and follows the matter from now on."""

    issue_id: UUID
    number: str
    category: str
    joined_by: UUID
    joined: int


class IssueLeft(Message, type="issues.issue_left.v1", aggregate="issue_id"):
    """A neighbour no longer follows the matter."""

    issue_id: UUID
    number: str
    category: str
    left_by: UUID
    joined: int


class IssueUrged(Message, type="issues.issue_urged.v1", aggregate="issue_id"):
    """Somebody who waits asked to hurry, because something that was promised is late; `late` are the codes of the clocks."""

    issue_id: UUID
    number: str
    category: str
    urged_by: UUID
    times: int
    late: tuple[str, ...] = ()
    responsible_organisation: UUID | None = None
