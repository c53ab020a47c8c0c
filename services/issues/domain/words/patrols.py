"""The closed vocabularies of patrols."""

from services.issues.domain.words.vocabulary import Vocabulary


class PatrolKind(Vocabulary):
    """Which walk it is."""

    ROUND = "round", "网格日常巡查", "a grid worker's daily round"
    PATROL = "patrol", "巡逻检查", "patrol"
    FIELD_SURVEY = "field_survey", "实地调研", "field survey"


class PatrolState(Vocabulary):
    """A patrol is planned for a date, walked, and finished; or it does not take place."""

    PLANNED = "planned", "已计划", "planned"
    WALKING = "walking", "巡查中", "under way"
    DONE = "done", "已完成", "done"
    CANCELLED = "cancelled", "已取消", "cancelled"
    MISSED = "missed", "未按期开展", "missed"


class FindingKind(Vocabulary):
    """What was found. A trifle was set right on the spot and counts all the same (practice 72)."""

    HAZARD = "hazard", "安全隐患", "hazard"
    PROBLEM = "problem", "问题", "problem"
    TRIFLE = "trifle", "随手解决的小事", "trifle"
