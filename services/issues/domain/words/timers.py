"""The kinds of timers that issues set. What happens when one rings stands in `timers.py`."""

ANSWER_OVERDUE = "answer-overdue"
"""Five days after a question to the reporter: the work goes on without an answer."""
NOBODY_ANSWERED = "nobody-answered"
"""T8 is over and three call-backs were not answered: the issue is closed unconfirmed."""
GOES_ON_AGENDA = "goes-on-agenda"
"""A matter that came again, or that is over its time in nobody's hands, is discussed at the next meeting."""

LOOK = "issue-clocks"
"""Kind of the one timer of an issue: its next level of escalation, or the end of one of its clocks."""

FOLLOW_CALENDAR = "follow-calendar"
"""Kind of the timer that computes running clocks anew after a calendar was published; its key is the last issue seen to."""
