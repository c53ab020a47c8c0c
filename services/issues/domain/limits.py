"""How long and how often: the numbers of the state machine, each in one place.

Times here are plain wall-clock time. Where a due moment is known on a working calendar, it is kept on the issue (`sign_by`, `solve_by`,
`verify_by`) and that moment counts.
"""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.words.issues import Tier

TIME_TO_SOLVE = {
    Tier.DANGER: timedelta(hours=2),
    Tier.UTILITIES: timedelta(hours=24),
    Tier.GENERAL: timedelta(days=7),
    Tier.COMPLEX: timedelta(days=15),
}
"""T3 by tier, from registration; half of it from a reopening."""
TIME_TO_SIGN = timedelta(hours=4)
"""T5: until then the unit signs or returns."""
TIME_TO_ANSWER = timedelta(days=5)
"""A question to the reporter stops T3 no longer than this."""
TIME_TO_VERIFY = timedelta(days=3)
"""T8, from the resolution."""
TIME_TO_RATE = timedelta(days=14)
"""T9, from the closing; as long may a reporter reopen."""
TIME_FOR_THE_OFFICE = timedelta(days=1)
"""A matter that came again is put on the next agenda by itself this long after its acceptance, if it still waits then."""
MOST_RETURNS = 2
MOST_PAUSES = 2
"""Per round: each round has a T3 of its own."""
CALL_BACKS_BEFORE_CLOSING = 3
MONTHS_TO_REVIEW = 6
MONTHS_TO_REVIEW_HISTORICAL = 12


def check_review_date(review_at: datetime, now: datetime, *, historical: bool) -> None:
    """Refuse a review date that is past or too far off: at most six months, a year for matters left over from history."""
    months = MONTHS_TO_REVIEW_HISTORICAL if historical else MONTHS_TO_REVIEW
    if not now < review_at <= now + relativedelta(months=months):
        raise DateNotInFuture(
            f"复核日期须在{months}个月以内",
            f"The review lies ahead, and at most {months} months off",
            fields={"review_at": (f"须晚于现在且在{months}个月以内", f"must lie ahead, at most {months} months off")},
        )
