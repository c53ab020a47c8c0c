"""What happened to an issue, in order. The history is the truth: clocks and rates are functions of it and never of a stamp on the issue.

Every step writes one entry, also one that leaves the state as it is. An entry belongs to the round in which the step was taken: the step
that opens round 2 (`rate`, `call-back` with solved=false, `reopen`) still says round 1. Steps that time takes are done by `PLATFORM`.
Details are plain values (moments as ISO 8601 in UTC, ids as text); one that does not apply is absent.

| verb | note | details |
|---|---|---|
| report, import | | |
| accept | remark | tier |
| change-category | why | category, from_category · tier, from_tier (each pair only if it changed) |
| contact | what was said | way, first (whether it is the first contact: T2) |
| dismiss | why | kind=dismissal, reason_code, refer_to |
| defer | why | kind=deferral, review_at, historical, brought_up? |
| extend | why | kind=extension, until, solve_by (T3 as it was) |
| approve, refuse | remark, why not | kind, proposed_by · dismissal: reason_code, refer_to · deferral: review_at, historical · extension: until |
| review | remark | continued · if continued: review_at, historical |
| object | why | |
| merge | remark | target_id, target_number |
| place-on-agenda | | meeting_id, discussed_at, automatic? |
| postpone | why | meeting_id, discussed_at |
| assign | record | organisation, deadline, suggested?, rules_version?, differs_because? (what routing suggested, why another) |
| sign | | |
| return | why | returns (how many now), brought_up? |
| whistle | why | level, units (how many were called) |
| ask | question | pauses (how many in this round now), answer_by |
| answer | answer | |
| resume | | |
| resolve, decline | public reply | outcome, level, quantity_kind?, quantity?, on_the_spot, reason? |
| verify | what was seen | outcome |
| call-back | remark | reached, solved?, unanswered (how many in this round now) |
| close | | outcome=unconfirmed, claimed (what was said to have come of it) |
| rate | comment | solved, satisfaction |
| reopen | why | next_round |
| withdraw | reason or proof | by_office |
| urge | remark | late? (codes of the clocks that were over) |
| bring-up | | reason |
| mark-repeated | | earlier (the newest earlier issue), times (not a step of the table) |
| consent, publish, unpublish | why | consent · shows_building · – (public card; not steps of the table) |
| name-co-handler, release-co-handler | which part, why | organisation (not steps of the table) |
| set-task, finish-task, cancel-task | title, result, why | task, organisation · set-task: deadline (not steps of the table) |

`brought_up` beside another verb says that this step also brought the matter before the subdistrict. `lapsed` (any verb): a pending proposal of
this kind lost its object by the step. T3 stands still from `ask` to the next `answer` or `resume`, and from an approved deferral to
`review` with continued=false; both also end with any step that leaves the state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.issues.domain.words.issues import State, Verb
from shared.ids import new_id

AMONG_UNITS = frozenset(
    {Verb.NAME_CO_HANDLER, Verb.RELEASE_CO_HANDLER, Verb.SET_TASK, Verb.FINISH_TASK, Verb.CANCEL_TASK}
)
"""How units share the work: others see that it happened, and not what the units say to each other about it."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Who did what, from which state to which, when, and with what note."""

    id: UUID
    verb: Verb
    source: State | None
    target: State
    by: UUID
    at: datetime
    note: str | None = None
    round: int = 1
    details: Mapping[str, str | int | bool] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        verb: Verb,
        source: State | None,
        target: State,
        by: UUID,
        at: datetime,
        *,
        note: str | None,
        round_: int,
        details: Mapping[str, Any],
    ) -> "HistoryEntry":
        """A new entry; details are kept as plain values, absent ones left out."""
        plain = {key: _plain(value) for key, value in details.items() if value is not None}
        return cls(new_id(), verb, source, target, by, at, note, round_, plain)


def _plain(value: Any) -> str | int | bool:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)
