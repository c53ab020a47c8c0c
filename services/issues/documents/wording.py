"""What stands printed on a meeting's papers around people's own words: Chinese and English, and how days are written in each."""

from collections.abc import Mapping
from datetime import datetime

from services.issues.domain.words.meetings import Decision
from services.issues.domain.words.vocabulary import Words
from shared.clock import CHINA
from shared.http.context import Language

WEEKDAYS = "一二三四五六日"
PRINTED: Mapping[str, Words] = {
    "list": Words("问题和对策清单", "Problems and measures"),
    "draft": Words("会议尚未闭会，以下为草稿", "The meeting is not closed yet: this is a draft"),
    "is_draft": Words("（草稿）", " (draft)"),
    "time": Words("时　间", "Time"),
    "until": Words("　闭会：{until}", "; closed {until}"),
    "place": Words("地　点", "Place"),
    "turnout": Words("到会情况", "Attendance"),
    "there": Words(
        "应到{invited}人，实到{attended}人（法定{needed}人）",
        "{attended} of {invited} invited are there; quorum {needed}",
    ),
    "late": Words("，迟到{count}人", "; late: {count}"),
    "excused": Words("，请假{count}人", "; excused: {count}"),
    "guests": Words("，列席{count}人", "; guests: {count}"),
    "no_quorum": Words("到会人数不足，闭会理由：{why}", "No quorum; closed because: {why}"),
    "seats": Words("参会代表", "Seats"),
    "seat": Words("{name}（{attended}/{invited}）", "{name} ({attended}/{invited})"),
    "nobody": Words("（缺）", " (missing)"),
    "result": Words("结　果", "Result"),
    "general": Words("会议情况", "The meeting"),
    "items": Words("议定事项", "What was decided"),
    "no_items": Words("本次会议没有议题", "There was nothing on the agenda"),
    "record": Words("讨论记录", "Discussion"),
    "reason": Words("理　由", "Reason"),
    "responsible": Words("责任单位", "Responsible"),
    "due": Words("时　限", "Due"),
    "due_by": Words("　时限：{day}", ", due {day}"),
    "plan": Words("计　划", "Plan"),
    "reply": Words("公开答复", "Public reply"),
    "reply_or_reason": Words("公开答复或理由", "Public reply or reason"),
    "chair": Words("主持人：", "Chair:"),
    "scribe": Words("记录人：", "Minutes by:"),
    "date": Words("日　期：", "Date:"),
    "position": Words("序", "No."),
    "number": Words("编号", "Number"),
    "category": Words("分类", "Category"),
    "topic": Words("议题", "Matter"),
    "problem": Words("问　题", "Problem"),
    "decision": Words("结　论", "Decision"),
    "measure": Words("对　策", "Measure"),
    "progress": Words("目前进展", "Progress"),
    "overdue": Words("已逾期", "overdue"),
    "is_overdue": Words("（已逾期）", " (overdue)"),
    "undecided": Words("未议定", "not decided"),
    "put_off": Words("延至{day}会议", "put off to {day}"),
    "private": Words("（涉及隐私，另行记录）", "(private: recorded elsewhere)"),
    "published": Words("已于{day}公布", "Published {day}"),
    "signed": Words("主持人已于{day}签字", "Signed by the chair {day}"),
    "unsigned": Words("未签字", "Not signed"),
    "printed": Words("打印：{at}", "Printed {at}"),
    "page": Words("第 {page} 页　共 {pages} 页", "Page {page} of {pages}"),
    "discussed": Words("共议{count}件", "{count} discussed"),
}
COUNTED: Mapping[Decision, Words] = {
    Decision.RESOLVED: Words("当场解决{count}件", "{count} resolved on the spot"),
    Decision.ASSIGNED: Words("派单办理{count}件", "{count} assigned"),
    Decision.ADOPTED: Words("采纳建议{count}件", "{count} adopted"),
    Decision.DECLINED: Words("答复不予采纳{count}件", "{count} declined with a reply"),
    Decision.POSTPONED: Words("延至下次{count}件", "{count} postponed"),
    Decision.WITHDRAWN: Words("居民撤回{count}件", "{count} withdrawn"),
}


def spoken(words: Words, language: Language) -> str:
    """One of the two."""
    return words.en if language == "en" else words.zh


def day(at: datetime, language: Language = "zh") -> str:
    """2026年12月2日, 2 December 2026."""
    local = at.astimezone(CHINA)
    return f"{local.day} {local:%B %Y}" if language == "en" else f"{local.year}年{local.month}月{local.day}日"


def moment(at: datetime, language: Language = "zh") -> str:
    """2026年12月2日（星期三）19:00, Wednesday 2 December 2026, 19:00."""
    local = at.astimezone(CHINA)
    if language == "en":
        return f"{local:%A} {day(at, language)}, {local:%H:%M}"
    return f"{day(at)}（星期{WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def short_day(at: datetime, beside: datetime, language: Language = "zh") -> str:
    """12月2日 or 2 Dec for narrow columns; with the year when it is another than that of the meeting."""
    local = at.astimezone(CHINA)
    if local.year != beside.astimezone(CHINA).year:
        return f"{local.day} {local:%b %Y}" if language == "en" else day(at)
    return f"{local.day} {local:%b}" if language == "en" else f"{local.month}月{local.day}日"
