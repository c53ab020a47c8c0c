"""Every step of the machine with a good input, by verb: for tests that walk over all of them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import (
    BroughtUp,
    ContactWay,
    DismissalReason,
    Level,
    Outcome,
    Tier,
    Verb,
)
from services.issues.domain.words.whistles import WhistleLevel
from services.issues.tests.builders import NOW, a_category, an_assignment, an_issue
from shared.ids import new_id
from shared.principal import Principal

Take = Callable[[Issue, Principal, datetime], object]

TAKE: dict[Verb, Take] = {
    Verb.ACCEPT: lambda issue, by, at: issue.accept(tier=Tier.GENERAL, by=by, at=at),
    Verb.CHANGE_CATEGORY: lambda issue, by, at: issue.change_category(
        category=a_category("noise" if issue.category != "noise" else "pets"), tier=None, by=by, at=at
    ),
    Verb.CONTACT: lambda issue, by, at: issue.contact(way=ContactWay.PHONE, note="已联系", by=by, at=at),
    Verb.DISMISS: lambda issue, by, at: issue.propose_dismissal(
        reason_code=DismissalReason.OUTSIDE_AREA, refer_to="隔壁社区", reason="不在辖区", by=by, at=at
    ),
    Verb.OBJECT: lambda issue, by, at: issue.object_(reason="就在我们小区", by=by, at=at),
    Verb.MERGE: lambda issue, by, at: issue.merge_into(an_issue(), note=None, by=by, at=at),
    Verb.PLACE_ON_AGENDA: lambda issue, by, at: issue.place_on_agenda(
        meeting_id=new_id(), discussed_at=at + timedelta(days=1), by=by, at=at
    ),
    Verb.POSTPONE: lambda issue, by, at: issue.postpone(
        meeting_id=new_id(), discussed_at=at + timedelta(days=8), reason="缺席", by=by, at=at
    ),
    Verb.ASSIGN: lambda issue, by, at: issue.assign(an_assignment(deadline=at + timedelta(days=3)), by=by, at=at),
    Verb.SIGN: lambda issue, by, at: issue.sign(by=by, at=at),
    Verb.RETURN: lambda issue, by, at: issue.return_(reason="不属我单位", by=by, at=at),
    Verb.WHISTLE: lambda issue, by, at: issue.whistle(level=WhistleLevel.RED, why="线路起火", units=2, by=by, at=at),
    Verb.ASK: lambda issue, by, at: issue.ask(question="是哪一盏？", by=by, at=at),
    Verb.ANSWER: lambda issue, by, at: issue.answer(answer="北侧第二盏", by=by, at=at),
    Verb.RESUME: lambda issue, by, at: issue.resume(by=by, at=at),
    Verb.DEFER: lambda issue, by, at: issue.propose_deferral(
        reason="等待立项", review_at=at + timedelta(days=90), historical=False, by=by, at=at
    ),
    Verb.REVIEW: lambda issue, by, at: issue.review(review_at=None, note="可以动工", by=by, at=at),
    Verb.EXTEND: lambda issue, by, at: issue.propose_extension(
        reason="等配件", until=at + timedelta(days=60), by=by, at=at
    ),
    Verb.APPROVE: lambda issue, by, at: issue.approve(note=None, by=by, at=at),
    Verb.REFUSE: lambda issue, by, at: issue.refuse(reason="理由不足", by=by, at=at),
    Verb.RESOLVE: lambda issue, by, at: issue.resolve(
        outcome=Outcome.SOLVED, public_reply="好了", level=Level.COMPOUND, by=by, at=at
    ),
    Verb.DECLINE: lambda issue, by, at: issue.decline(
        outcome=Outcome.EXPLAINED, reason="另有规划", public_reply="说明", by=by, at=at
    ),
    Verb.VERIFY: lambda issue, by, at: issue.verify(note="现场已亮", by=by, at=at),
    Verb.CALL_BACK: lambda issue, by, at: issue.call_back(reached=False, solved=None, note=None, by=by, at=at),
    Verb.CLOSE: lambda issue, by, at: issue.close_unconfirmed(by=by, at=at),
    Verb.RATE: lambda issue, by, at: issue.rate(solved=True, satisfaction=5, comment=None, by=by, at=at),
    Verb.REOPEN: lambda issue, by, at: issue.reopen(note="又不亮了", by=by, at=at),
    Verb.WITHDRAW: lambda issue, by, at: issue.withdraw(reason="居民来电撤回", by=by, at=at),
    Verb.URGE: lambda issue, by, at: issue.urge(note=None, by=by, at=at),
    Verb.BRING_UP: lambda issue, by, at: issue.bring_up(why=BroughtUp.OVERDUE, by=by, at=at),
}


def take(verb: Verb, issue: Issue, by: Principal, at: datetime = NOW) -> None:
    """Take this step with a good input."""
    TAKE[verb](issue, by, at)
