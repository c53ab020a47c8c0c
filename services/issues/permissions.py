"""Who may do what in issues: the role × action matrix. The rules of an issue (its state, whose step it is) stand in the domain."""

from collections.abc import Mapping
from enum import StrEnum

from shared.principal import Role


class Action(StrEnum):
    """What can be asked of this service."""

    REPORT_ISSUE = "report_issue"
    FILE_REQUEST = "file_request"
    IMPORT_ISSUES = "import_issues"
    READ_ISSUES = "read_issues"
    ACCEPT_ISSUE = "accept_issue"
    PLACE_ON_AGENDA = "place_on_agenda"
    ASSIGN_ISSUE = "assign_issue"
    SIGN_FOR_ISSUE = "sign_for_issue"
    RESOLVE_ISSUE = "resolve_issue"
    RATE_ISSUE = "rate_issue"
    WITHDRAW_ISSUE = "withdraw_issue"
    REVEAL_CONTACT = "reveal_contact"
    MANAGE_CATEGORIES = "manage_categories"
    KEEP_DRAFT = "keep_draft"
    ADD_PHOTO = "add_photo"
    CORRECT_ISSUE = "correct_issue"
    CONTACT_REPORTER = "contact_reporter"
    DISMISS_ISSUE = "dismiss_issue"
    OBJECT_TO_DISMISSAL = "object_to_dismissal"
    MERGE_ISSUE = "merge_issue"
    WORK_ON_ISSUE = "work_on_issue"
    ANSWER_QUESTION = "answer_question"
    DECIDE_ON_PROPOSAL = "decide_on_proposal"
    REVIEW_DEFERRAL = "review_deferral"
    VERIFY_ISSUE = "verify_issue"
    CALL_REPORTER_BACK = "call_reporter_back"
    REOPEN_ISSUE = "reopen_issue"
    JOIN_ISSUE = "join_issue"
    PUBLISH_CARD = "publish_card"
    NAME_CO_HANDLER = "name_co_handler"
    SHARE_WORK = "share_work"
    NOTE_PROGRESS = "note_progress"
    PROPOSE_CLOCK_RULES = "propose_clock_rules"
    DECIDE_CLOCK_RULES = "decide_clock_rules"
    PUBLISH_ROUTING_RULES = "publish_routing_rules"
    READ_ROUTING = "read_routing"
    READ_MEETINGS = "read_meetings"
    CONVENE_MEETING = "convene_meeting"
    LEAD_MEETING = "lead_meeting"
    READ_ROSTER = "read_roster"
    KEEP_ROSTER = "keep_roster"
    WRITE_MINUTES = "write_minutes"
    SIGN_MINUTES = "sign_minutes"
    BUILD_AGENDA = "build_agenda"
    READ_RULES = "read_rules"
    PLAN_PATROL = "plan_patrol"
    BEGIN_ROUND = "begin_round"
    WALK_PATROL = "walk_patrol"
    READ_PATROLS = "read_patrols"
    READ_PATROL_FIGURES = "read_patrol_figures"
    RUN_SURVEY = "run_survey"
    READ_SURVEYS = "read_surveys"
    ANSWER_SURVEY = "answer_survey"
    BLOW_WHISTLE = "blow_whistle"
    OPEN_MEDIATION = "open_mediation"
    READ_MEDIATIONS = "read_mediations"
    MEDIATE = "mediate"
    COUNT_MEDIATIONS = "count_mediations"
    READ_WHISTLES = "read_whistles"
    ANSWER_WHISTLE = "answer_whistle"
    LEAD_WHISTLE = "lead_whistle"
    SHOW_PLACE_CODE = "show_place_code"
    SPEAK_ON_WHISTLE = "speak_on_whistle"
    READ_REPORTS = "read_reports"
    READ_REPORT_LISTS = "read_report_lists"
    IMPORT_BASELINES = "import_baselines"
    EXPORT = "export"
    REBUILD_REPORTS = "rebuild_reports"


MEMBERS = frozenset(
    {
        Role.RESIDENT,
        Role.DUTY_OFFICER,
        Role.SECRETARY,
        Role.GRID_WORKER,
        Role.MEETING_CHAIR,
        Role.HANDLER,
        Role.VERIFIER,
        Role.VOLUNTEER,
        Role.PARTY_MEMBER,
        Role.CENTRE_HOUSEHOLD,
        Role.POINTS_OFFICER,
        Role.EVENT_ORGANISER,
        Role.PARTNER,
        Role.COMMUNITY_ADMIN,
    }
)
"""Everybody who belongs to the community. Operators see aggregates only, the subdistrict also what was brought before it."""
REPORTERS = frozenset({Role.RESIDENT, Role.VOLUNTEER, Role.PARTY_MEMBER, Role.CENTRE_HOUSEHOLD, Role.GRID_WORKER})
OFFICERS = frozenset({Role.DUTY_OFFICER, Role.SECRETARY})
FILERS = REPORTERS | {Role.DUTY_OFFICER, Role.SECRETARY, Role.MEETING_CHAIR, Role.PARTNER}
"""Who puts matters on record, for themselves or for others."""
REPORT_READERS = frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.MEETING_CHAIR})
CHAIRS = frozenset({Role.DUTY_OFFICER, Role.MEETING_CHAIR})
OFFICE = frozenset({Role.DUTY_OFFICER, Role.SECRETARY})
CALLED = frozenset({Role.HANDLER, Role.PARTNER})
"""Through these roles a person answers for a unit that a whistle calls."""

PERMISSIONS: Mapping[Action, frozenset[Role]] = {
    Action.REPORT_ISSUE: FILERS,
    Action.MANAGE_CATEGORIES: frozenset({Role.COMMUNITY_ADMIN}),
    Action.KEEP_DRAFT: FILERS,
    Action.ADD_PHOTO: FILERS | {Role.HANDLER},
    Action.REVEAL_CONTACT: frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.GRID_WORKER, Role.HANDLER}),
    Action.FILE_REQUEST: frozenset({Role.PARTNER}),
    Action.IMPORT_ISSUES: frozenset({Role.DUTY_OFFICER, Role.COMMUNITY_ADMIN}),
    Action.READ_ISSUES: MEMBERS | {Role.SUBDISTRICT_OFFICER},
    Action.ACCEPT_ISSUE: frozenset({Role.DUTY_OFFICER}),
    Action.PLACE_ON_AGENDA: CHAIRS | {Role.CENTRE_HOUSEHOLD},
    Action.ASSIGN_ISSUE: CHAIRS | {Role.SUBDISTRICT_OFFICER},
    Action.SIGN_FOR_ISSUE: frozenset({Role.HANDLER}),
    Action.RESOLVE_ISSUE: CHAIRS | {Role.HANDLER},
    Action.RATE_ISSUE: REPORTERS,
    Action.WITHDRAW_ISSUE: REPORTERS | {Role.DUTY_OFFICER},
    Action.CORRECT_ISSUE: frozenset({Role.DUTY_OFFICER}),
    Action.CONTACT_REPORTER: OFFICERS | {Role.GRID_WORKER, Role.HANDLER},
    Action.DISMISS_ISSUE: frozenset({Role.DUTY_OFFICER}),
    Action.OBJECT_TO_DISMISSAL: REPORTERS,
    Action.MERGE_ISSUE: frozenset({Role.DUTY_OFFICER}),
    Action.WORK_ON_ISSUE: frozenset({Role.HANDLER}),
    Action.ANSWER_QUESTION: REPORTERS,
    Action.DECIDE_ON_PROPOSAL: OFFICERS | {Role.COMMUNITY_ADMIN, Role.SUBDISTRICT_OFFICER},
    Action.REVIEW_DEFERRAL: frozenset({Role.SUBDISTRICT_OFFICER, Role.HANDLER}),
    Action.VERIFY_ISSUE: frozenset({Role.VERIFIER}),
    Action.CALL_REPORTER_BACK: OFFICERS | {Role.GRID_WORKER, Role.VERIFIER},
    Action.REOPEN_ISSUE: REPORTERS | {Role.VERIFIER},
    Action.JOIN_ISSUE: MEMBERS,
    Action.PUBLISH_CARD: frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN}),
    Action.NAME_CO_HANDLER: CHAIRS,
    Action.SHARE_WORK: CHAIRS | {Role.HANDLER},
    Action.NOTE_PROGRESS: CHAIRS | {Role.HANDLER, Role.GRID_WORKER},
    Action.PROPOSE_CLOCK_RULES: frozenset({Role.COMMUNITY_ADMIN, Role.SUBDISTRICT_OFFICER}),
    Action.DECIDE_CLOCK_RULES: frozenset({Role.COMMUNITY_ADMIN, Role.SECRETARY, Role.SUBDISTRICT_OFFICER}),
    Action.PUBLISH_ROUTING_RULES: frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN}),
    Action.READ_ROUTING: CHAIRS
    | {Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.GRID_WORKER, Role.VERIFIER, Role.HANDLER, Role.SUBDISTRICT_OFFICER},
    Action.READ_MEETINGS: MEMBERS,
    Action.CONVENE_MEETING: CHAIRS | {Role.SECRETARY},
    Action.LEAD_MEETING: CHAIRS,
    Action.WRITE_MINUTES: CHAIRS | {Role.SECRETARY, Role.GRID_WORKER},
    Action.SIGN_MINUTES: frozenset({Role.MEETING_CHAIR, Role.SECRETARY}),
    Action.BUILD_AGENDA: CHAIRS | {Role.CENTRE_HOUSEHOLD},
    Action.READ_ROSTER: CHAIRS | {Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.GRID_WORKER, Role.CENTRE_HOUSEHOLD},
    Action.KEEP_ROSTER: frozenset({Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.DUTY_OFFICER}),
    Action.READ_RULES: frozenset(Role),
    Action.PLAN_PATROL: CHAIRS | {Role.SECRETARY, Role.GRID_WORKER},
    Action.BEGIN_ROUND: frozenset({Role.GRID_WORKER}),
    Action.WALK_PATROL: MEMBERS,
    Action.READ_PATROLS: MEMBERS,
    Action.READ_PATROL_FIGURES: CHAIRS | {Role.SECRETARY, Role.COMMUNITY_ADMIN, Role.SUBDISTRICT_OFFICER},
    Action.RUN_SURVEY: frozenset({Role.DUTY_OFFICER, Role.SECRETARY, Role.COMMUNITY_ADMIN}),
    Action.READ_SURVEYS: MEMBERS,
    Action.ANSWER_SURVEY: MEMBERS - {Role.PARTNER},
    Action.BLOW_WHISTLE: OFFICE,
    Action.OPEN_MEDIATION: OFFICE,
    Action.READ_MEDIATIONS: MEMBERS,
    Action.MEDIATE: MEMBERS,
    Action.COUNT_MEDIATIONS: OFFICE | {Role.COMMUNITY_ADMIN, Role.SUBDISTRICT_OFFICER},
    Action.READ_WHISTLES: OFFICE
    | CALLED
    | {Role.COMMUNITY_ADMIN, Role.MEETING_CHAIR, Role.GRID_WORKER, Role.SUBDISTRICT_OFFICER},
    Action.ANSWER_WHISTLE: CALLED,
    Action.LEAD_WHISTLE: OFFICE,
    Action.SHOW_PLACE_CODE: OFFICE | {Role.GRID_WORKER},
    Action.SPEAK_ON_WHISTLE: OFFICE | CALLED,
    Action.READ_REPORTS: REPORT_READERS | {Role.SUBDISTRICT_OFFICER},
    Action.READ_REPORT_LISTS: REPORT_READERS,
    Action.IMPORT_BASELINES: frozenset({Role.COMMUNITY_ADMIN}),
    Action.EXPORT: REPORT_READERS,
    Action.REBUILD_REPORTS: frozenset({Role.COMMUNITY_ADMIN}),
}
