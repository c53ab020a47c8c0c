"""The closed vocabularies of contacts and of looking at them."""

from services.issues.domain.words.vocabulary import Vocabulary


class RevealField(Vocabulary):
    """What is looked at."""

    CONTACT = "contact", "联系方式", "the contact"
    REPORTER = "reporter", "匿名诉求人", "the anonymous reporter"


class RevealPurpose(Vocabulary):
    """Why somebody looks. It is written down, and those concerned can read it."""

    CALL_BACK = "call_back", "回访联系", "to call back"
    HANDLE = "handle", "上门办理", "to handle the matter on site"
    VERIFY = "verify", "核实情况", "to verify"
    EMERGENCY = "emergency", "紧急救助", "an emergency"
    AUDIT = "audit", "监督检查", "an inspection"
    FOUND = "found", "按完整电话号码查到", "found by the whole telephone number"
