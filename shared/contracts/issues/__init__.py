"""Facts of issues: what happens to a resident's matter, and to the meetings that discuss it."""

from shared.contracts.issues.issue import (
    IssueAccepted,
    IssueAssigned,
    IssueClosed,
    IssuePlacedOnAgenda,
    IssueRated,
    IssueRegistered,
    IssueReopened,
    IssueResolved,
    IssueSigned,
    IssueWithdrawn,
)
from shared.contracts.issues.meeting import (
    MeetingClosed,
    MeetingConvened,
)
from shared.contracts.issues.patrol import (
    PatrolCancelled,
    PatrolFindingRecorded,
    PatrolFinished,
    PatrolMissed,
    PatrolPlanned,
)
from shared.contracts.issues.publicity import (
    CardPublished,
    CardWithdrawn,
    IssueJoined,
    IssueLeft,
)
from shared.contracts.issues.routing import RoutingRulesPublished
from shared.contracts.issues.survey import (
    SurveyAnswered,
    SurveyClosed,
    SurveyOpened,
)

__all__ = [
    "CardPublished",
    "CardWithdrawn",
    "IssueAccepted",
    "IssueAssigned",
    "IssueClosed",
    "IssueJoined",
    "IssueLeft",
    "IssuePlacedOnAgenda",
    "IssueRated",
    "IssueRegistered",
    "IssueReopened",
    "IssueResolved",
    "IssueSigned",
    "IssueWithdrawn",
    "MeetingClosed",
    "MeetingConvened",
    "PatrolCancelled",
    "PatrolFindingRecorded",
    "PatrolFinished",
    "PatrolMissed",
    "PatrolPlanned",
    "RoutingRulesPublished",
    "SurveyAnswered",
    "SurveyClosed",
    "SurveyOpened",
]
