"""The issue (诉求): a resident's matter from the call to the confirmed result. Every step goes through the transition table.

`record.py` holds what is kept and how a step is taken; the other modules hold the steps, by phase of an issue's life:
arriving, intake, discussing, handling, proposing, confirming, ending.
"""

from services.issues.domain.issue.arriving import Arriving, short_title
from services.issues.domain.issue.confirming import Confirming
from services.issues.domain.issue.discussing import Discussing
from services.issues.domain.issue.ending import Ending
from services.issues.domain.issue.private import DISPUTE_READERS, READERS
from services.issues.domain.issue.record import IssueRecord
from services.issues.domain.limits import TIME_TO_SOLVE

__all__ = ["DISPUTE_READERS", "READERS", "TIME_TO_SOLVE", "Issue", "IssueRecord", "short_title"]


class Issue(Arriving, Discussing, Confirming, Ending):
    """One matter of one community, with all its steps."""

    __slots__ = ()
