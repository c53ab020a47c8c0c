"""Puts the notify service together: settings → database → messaging → way out → app. The only wiring."""

import asyncio
import random

from fastapi import FastAPI

from services.notify.api import notifications, subscriptions
from services.notify.consumers import consumers
from services.notify.credentials import Vault
from services.notify.domain.retry import STANDARD_SCHEDULE, RetrySchedule
from services.notify.permissions import PERMISSIONS
from services.notify.sending.dispatcher import Dispatcher, units_of_work
from services.notify.sending.outlets import Outlets
from services.notify.sending.partner_access import PartnerAccess
from services.notify.sending.webhook import WebhookSender
from services.notify.settings import NotifySettings
from services.notify.storage.unit_of_work import NotifyUnitOfWorkFactory
from shared.clock import Clock, SystemClock
from shared.database.engine import Database, PoolSettings
from shared.http.app import create_app
from shared.http.health import database_answers, migrations_are_current
from shared.messaging.messaging import Messaging
from shared.messaging.operations import OPERATION_PERMISSIONS
from shared.messaging.partners import PartnerConsumers, PartnerDoor
from shared.security.authorisation import by_signed_header
from shared.security.sealing import seal_of
from shared.security.tokens import PrincipalVerifier

SERVICE = "notify"


def build(
    settings: NotifySettings,
    clock: Clock | None = None,
    schedule: RetrySchedule | None = None,
) -> FastAPI:
    """The app, with relay, consumers, dispatcher and partner sign-in in its lifespan."""
    clock = clock or SystemClock()
    vault = Vault(seal_of(settings.required_data_key()))
    database = Database(settings.database_url, application=SERVICE, pool=PoolSettings(size=settings.pool_size))
    dispatcher_wake, access_wake = asyncio.Event(), asyncio.Event()
    unit_of_work = NotifyUnitOfWorkFactory(
        database, clock=clock, dispatcher_wake=dispatcher_wake, access_wake=access_wake
    )
    messaging = Messaging(settings, unit_of_work, consumers, clock=clock)
    sender = WebhookSender(clock=clock, allowed_hosts=settings.webhook_allowed_hosts)
    relay_url = settings.relay_database_url or ""
    dispatcher = Dispatcher(
        relay_url=relay_url,
        database=database,
        unit_of_work=units_of_work(unit_of_work),
        sender=sender,
        vault=vault,
        schedule=schedule or RetrySchedule(STANDARD_SCHEDULE, random.random),
        clock=clock,
        wake=dispatcher_wake,
    )
    access = PartnerAccess(
        overview=messaging.database,
        database=database,
        consumers=PartnerConsumers(messaging.broker),
        clock=clock,
        wake=access_wake,
    )
    PartnerDoor(messaging.broker, settings.required_issuer_seed(), access.is_right)
    messaging.broker.on_connected.append(access_wake.set)
    outlets = Outlets(dispatcher, sender, access)
    app = create_app(
        service=SERVICE,
        routers=[notifications.router, subscriptions.router, messaging.router],
        permissions={**PERMISSIONS, **OPERATION_PERMISSIONS},
        authenticate=by_signed_header(PrincipalVerifier(settings.required_public_key(), SERVICE)),
        database=database,
        unit_of_work=unit_of_work,
        lifespan=[messaging, outlets],
        liveness={**messaging.liveness, **outlets.liveness},
        readiness={
            "database": database_answers(database),
            "migrations": migrations_are_current(database, SERVICE),
            **messaging.readiness,
        },
    )
    app.state.messaging = messaging
    app.state.vault = vault
    app.state.allowed_hosts = settings.webhook_allowed_hosts
    return app
