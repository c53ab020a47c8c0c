"""Puts the gateway together: settings → databases → identity → front → app. The only wiring."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from starlette.requests import Request

from services.gateway.api import ROUTERS
from services.gateway.api.parts import Parts
from services.gateway.bootstrap import ensure_operator
from services.gateway.community_templates import load_templates
from services.gateway.front.address import networks
from services.gateway.front.front import Front
from services.gateway.front.limits import Buckets, Rate
from services.gateway.front.pool import Pool
from services.gateway.front.proxy import Proxy
from services.gateway.identity.callers import Callers
from services.gateway.identity.passwords import Argon2Passwords
from services.gateway.identity.vault import PhoneVault
from services.gateway.page_rendering import VERSION
from services.gateway.permissions import PERMISSIONS
from services.gateway.platform_documents import PlatformDocuments
from services.gateway.settings import GatewaySettings
from services.gateway.storage import PostgresGatewayUnitOfWork
from services.gateway.storage.identity import PostgresIdentity
from services.gateway.storage.throttle import PostgresLoginThrottle
from shared.clock import Clock, SystemClock
from shared.database.engine import Database, PoolSettings
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.errors import AppError, Unauthenticated
from shared.http.app import create_app
from shared.http.health import database_answers, migrations_are_current
from shared.messaging.messaging import Messaging
from shared.messaging.operations import OPERATION_PERMISSIONS
from shared.principal import Principal
from shared.security.sealing import seal_of
from shared.security.tokens import PrincipalSigner

SERVICE = "gateway"
TIDY_SECONDS = 600.0
BURST = 10
"""Requests at once after a rest, in seconds of the rate."""
PAGE_HEADERS = (
    (b"content-security-policy", b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


def build(settings: GatewaySettings, clock: Clock | None = None) -> FastAPI:
    """The gateway: the front around an app like that of every service, with relay in its lifespan."""
    clock = clock or SystemClock()
    database = Database(settings.database_url, application=SERVICE, pool=PoolSettings(size=settings.pool_size))
    identity_database = Database(
        settings.identity_database_url, application="gateway-identity", pool=PoolSettings(size=settings.pool_size)
    )
    unit_of_work = UnitOfWorkFactory(PostgresGatewayUnitOfWork, database, clock=clock)
    messaging = Messaging(settings, unit_of_work, clock=clock)
    identity = PostgresIdentity(identity_database)
    pools = {name: Pool(url, service=name) for name, url in settings.service_urls.items()}
    parts = Parts(
        database=database,
        identity=identity,
        passwords=Argon2Passwords(),
        throttle=PostgresLoginThrottle(
            identity_database,
            clock,
            per_account=settings.logins_per_minute_of_account,
            per_address=settings.logins_per_minute_of_address,
        ),
        vault=PhoneVault(seal_of(settings.data_key) if settings.data_key else None),
        callers=Callers(identity, PrincipalSigner(settings.principal_private_key), clock),
        templates=load_templates(),
        documents=PlatformDocuments(pools, VERSION),
        pools=pools,
        persons=Buckets(_rate(settings.requests_per_second_of_person)),
        clock=clock,
    )

    @asynccontextmanager
    async def own_parts() -> AsyncIterator[None]:
        """The first operator, tidying up, and at the end everything that `create_app` does not know of."""
        if settings.bootstrap_login and settings.bootstrap_password:
            await ensure_operator(
                settings.bootstrap_login,
                settings.bootstrap_password,
                identity=identity,
                passwords=parts.passwords,
                unit_of_work=unit_of_work,
            )
        tidying = asyncio.create_task(_tidy(parts.throttle), name="gateway tidies up")
        try:
            yield
        finally:
            tidying.cancel()
            with suppress(asyncio.CancelledError):
                await tidying
            for pool in pools.values():
                pool.close()
            parts.passwords.close()
            await identity_database.close()

    app = create_app(
        service=SERVICE,
        routers=[*ROUTERS, messaging.router],
        permissions={**PERMISSIONS, **OPERATION_PERMISSIONS},
        authenticate=_by_the_front,
        database=database,
        unit_of_work=unit_of_work,
        lifespan=[messaging, own_parts()],
        liveness=messaging.liveness,
        readiness={
            "database": database_answers(database),
            "identity": database_answers(identity_database),
            "migrations": migrations_are_current(database, SERVICE),
            **messaging.readiness,
        },
        version=VERSION,
        headers=PAGE_HEADERS,
    )
    # /openapi.json is the document of the whole platform here; FastAPI's route to ours comes first and goes.
    own_document = next(route for route in app.router.routes if getattr(route, "path", "") == "/openapi.json")
    app.router.routes.remove(own_document)
    parts.documents.own = app.openapi
    app.state.parts = parts
    app.state.messaging = messaging
    # The front goes around everything, Starlette's own layers included: what it passes on never enters them.
    app.middleware_stack = Front(
        app.build_middleware_stack(),
        callers=parts.callers,
        proxies={name: Proxy(pool) for name, pool in pools.items()},
        per_address=_rate(settings.requests_per_second_of_address),
        persons=parts.persons,
        trusted_proxies=networks(settings.trusted_proxies),
    )
    return app


async def _by_the_front(_request: Request) -> Principal:
    """The front puts the principal into the scope; a request without one has shown nothing."""
    raise Unauthenticated


def _rate(per_second: float) -> Rate:
    return Rate(per_second, per_second * BURST)


async def _tidy(throttle: PostgresLoginThrottle) -> None:
    while True:
        await asyncio.sleep(TIDY_SECONDS)
        with suppress(AppError):
            await throttle.forget_old()
