"""Puts the issues service together: settings → database → messaging → app. The only wiring."""

from fastapi import FastAPI

from services.issues.api import ROUTERS
from services.issues.consumers import consumers
from services.issues.indexing import Indexing
from services.issues.job_runner import JobRunner
from services.issues.permissions import PERMISSIONS
from services.issues.pictures.cleaning import Cleaning
from services.issues.place_codes import PLACE_CODES, SignedPlaceCodes
from services.issues.projector import Projector
from services.issues.settings import IssuesSettings
from services.issues.storage.photo_files import S3Access, StoredPhotoFiles
from services.issues.storage.unit_of_work import IssuesUnitOfWorkFactory
from services.issues.storage.waiting_for_index import WaitingForIndex
from services.issues.timers import timers
from shared.clock import Clock, SystemClock
from shared.database.engine import Database, PoolSettings
from shared.http.app import create_app
from shared.http.health import database_answers, migrations_are_current
from shared.messaging.messaging import Messaging
from shared.messaging.operations import OPERATION_PERMISSIONS
from shared.security.authorisation import by_signed_header
from shared.security.sealing import seal_of
from shared.security.tokens import PrincipalVerifier
from shared.timers.sweeper import Sweeper

SERVICE = "issues"


def build(settings: IssuesSettings, clock: Clock | None = None) -> FastAPI:
    """The app, with relay, consumers, timers, indexing and counting in its lifespan."""
    clock = clock or SystemClock()
    database = Database(settings.database_url, application=SERVICE, pool=PoolSettings(size=settings.pool_size))
    seal = seal_of(settings.data_key)
    unit_of_work = IssuesUnitOfWorkFactory(
        database,
        clock=clock,
        seal=seal,
        photo_files=StoredPhotoFiles(
            settings.photos,
            S3Access(
                settings.photos_endpoint,
                settings.photos_region,
                settings.photos_access_key,
                settings.photos_secret_key,
            ),
        ),
        place_codes=SignedPlaceCodes(seal.derived(PLACE_CODES)),
    )
    messaging = Messaging(settings, unit_of_work, consumers, clock=clock)
    sweeper = Sweeper(timers, unit_of_work, messaging.database, clock=clock)
    indexing = Indexing(WaitingForIndex(messaging.database), unit_of_work)
    projector = Projector(unit_of_work, messaging.database, clock=clock)
    jobs = JobRunner(unit_of_work, database, messaging.database, clock=clock)
    app = create_app(
        service=SERVICE,
        routers=[*ROUTERS, messaging.router],
        permissions={**PERMISSIONS, **OPERATION_PERMISSIONS},
        authenticate=by_signed_header(PrincipalVerifier(settings.required_public_key(), SERVICE)),
        database=database,
        unit_of_work=unit_of_work,
        lifespan=[messaging, sweeper, indexing.running(), projector, jobs],
        liveness=messaging.liveness,
        readiness={
            "database": database_answers(database),
            "migrations": migrations_are_current(database, SERVICE),
            **messaging.readiness,
        },
    )
    app.state.messaging = messaging
    app.state.cleaning = Cleaning()
    app.state.timers = sweeper
    app.state.indexing = indexing
    app.state.projector = projector
    app.state.jobs = jobs
    return app
