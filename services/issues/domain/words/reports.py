"""The closed vocabularies of rates and reports."""

from services.issues.domain.words.vocabulary import Vocabulary


class Grain(Vocabulary):
    """The lengths in which counts are kept; every period is a sum of them."""

    DAY = "day", "日", "day"
    DEKAD = "dekad", "旬", "third of a month"
    MONTH = "month", "月", "month"
    QUARTER = "quarter", "季度", "quarter"


class Dimension(Vocabulary):
    """What counts are kept by. Everything coarser (compound, grid, group of categories, kind of organisation) is summed from these."""

    ALL = "all", "社区合计", "the whole community"
    PLACE = "place", "地点", "place"
    CATEGORY = "category", "分类", "category"
    ORGANISATION = "organisation", "责任单位", "responsible organisation"
    HANDLER = "handler", "经办人", "handler"


class By(Vocabulary):
    """What a report can be broken down by."""

    NONE = "none", "社区合计", "the whole community"
    COMPOUND = "compound", "小区", "compound"
    GRID = "grid", "网格", "grid"
    BUILDING = "building", "楼栋", "building"
    CATEGORY = "category", "分类", "category"
    CATEGORY_GROUP = "category_group", "一级分类", "group of categories"
    ORGANISATION = "organisation", "责任单位", "responsible organisation"
    ORGANISATION_KIND = "organisation_kind", "责任单位类型", "kind of responsible organisation"
    HANDLER = "handler", "经办人", "handler"


STORED_AS: dict[By, Dimension] = {
    By.NONE: Dimension.ALL,
    By.COMPOUND: Dimension.PLACE,
    By.GRID: Dimension.PLACE,
    By.BUILDING: Dimension.PLACE,
    By.CATEGORY: Dimension.CATEGORY,
    By.CATEGORY_GROUP: Dimension.CATEGORY,
    By.ORGANISATION: Dimension.ORGANISATION,
    By.ORGANISATION_KIND: Dimension.ORGANISATION,
    By.HANDLER: Dimension.HANDLER,
}
"""Where the counts of a breakdown come from."""


class Watch(Vocabulary):
    """Lists of matters that somebody should look at."""

    UNANSWERED = "unanswered", "无任何答复", "without any answer"
    DEFERRED = "deferred", "挂账", "deferred"
    REPEATED = "repeated", "重复诉求", "repeated"


class OutsideCount(Vocabulary):
    """Counts that other offices keep. They can only be imported, with their source."""

    PETITIONS = "petitions", "上访（信访）", "petitions"
    HOTLINE_COMPLAINTS = "hotline_complaints", "12345热线投诉", "hotline complaints"
    DISPUTES = "disputes", "矛盾纠纷", "disputes"
    REGISTERED = "registered", "登记的诉求", "matters registered"


class OrganisationKind(Vocabulary):
    """Kinds of organisations, as the gateway names them."""

    COMMUNITY_COMMITTEE = "community_committee", "居委会", "community committee"
    PARTY_BRANCH = "party_branch", "党支部", "Party branch"
    OWNERS_COMMITTEE = "owners_committee", "业委会", "owners' committee"
    PROPERTY = "property", "物业", "property company"
    UNIT = "unit", "企事业单位", "unit"
    SOCIAL_ORGANISATION = "social_organisation", "社会组织", "social organisation"
    MERCHANT = "merchant", "商户", "merchant"
    SUBDISTRICT_DEPARTMENT = "subdistrict_department", "街道科室", "subdistrict department"
