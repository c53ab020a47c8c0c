"""Every step as the use case that takes it, by verb: for the walk through the use cases."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from services.issues.domain.resolution import Quantity
from services.issues.domain.words.issues import (
    BroughtUp,
    ContactWay,
    DismissalReason,
    Level,
    Outcome,
    QuantityKind,
    Tier,
)
from services.issues.tests.builders import PROPERTY
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.tests.model import Try
from services.issues.use_cases.accept_issue import AcceptIssue, accept_issue
from services.issues.use_cases.answer_question import AnswerQuestion, answer_question
from services.issues.use_cases.approve_proposal import ApproveProposal, approve_proposal
from services.issues.use_cases.ask_reporter import AskReporter, ask_reporter
from services.issues.use_cases.assign_issue import AssignIssue, assign_issue
from services.issues.use_cases.bring_before_subdistrict import BringBeforeSubdistrict, bring_before_subdistrict
from services.issues.use_cases.change_category import ChangeCategory, change_category
from services.issues.use_cases.close_unconfirmed import CloseUnconfirmed, close_unconfirmed
from services.issues.use_cases.contact_reporter import ContactReporter, contact_reporter
from services.issues.use_cases.merge_issue import MergeIssue, merge_issue
from services.issues.use_cases.object_to_dismissal import ObjectToDismissal, object_to_dismissal
from services.issues.use_cases.place_on_agenda import PlaceOnAgenda, place_on_agenda
from services.issues.use_cases.propose_deferral import ProposeDeferral, propose_deferral
from services.issues.use_cases.propose_dismissal import ProposeDismissal, propose_dismissal
from services.issues.use_cases.propose_extension import ProposeExtension, propose_extension
from services.issues.use_cases.rate_issue import RateIssue, rate_issue
from services.issues.use_cases.record_call_back import RecordCallBack, record_call_back
from services.issues.use_cases.refuse_proposal import RefuseProposal, refuse_proposal
from services.issues.use_cases.reopen_issue import ReopenIssue, reopen_issue
from services.issues.use_cases.resolve_issue import ResolveIssue, resolve_issue
from services.issues.use_cases.resume_issue import ResumeIssue, resume_issue
from services.issues.use_cases.return_issue import ReturnIssue, return_issue
from services.issues.use_cases.review_deferral import ReviewDeferral, review_deferral
from services.issues.use_cases.sign_for_issue import SignForIssue, sign_for_issue
from services.issues.use_cases.verify_issue import VerifyIssue, verify_issue
from services.issues.use_cases.withdraw_issue import WithdrawIssue, withdraw_issue
from shared.principal import Principal

Step = Callable[[UUID, Try, Principal, MemoryUnitOfWork], Awaitable[object]]
LIGHT = Quantity(QuantityKind.LIGHT_REPAIRED, 1)


STEPS: dict[str, Step] = {
    "accept": lambda i, it, by, uow: accept_issue(AcceptIssue(i, Tier(it.tier), by), uow),
    "change-category": lambda i, it, by, uow: change_category(
        ChangeCategory(i, "noise" if uow.issues.kept[i].category != "noise" else "pets", Tier(it.tier), by), uow
    ),
    "contact": lambda i, _it, by, uow: contact_reporter(ContactReporter(i, ContactWay.PHONE, by), uow),
    "dismiss": lambda i, _it, by, uow: propose_dismissal(
        ProposeDismissal(i, DismissalReason.OUTSIDE_AREA, "隔壁社区", "不在辖区", by), uow
    ),
    "object": lambda i, _it, by, uow: object_to_dismissal(ObjectToDismissal(i, "就在小区里", by), uow),
    "merge": lambda i, _it, by, uow: merge_issue(
        MergeIssue(i, next(other for other in uow.issues.kept if other != i), by), uow
    ),
    "place-on-agenda": lambda i, _it, by, uow: place_on_agenda(
        PlaceOnAgenda(i, next(iter(uow.meetings.kept)), by), uow
    ),
    "assign": lambda i, it, by, uow: assign_issue(
        AssignIssue(i, "记录", it.unit or PROPERTY, uow.now() + timedelta(days=3), "计划", by, "派错了"), uow
    ),
    "sign": lambda i, _it, by, uow: sign_for_issue(SignForIssue(i, by), uow),
    "return": lambda i, _it, by, uow: return_issue(ReturnIssue(i, "不属我单位", by), uow),
    "ask": lambda i, _it, by, uow: ask_reporter(AskReporter(i, "是哪一盏？", by), uow),
    "answer": lambda i, _it, by, uow: answer_question(AnswerQuestion(i, "第二盏", by), uow),
    "resume": lambda i, _it, _by, uow: resume_issue(ResumeIssue(i), uow),
    "defer": lambda i, _it, by, uow: propose_deferral(
        ProposeDeferral(i, "等立项", uow.now() + timedelta(days=90), by), uow
    ),
    "review": lambda i, it, by, uow: review_deferral(
        ReviewDeferral(i, uow.now() + timedelta(days=60) if it.date else None, by), uow
    ),
    "extend": lambda i, _it, by, uow: propose_extension(
        ProposeExtension(i, "等配件", uow.now() + timedelta(days=900), by), uow
    ),
    "approve": lambda i, _it, by, uow: approve_proposal(ApproveProposal(i, by), uow),
    "refuse": lambda i, _it, by, uow: refuse_proposal(RefuseProposal(i, "理由不足", by), uow),
    "resolve": lambda i, _it, by, uow: resolve_issue(
        ResolveIssue(i, Outcome.SOLVED, "好了", Level.COMPOUND, by, LIGHT), uow
    ),
    "verify": lambda i, _it, by, uow: verify_issue(VerifyIssue(i, "亮了", by), uow),
    "call-back": lambda i, it, by, uow: record_call_back(RecordCallBack(i, it.solved is not None, it.solved, by), uow),
    "close": lambda i, _it, _by, uow: close_unconfirmed(CloseUnconfirmed(i), uow),
    "rate": lambda i, it, by, uow: rate_issue(RateIssue(i, bool(it.solved), 3, by), uow),
    "reopen": lambda i, _it, by, uow: reopen_issue(ReopenIssue(i, "又不亮了", by), uow),
    "withdraw": lambda i, _it, by, uow: withdraw_issue(WithdrawIssue(i, by, "通话记录 3"), uow),
    "bring-up": lambda i, _it, _by, uow: bring_before_subdistrict(BringBeforeSubdistrict(i, BroughtUp.OVERDUE), uow),
}
"""Without what happens inside meetings and what has a machine of its own (whistles)."""
BY_TIME = {"resume", "close", "bring-up"}
"""Steps of the platform: tried at a wrong moment they do nothing, instead of being refused."""
