"""The rules with which every community starts."""

from services.issues.domain.clocks.rules import ClockRule, RuleSet, Span
from services.issues.domain.words.clocks import ClockCode, Unit
from services.issues.domain.words.issues import Tier

DEFAULT_RULES = RuleSet(
    version=0,
    rules=(
        ClockRule(ClockCode.ACCEPT, Span(Unit.WORKING_MINUTES, 120)),
        ClockRule(ClockCode.CONTACT, Span(Unit.WORKING_DAYS, 1)),
        ClockRule(ClockCode.CONTACT, Span(Unit.MINUTES, 30), Tier.DANGER),
        ClockRule(ClockCode.SOLVE, Span(Unit.HOURS, 2), Tier.DANGER),
        ClockRule(ClockCode.SOLVE, Span(Unit.HOURS, 24), Tier.UTILITIES),
        ClockRule(ClockCode.SOLVE, Span(Unit.DAYS, 7), Tier.GENERAL),
        ClockRule(ClockCode.SOLVE, Span(Unit.DAYS, 15), Tier.COMPLEX),
        ClockRule(ClockCode.SIGN, Span(Unit.WORKING_MINUTES, 240)),
        # What is dangerous or without water does not wait for office hours.
        ClockRule(ClockCode.SIGN, Span(Unit.MINUTES, 30), Tier.DANGER),
        ClockRule(ClockCode.SIGN, Span(Unit.HOURS, 4), Tier.UTILITIES),
        ClockRule(ClockCode.VERIFY, Span(Unit.DAYS, 3)),
        ClockRule(ClockCode.RATE, Span(Unit.HOURS, 14 * 24)),
    ),
)
NEEDED: tuple[tuple[ClockCode, Tier], ...] = tuple(
    (code, tier)
    for code in (ClockCode.ACCEPT, ClockCode.CONTACT, ClockCode.SOLVE, ClockCode.SIGN, ClockCode.VERIFY, ClockCode.RATE)
    for tier in Tier
)
"""What every version must answer, for any category. T4, T6 and T7 end at a date that somebody set."""
