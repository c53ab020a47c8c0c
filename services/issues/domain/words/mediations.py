"""The closed vocabularies of mediation (邻里纠纷调解)."""

from services.issues.domain.words.vocabulary import Vocabulary


class MediationState(Vocabulary):
    """Where a mediation stands. What came of it is a separate thing."""

    OPENED = "opened", "已立案", "opened"
    IN_SESSION = "in_session", "调解中", "in session"
    AGREED = "agreed", "已达成协议", "agreed"
    CLOSED = "closed", "已结案", "closed"


class MediationVerb(Vocabulary):
    """What can happen to a mediation."""

    OPEN = "open", "立案", "open"
    NAME_MEDIATOR = "name-mediator", "指定调解员", "name the mediator"
    DECLARE = "declare", "声明无利害关系", "declare to be unrelated"
    ADD_PARTY = "add-party", "增加当事人", "add a party"
    SCHEDULE = "schedule", "约定调解", "schedule a session"
    RECORD = "record", "记录调解", "record a session"
    AGREE = "agree", "写明协议", "write the agreement"
    SIGN = "sign", "签字", "sign"
    SETTLE = "settle", "调解成功结案", "settle"
    FAIL = "fail", "调解不成结案", "end without agreement"
    REFER = "refer", "转介", "refer"
    REMIND = "remind", "回访提醒", "remind of the follow-up"
    FOLLOW_UP = "follow-up", "回访", "follow up"
    LOOK = "look", "查阅", "look"


class MediationOutcome(Vocabulary):
    """What came of it. Only `settled` counts as a settled dispute."""

    SETTLED = "settled", "已化解", "settled"
    PARTLY = "partly", "部分化解", "partly settled"
    FAILED = "failed", "调解不成", "not settled"
    REFERRED = "referred", "已转介", "referred"


class MediationPart(Vocabulary):
    """What a person is in a mediation."""

    OFFICE = "office", "社区值班人员或书记", "the duty officer or the secretary"
    MEDIATOR = "mediator", "调解员", "the mediator"
    PARTY = "party", "当事人", "a party"
    PLATFORM = "platform", "平台（到时自动）", "the platform by itself"
