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
from shared.contracts.issues.meeting import MeetingClosed, MeetingConvened
from shared.contracts.issues.survey import SurveyAnswered, SurveyClosed, SurveyOpened

__all__ = [
    "IssueAccepted",
    "IssueAssigned",
    "IssueClosed",
    "IssuePlacedOnAgenda",
    "IssueRated",
    "IssueRegistered",
    "IssueReopened",
    "IssueResolved",
    "IssueSigned",
    "IssueWithdrawn",
    "MeetingClosed",
    "MeetingConvened",
    "SurveyAnswered",
    "SurveyClosed",
    "SurveyOpened",
]
