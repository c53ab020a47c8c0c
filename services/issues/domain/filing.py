"""How a matter arrives: by whom, for whom and with what consent, from which meeting, patrol or visit; and whether its reporter stays unnamed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.errors.filing import ProxyIncomplete, SourceRefused
from services.issues.domain.words.filing import ConsentWay
from services.issues.domain.words.issues import Source
from shared.principal import Principal, Role

FOLLOWING = frozenset(
    {Role.RESIDENT, Role.VOLUNTEER, Role.PARTY_MEMBER, Role.CENTRE_HOUSEHOLD, Role.GRID_WORKER},
)
"""Who follows and rates what they filed. What others file for somebody without an account here has no reporter: staff call back."""
PROXIES = frozenset({Role.GRID_WORKER, Role.CENTRE_HOUSEHOLD, Role.DUTY_OFFICER, Role.SECRETARY})
"""Who puts matters of others on record: for the old, for those without a telephone, for those who call."""
WHO_FILES: Mapping[Source, frozenset[Role]] = {
    Source.RESIDENT: FOLLOWING,
    Source.GRID_WORKER: frozenset({Role.GRID_WORKER}),
    Source.PROXY: PROXIES,
    Source.MEETING: PROXIES | {Role.MEETING_CHAIR},
    Source.VISIT: FOLLOWING - {Role.RESIDENT} | {Role.DUTY_OFFICER, Role.SECRETARY},
    Source.PARTNER: frozenset({Role.PARTNER}),
}
"""Sources that are not here (patrol, import) come about inside other use cases, which say themselves who may."""
OWN_WORDS = frozenset({Source.RESIDENT, Source.GRID_WORKER, Source.PARTNER})
"""Nobody else stands behind what is filed this way, so that there is no consent to record."""


@dataclass(frozen=True, slots=True)
class ProxyConsent:
    """The consent of the person concerned, as whoever filed recorded it."""

    way: ConsentWay
    at: datetime


@dataclass(frozen=True, slots=True)
class Filing:
    """The circumstances in which an issue was put on record. `origin_id`: the meeting, patrol finding or visit it came from."""

    filed_by: UUID | None = None
    origin_id: UUID | None = None
    anonymous: bool = False
    consent: ProxyConsent | None = None


DIRECT = Filing()
"""The ordinary case: people report for themselves, with their name."""


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever files says about it. `concerned`: the person whose matter it is, if they have an account here."""

    source: Source | None = None
    origin_id: UUID | None = None
    anonymous: bool = False
    concerned: UUID | None = None
    consent: ProxyConsent | None = None
    has_contact: bool = False


PLAINLY = Told()


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of it: source, reporter and circumstances of the issue."""

    source: Source
    reported_by: UUID | None
    filing: Filing


def arrival(by: Principal, told: Told, at: datetime) -> Arrival:
    """Who reports, from which source and under which circumstances. Raises SourceRefused and ProxyIncomplete."""
    source = told.source or _usual_source(by)
    if source in WHO_FILES and by.roles.isdisjoint(WHO_FILES[source]):
        zh, en = f"来源“{source.words.zh}”不由您登记", f"filing from “{source.words.en}” is not yours"
        raise SourceRefused(zh, en, fields={"source": (zh, en)})
    _check_consent(source, told, at)
    if source in OWN_WORDS and told.origin_id is None and not told.anonymous:
        return Arrival(source, *_own(by, source))
    reported_by = told.concerned or (by.person if by.roles & FOLLOWING else None)
    filed_by = None if source is Source.RESIDENT else by.person
    return Arrival(source, reported_by, Filing(filed_by, told.origin_id, told.anonymous, told.consent))


def _own(by: Principal, source: Source) -> tuple[UUID | None, Filing]:
    return (None, Filing(filed_by=by.person)) if source is Source.PARTNER else (by.person, DIRECT)


def _usual_source(by: Principal) -> Source:
    if Role.GRID_WORKER in by.roles:
        return Source.GRID_WORKER
    if by.roles & FOLLOWING:
        return Source.RESIDENT
    return Source.PARTNER if Role.PARTNER in by.roles else Source.PROXY


def _check_consent(source: Source, told: Told, at: datetime) -> None:
    wrong: dict[str, tuple[str, str]] = {}
    if source in OWN_WORDS and (told.concerned is not None or told.consent is not None):
        wrong["source"] = (
            "为他人提出时来源须为代提、会议或走访",
            "for somebody else the source is proxy, meeting or visit",
        )
    if source is Source.PROXY and told.consent is None:
        wrong["proxy.consent"] = ("须记录当事人以何种方式、何时同意", "record how and when the person concerned agreed")
    if source is Source.PROXY and told.concerned is None and not told.has_contact:
        wrong["proxy.person_id"] = ("须写明为谁提出（账号或联系方式）", "say for whom (an account or a contact)")
    if told.consent is not None and told.consent.at > at:
        wrong["proxy.consented_at"] = ("不能晚于现在", "must not lie in the future")
    if wrong:
        raise ProxyIncomplete(fields=wrong)
