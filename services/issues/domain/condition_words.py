"""The conditions in words: as the published table states them, and as a person reads them when one does not hold."""

from collections.abc import Mapping

from services.issues.domain.conditions import Condition
from services.issues.domain.words.vocabulary import Words

WHY_NOT: Mapping[Condition, Words] = {
    Condition.HAS_REPORTER: Words("这条诉求没有可联系的诉求人", "There is no reporter who could be asked"),
    Condition.HAS_RESPONSIBLE: Words("没有责任单位", "There is no responsible organisation"),
    Condition.NEVER_ASSIGNED: Words("已派过单", "It was assigned before"),
    Condition.NEVER_ACCEPTED: Words("已受理过", "It was accepted before"),
    Condition.NO_PROPOSAL_PENDING: Words("已有一项申请等待审批", "A proposal is already waiting for a decision"),
    Condition.DISMISSAL_PENDING: Words("没有待审批的申请", "No proposal is waiting for a decision"),
    Condition.DEFERRAL_PENDING: Words("没有待审批的挂账申请", "No deferral is waiting for a decision"),
    Condition.EXTENSION_PENDING: Words("没有待审批的延期申请", "No extension is waiting for a decision"),
    Condition.SECOND_PERSON: Words("须由提出人以外的人审批", "Somebody other than its proposer must decide"),
    Condition.NOT_OBJECTED_BEFORE: Words("只能提出一次异议", "An objection can be made once"),
    Condition.NOT_CONFIDENTIAL: Words(
        "这类诉求依规定保密，不能合并", "Matters of this kind are confidential and cannot be merged"
    ),
    Condition.SUBDISTRICT_DECIDES: Words("由社区决定", "The community decides this"),
    Condition.COMMUNITY_DECIDES: Words("已两次退回，须由街道决定", "It was returned twice; the subdistrict decides"),
    Condition.IN_TIME_TO_SIGN: Words(
        "已过签收时限，不能退回", "The time to sign for it is over; it cannot be returned"
    ),
    Condition.RETURNS_LEFT: Words(
        "最多退回两次；街道派单后不能再退回", "It can be returned twice at most; what the subdistrict assigned stays"
    ),
    Condition.PAUSES_LEFT: Words("每轮最多请居民补充两次", "The reporter can be asked twice per round at most"),
    Condition.ANSWER_OVERDUE: Words("居民答复期限未到", "The reporter still has time to answer"),
    Condition.BEFORE_TIME_TO_SOLVE_ENDS: Words(
        "办理期限已过，不能再申请延期", "The time to solve it is over; more time cannot be asked for"
    ),
    Condition.NOT_EXTENDED_BEFORE: Words("每轮只能申请一次延期", "More time can be asked for once per round"),
    Condition.TASKS_CLOSED: Words("还有子任务没有完成", "Child tasks are still open"),
    Condition.NOT_OF_THE_UNIT: Words(
        "您在办理单位任职或是办理人，须由无关人员核实审批",
        "You resolved it or hold a role in a unit that works on it; somebody else must confirm",
    ),
    Condition.NOT_RESOLVED_BY_RATER: Words(
        "您是办理人，不能评价自己的办理结果", "You worked on it yourself, so you cannot confirm it"
    ),
    Condition.TIME_TO_VERIFY_OVER: Words("核实期限未到", "The time to verify is not over"),
    Condition.CALL_BACKS_MADE: Words("回访未满三次", "Three call-backs without an answer are needed"),
    Condition.WAS_RESOLVED: Words(
        "没有办理结果，不能评价或重新办理", "It was never resolved, so there is nothing to rate or to reopen"
    ),
    Condition.NOT_RATED_BEFORE: Words("本轮已经评价过", "This round was rated already"),
    Condition.IN_TIME_TO_RATE: Words("评价期限（14天）已过", "The 14 days for rating are over"),
    Condition.IN_TIME_TO_REOPEN: Words(
        "重新办理期限（14天）已过，请重新登记", "The 14 days for reopening are over; please report it anew"
    ),
    Condition.NOT_BROUGHT_UP: Words("已提交街道", "It already lies before the subdistrict"),
    Condition.DEADLINE_PASSED: Words("还没有超过办理时限，暂不能催办", "No deadline has passed yet"),
    Condition.ONCE_A_DAY: Words(
        "您今天已经催办过，请明天再催", "You have urged this today already; please wait until tomorrow"
    ),
}
"""What is said when a standing condition does not hold. Fixed sentences: the answers of the API are made once from them."""

CONDITION_WORDS: Mapping[Condition, Words] = {
    Condition.CATEGORY_PLACE_TEXT: Words("分类、地点、内容齐全", "category, place and text are given"),
    Condition.IDEMPOTENCY_KEY: Words("带有防重复键", "an idempotency key is given"),
    Condition.SOURCE_ID_ONCE: Words("同一来源编号只导入一次", "each id of a source comes in once"),
    Condition.TIER: Words("定级", "a tier is set"),
    Condition.CATEGORY_OR_TIER: Words("新的分类或级别", "a new category or tier is given"),
    Condition.WAY_OF_CONTACT: Words("联系方式", "how the reporter was reached"),
    Condition.REASON_CODE: Words("不予受理的理由类别", "a reason of the list"),
    Condition.REFER_TO: Words("告知应向哪里反映", "the right address to turn to"),
    Condition.TARGET_OPEN: Words("同一社区未办结的诉求", "an open issue of the same community"),
    Condition.DATED_MEETING: Words("有日期且未闭会的会议", "a dated meeting that is not closed"),
    Condition.RECORD: Words("做好记录", "a record is made"),
    Condition.RESPONSIBLE_ORGANISATION: Words("划分责任", "a responsible organisation is named"),
    Condition.DEADLINE_IN_FUTURE: Words("规定时限（晚于现在）", "a deadline in the future is set"),
    Condition.PLAN: Words("做好计划", "a plan is made"),
    Condition.PUBLIC_REPLY: Words("公开答复", "a public reply is given"),
    Condition.OUTCOME: Words("办理结果", "an outcome is given"),
    Condition.REASON: Words("理由", "a reason is given"),
    Condition.QUESTION: Words("要问的问题", "the question is sent"),
    Condition.UNITS_AND_LEVEL: Words("呼叫哪些单位、级别、地点", "the called units, the level and the place"),
    Condition.RED_LEVEL: Words("红哨", "the whistle is red"),
    Condition.ANSWER: Words("答复内容", "an answer is given"),
    Condition.REVIEW_DATE: Words(
        "六个月内的复核日期（历史遗留问题一年内）",
        "a review date within six months (a year for matters left over from history)",
    ),
    Condition.LATER_DEADLINE: Words("晚于原期限的新期限", "a new end later than the old one"),
    Condition.PROOF: Words("撤回依据", "the proof that the reporter withdrew it"),
    Condition.SAID_SOLVED: Words("诉求人认为已解决", "the reporter says it is solved"),
    Condition.SAID_NOT_SOLVED: Words("诉求人认为未解决", "the reporter says it is not solved"),
    Condition.DEADLINE_PASSED: Words("超过受理、联系或办理时限", "the time to accept, to contact or to solve is over"),
    Condition.ONCE_A_DAY: Words("每人每天一次", "once a day per person"),
    Condition.NOT_SAID: Words("未联系上或未表态", "the reporter was not reached or did not say"),
    Condition.HAS_REPORTER: Words("有诉求人", "there is a reporter"),
    Condition.HAS_RESPONSIBLE: Words("有责任单位", "there is a responsible organisation"),
    Condition.NEVER_ASSIGNED: Words("受理后未曾派单", "it was accepted but never assigned"),
    Condition.NEVER_ACCEPTED: Words("未曾受理", "it was never accepted"),
    Condition.NO_PROPOSAL_PENDING: Words("没有待审批的申请", "no proposal is pending"),
    Condition.DISMISSAL_PENDING: Words("不予受理待审批", "a dismissal is pending"),
    Condition.DEFERRAL_PENDING: Words("挂账待审批", "a deferral is pending"),
    Condition.EXTENSION_PENDING: Words("延期待审批", "an extension is pending"),
    Condition.SECOND_PERSON: Words("审批人不是提出人", "not by its proposer"),
    Condition.NOT_OBJECTED_BEFORE: Words("只能提出一次", "once"),
    Condition.NOT_CONFIDENTIAL: Words("不是保密类诉求", "it is not of a confidential kind"),
    Condition.SUBDISTRICT_DECIDES: Words("两次退回后", "after two returns"),
    Condition.COMMUNITY_DECIDES: Words("不在等待街道决定", "it does not wait for the subdistrict"),
    Condition.IN_TIME_TO_SIGN: Words("在签收时限内", "within the time to sign"),
    Condition.RETURNS_LEFT: Words("退回未满两次", "returned less than twice"),
    Condition.PAUSES_LEFT: Words("本轮暂停未满两次", "paused less than twice in this round"),
    Condition.ANSWER_OVERDUE: Words("已过五天", "five days have passed"),
    Condition.BEFORE_TIME_TO_SOLVE_ENDS: Words("办理期限内", "before the time to solve ends"),
    Condition.NOT_EXTENDED_BEFORE: Words("本轮一次", "once per round"),
    Condition.TASKS_CLOSED: Words("子任务全部完成", "all child tasks are closed"),
    Condition.NOT_OF_THE_UNIT: Words(
        "在承办、协办单位没有任何职务，也不是办理人", "holds no role in a unit that works on it, and did not resolve it"
    ),
    Condition.NOT_RESOLVED_BY_RATER: Words("评价人不是办理人", "the rater did not work on it"),
    Condition.TIME_TO_VERIFY_OVER: Words("核实期限已过", "the time to verify is over"),
    Condition.CALL_BACKS_MADE: Words("三次回访未果", "three call-backs without an answer"),
    Condition.WAS_RESOLVED: Words("有办理结果", "it was resolved"),
    Condition.NOT_RATED_BEFORE: Words("本轮未评价", "not rated in this round"),
    Condition.IN_TIME_TO_RATE: Words("14天内", "within 14 days"),
    Condition.IN_TIME_TO_REOPEN: Words("14天内", "within 14 days"),
    Condition.NOT_BROUGHT_UP: Words("尚未提交街道", "not yet before the subdistrict"),
}
"""How people read the conditions in the published table."""
