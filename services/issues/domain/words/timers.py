"""The kinds of timers that issues set. What happens when one rings stands in `timers.py`."""

ANSWER_OVERDUE = "answer-overdue"
"""Five days after a question to the reporter: the work goes on without an answer."""
NOBODY_ANSWERED = "nobody-answered"
"""T8 is over and three call-backs were not answered: the issue is closed unconfirmed."""
GOES_ON_AGENDA = "goes-on-agenda"
"""A matter that came again is discussed at the next meeting, unless the office gave it to somebody meanwhile."""
