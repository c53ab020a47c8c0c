"""Request and response models of partner subscriptions."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.notify.domain.subscription import STATE_LABELS, Channel, Filters, State, Subscription
from services.notify.rulebook import PARTNERS
from shared.http.bodies import ONE_LINE, ShortText, StrictBody
from shared.messaging.partners import partner_user
from shared.messaging.topology import PARTNER_STREAM, partner_consumer

Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$", examples=["street_light"])]
MessageType = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        pattern=r"^[a-z]+\.[a-z_]+\.v[0-9]+$",
        examples=["issues.issue_registered.v1"],
        description=f"可选 Choose from: {', '.join(sorted(PARTNERS.offered))}",
    ),
]


class FiltersBody(StrictBody):
    """要收哪些消息；空表示全部。What to receive; empty means everything."""

    types: list[MessageType] = Field(default_factory=list, max_length=50)
    categories: list[Code] = Field(
        default_factory=list, max_length=50, description="诉求分类代码。Categories of issues"
    )
    severities: list[Code] = Field(
        default_factory=list, max_length=10, description="诉求严重程度。Severities of issues"
    )

    def filters(self) -> Filters:
        """Without repetitions, in a fixed order."""
        return Filters(
            tuple(sorted(set(self.types))), tuple(sorted(set(self.categories))), tuple(sorted(set(self.severities)))
        )


class CreateSubscriptionBody(StrictBody):
    """新建订阅。A new subscription."""

    name: ShortText
    channel: Literal["webhook", "nats"]
    url: Annotated[str, Field(min_length=1, max_length=500, pattern=ONE_LINE)] | None = Field(
        default=None,
        description="channel 为 webhook 时必填：https，公网域名，443 或 8443 端口。Required for web hooks",
        examples=["https://hooks.example.com/mulin"],
    )
    filters: FiltersBody = Field(default_factory=FiltersBody)
    organisation: Annotated[UUID, Field(strict=False)] | None = Field(
        default=None,
        description="代表哪个单位；只属于一个单位时可省略。On whose behalf; may be left out if there is only one",
    )


class FiltersView(BaseModel):
    """要收哪些消息。What is received."""

    types: list[str]
    categories: list[str]
    severities: list[str]


class NatsAccessView(BaseModel):
    """如何用自己的 NATS 凭证拉取。How to pull with one's own NATS credentials."""

    user: str
    stream: str
    consumer: str
    inbox_prefix: str

    @classmethod
    def of(cls, subscription: UUID) -> Self:
        """The names that belong to a subscription."""
        user = partner_user(subscription)
        return cls(
            user=user,
            stream=PARTNER_STREAM,
            consumer=partner_consumer(str(subscription)).durable,
            inbox_prefix=f"_INBOX_{user}",
        )


class SubscriptionView(BaseModel):
    """一个订阅。A subscription."""

    id: UUID
    organisation: UUID
    name: str
    channel: Channel
    url: str | None
    filters: FiltersView
    state: State
    state_label_zh: str
    state_label_en: str
    disabled_because: str | None
    old_secret_valid_until: datetime | None
    nats: NatsAccessView | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, subscription: Subscription) -> Self:
        """From the aggregate; secrets are never part of it."""
        return cls(**_fields(subscription, subscription.filters))


class NewSubscriptionView(SubscriptionView):
    """订阅及其密钥；密钥只显示这一次。A subscription with its secret, which is shown this once and never again."""

    secret: str | None = Field(
        default=None,
        description="webhook: whsec_…；nats: 密码。重放的回答中没有它，请改用 rotate-secret。"
        "Missing in a replayed answer: rotate the secret then",
    )


class SubscriptionProgressView(SubscriptionView):
    """订阅及其投递进度。A subscription and how far it is."""

    last_sequence: int = Field(description="已编到的序号。Number of the latest message")
    pending: int = Field(description="尚未送达的条数。Messages not delivered yet")
    next_try_at: datetime | None

    @classmethod
    def of_row(cls, row: Any) -> Self:
        """From a row of the query."""
        filters = Filters(tuple(row.types), tuple(row.categories), tuple(row.severities))
        progress = {"last_sequence": row.last_sequence, "pending": row.pending, "next_try_at": row.next_try_at}
        return cls(**_fields(row, filters), **progress)


class DeliveryView(BaseModel):
    """一次投递。One message of a subscription."""

    id: UUID = Field(description="webhook-id，也是 CloudEvents 的 id。Also the webhook-id and the CloudEvents id")
    sequence: int
    message_type: str
    state: str
    tries: int
    created_at: datetime
    delivered_at: datetime | None
    last_status: int | None
    last_error: str | None

    @classmethod
    def of(cls, delivery: Any) -> Self:
        """From a delivery or a row of it."""
        return cls(**{name: getattr(delivery, name) for name in cls.model_fields if name != "attempts"})


class AttemptView(BaseModel):
    """一次尝试。One try."""

    number: int
    at: datetime
    took_ms: int
    status: int | None
    error: str | None

    @classmethod
    def of(cls, attempt: Any) -> Self:
        """From a row."""
        return cls(**{name: getattr(attempt, name) for name in cls.model_fields})


class DeliveryLogView(DeliveryView):
    """一次投递及其每次尝试。One message and every try of it."""

    attempts: list[AttemptView] = Field(default_factory=list)


def _fields(subscription: Any, filters: Filters) -> dict[str, Any]:
    state, channel = State(subscription.state), Channel(subscription.channel)
    because = subscription.disabled_because
    return {
        "id": subscription.id,
        "organisation": subscription.organisation,
        "name": subscription.name,
        "channel": channel,
        "url": subscription.url,
        "filters": FiltersView(
            types=list(filters.types), categories=list(filters.categories), severities=list(filters.severities)
        ),
        "state": state,
        "state_label_zh": STATE_LABELS[state][0],
        "state_label_en": STATE_LABELS[state][1],
        "disabled_because": str(because) if because else None,
        "old_secret_valid_until": subscription.previous_valid_until,
        "nats": NatsAccessView.of(subscription.id) if channel is Channel.NATS else None,
        "created_at": subscription.created_at,
        "updated_at": subscription.updated_at,
        "version": subscription.version,
    }
