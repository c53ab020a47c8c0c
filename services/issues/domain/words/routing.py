"""The closed vocabularies of routing."""

from services.issues.domain.words.vocabulary import Vocabulary


class Scope(Vocabulary):
    """Where a rule holds, nearest first."""

    GRID = "grid", "网格", "grid"
    COMPOUND = "compound", "小区", "compound"
    COMMUNITY = "community", "全社区", "whole community"


class Ground(Vocabulary):
    """What a suggestion rests on."""

    RULE = "rule", "派单规则", "a rule"
    DEFAULT = "default", "分类的缺省责任单位类型", "the usual kind of organisation of the category"
    NONE = "none", "没有适用的规则", "no rule applies"
