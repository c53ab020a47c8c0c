"""What callers send to put a matter on record."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.issues.domain.filing import ProxyConsent, Told
from services.issues.domain.words.filing import ConsentWay
from services.issues.domain.words.issues import IssueKind, Source
from services.issues.domain.words.publicity import Consent
from services.issues.schemas.contacts import ContactBody
from services.issues.schemas.issue_bodies import CategoryCode, PlaceBody
from services.issues.use_cases.put_issue_on_record import ReportIssue
from shared.http.bodies import LongText, Moment, ShortText, StrictBody
from shared.principal import Principal

NamedSource = Literal[Source.RESIDENT, Source.GRID_WORKER, Source.PROXY, Source.MEETING, Source.VISIT]
"""What a caller may name. Partners, patrols and imports are known by where they come in."""


class ProxyBody(StrictBody):
    """为谁提出，当事人以何种方式、何时同意。For whom, and how and when the person concerned agreed."""

    person_id: UUID | None = Field(
        None, description="当事人的账号，由本人跟进和评价。Their account, if they have one: they follow and rate"
    )
    consent: ConsentWay | None = None
    consented_at: Moment | None = Field(None, description="缺省为现在。Now when left out")


class ReportIssueBody(StrictBody):
    """诉求。A matter of a resident, told by themselves or by somebody else."""

    category: CategoryCode = Field(examples=["street_light"])
    place: PlaceBody
    text: LongText = Field(examples=["12号楼北侧路灯不亮"])
    title: ShortText | None = None
    kind: IssueKind | None = Field(None, description="缺省按分类。By category when left out")
    consent: Consent = Field(Consent.PRIVATE, description="默认不公开。Private unless the reporter says otherwise")
    source: NamedSource | None = Field(None, description="缺省按角色。By the caller's role when left out")
    origin_id: UUID | None = Field(None, description="会议或走访的编号。The meeting or visit it came from")
    anonymous: bool = Field(
        False, description="经办人和合作单位看不到诉求人。Handlers and partners do not see who reported"
    )
    confidential: bool = Field(
        False, description="困难帮扶，仅需知者可读。Help in hardship: read by those who need to know"
    )
    proxy: ProxyBody | None = None
    contact: ContactBody | None = None

    def command(self, by: Principal, now: datetime) -> ReportIssue:
        """The command of this person."""
        return ReportIssue(
            category=self.category,
            place=self.place.place(),
            text=self.text,
            by=by,
            title=self.title,
            kind=self.kind,
            confidential=self.confidential,
            consent=self.consent,
            told=self._told(now),
            contact=self.contact.contact() if self.contact else None,
        )

    def _told(self, now: datetime) -> Told:
        proxy = self.proxy or ProxyBody()
        consent = ProxyConsent(proxy.consent, proxy.consented_at or now) if proxy.consent else None
        return Told(
            source=self.source,
            origin_id=self.origin_id,
            anonymous=self.anonymous,
            concerned=proxy.person_id,
            consent=consent,
        )
