"""Puts the volunteers service together: settings → database → messaging → app. The only wiring."""

from fastapi import FastAPI

from services.volunteers.api import ROUTERS
from services.volunteers.consumers import consumers
from services.volunteers.permissions import PERMISSIONS
from services.volunteers.settings import VolunteersSettings
from services.volunteers.storage.sweeps import Sweeps
from services.volunteers.storage.unit_of_work import VolunteersUnitOfWorkFactory
from services.volunteers.sweep import Sweep
from shared.clock import Clock, SystemClock
from shared.database.engine import Database, PoolSettings
from shared.http.app import create_app
from shared.http.health import database_answers, migrations_are_current
from shared.messaging.messaging import Messaging
from shared.messaging.operations import OPERATION_PERMISSIONS
from shared.security.authorisation import by_signed_header
from shared.security.sealing import seal_of
from shared.security.tokens import PrincipalVerifier

SERVICE = "volunteers"


def build(settings: VolunteersSettings, clock: Clock | None = None) -> FastAPI:
    """The app, with relay, consumers and the sweep in its lifespan."""
    clock = clock or SystemClock()
    database = Database(settings.database_url, application=SERVICE, pool=PoolSettings(size=settings.pool_size))
    unit_of_work = VolunteersUnitOfWorkFactory(database, seal=seal_of(settings.data_key), clock=clock)
    messaging = Messaging(settings, unit_of_work, consumers, clock=clock)
    sweep = Sweep(Sweeps(database), unit_of_work)
    app = create_app(
        service=SERVICE,
        routers=[*ROUTERS, messaging.router],
        permissions={**PERMISSIONS, **OPERATION_PERMISSIONS},
        authenticate=by_signed_header(PrincipalVerifier(settings.required_public_key(), SERVICE)),
        database=database,
        unit_of_work=unit_of_work,
        lifespan=[messaging, sweep.running()],
        liveness=messaging.liveness,
        readiness={
            "database": database_answers(database),
            "migrations": migrations_are_current(database, SERVICE),
            **messaging.readiness,
        },
    )
    app.state.messaging = messaging
    app.state.sweep = sweep
    return app
