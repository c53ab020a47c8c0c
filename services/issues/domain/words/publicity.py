"""The closed vocabularies of what neighbours get to see of an issue."""

from services.issues.domain.words.vocabulary import Vocabulary


class Consent(Vocabulary):
    """What the reporter allows to be shown to the neighbours. Nothing, unless they say so."""

    PRIVATE = "private", "不公开", "not public"
    WITHOUT_BUILDING = "without_building", "可公开，不写楼栋", "public, without the building"
    WITH_BUILDING = "with_building", "可公开，写到楼栋", "public, down to the building"


class PersonalData(Vocabulary):
    """What is hidden in a text before neighbours read it."""

    PHONE = "phone", "电话", "phone"
    ID_NUMBER = "id_number", "证件号", "ID number"
    BANK_CARD = "bank_card", "银行卡号", "card number"
    PLATE = "plate", "车牌", "plate"
    ACCOUNT = "account", "社交账号", "account"
    EMAIL = "email", "邮箱", "e-mail"
    ROOM = "room", "门牌", "room"
    BUILDING = "building", "楼栋", "building"
