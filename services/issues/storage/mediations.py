"""The mediations of a community in PostgreSQL. What could tell a story is sealed, bound to the row in which it stands."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BindParameter, Table, bindparam, insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import IntegrityError

from services.issues.domain.errors.mediations import MediationAlreadyOpen, MediationNotFound, MediationUnreadable
from services.issues.domain.mediation import Mediation
from services.issues.domain.mediation_parts import Party, Session
from services.issues.domain.words.mediations import MediationOutcome, MediationState
from services.issues.storage.tables.mediations import (
    mediation_history,
    mediation_parties,
    mediation_sessions,
    mediations,
)
from shared.database.failures import violated_constraint
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version
from shared.principal import Principal
from shared.security.sealing import Seal, SealBroken

_COMMUNITY: BindParameter[str] = bindparam("of_community")
_ID: BindParameter[UUID] = bindparam("of_id")
ONE = select(mediations).where(mediations.c.community == _COMMUNITY, mediations.c.id == _ID).with_for_update()
PARTIES = (
    select(mediation_parties)
    .where(mediation_parties.c.community == _COMMUNITY, mediation_parties.c.mediation_id == _ID)
    .order_by(mediation_parties.c.position)
)
SESSIONS = (
    select(mediation_sessions)
    .where(mediation_sessions.c.community == _COMMUNITY, mediation_sessions.c.mediation_id == _ID)
    .order_by(mediation_sessions.c.starts_at, mediation_sessions.c.id)
)


def _keep(table: Table, *changing: str) -> Any:
    kept = pg_insert(table)
    return kept.on_conflict_do_update(
        index_elements=["community", "mediation_id", "id"], set_={name: kept.excluded[name] for name in changing}
    )


KEEP_PARTIES = _keep(mediation_parties, "signed_at", "signature_recorded_by")
KEEP_SESSIONS = _keep(mediation_sessions, "attended", "recorded_at", "sealed")
_TEXTS = ("agreement", "reason", "refer_to", "follow_up_note")


class PostgresMediationStore:
    """Satisfies `ports.MediationStore`."""

    def __init__(self, uow: UnitOfWork, seal: Seal) -> None:
        self._uow = uow
        self._seal = seal

    async def get(
        self, mediation_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None
    ) -> Mediation:
        """The mediation, locked; nothing is unsealed for a person who may not see it."""
        this = {"of_community": self._uow.community, "of_id": mediation_id}
        row = (await self._uow.execute(ONE, this)).mappings().first()
        if row is None:
            raise MediationNotFound
        parties = (await self._uow.execute(PARTIES, this)).mappings().all()
        mediation = Mediation(
            id=row["id"],
            issue_id=row["issue_id"],
            issue_number=row["issue_number"],
            mediator_id=row["mediator_id"],
            parties=[
                Party(
                    id=one["id"],
                    person_id=one["person_id"],
                    signed_at=one["signed_at"],
                    signature_recorded_by=one["signature_recorded_by"],
                )
                for one in parties
            ],
            opened_by=row["opened_by"],
            opened_at=row["opened_at"],
            state=MediationState(row["state"]),
            declared_at=row["declared_at"],
            outcome=MediationOutcome(row["outcome"]) if row["outcome"] else None,
            follow_up_at=row["follow_up_at"],
            followed_up_at=row["followed_up_at"],
            holds=row["holds"],
            closed_at=row["closed_at"],
            version=row["version"],
        )
        if seen_by is not None:
            mediation.check_visible_to(seen_by)
        check_version(mediation.version, expected_version)
        for name, text in self._opened(row["sealed"], mediation.id, "texts").items():
            setattr(mediation, name, text)
        for party, kept in zip(mediation.parties, parties, strict=True):
            said = self._opened(kept["sealed"], mediation.id, f"party|{party.id}")
            party.name, party.phone = said["name"], said["phone"]
        sessions = (await self._uow.execute(SESSIONS, this)).mappings().all()
        mediation.sessions = [
            Session(
                id=one["id"],
                starts_at=one["starts_at"],
                attended=tuple(UUID(party) for party in one["attended"]),
                recorded_at=one["recorded_at"],
                **self._opened(one["sealed"], mediation.id, f"session|{one['id']}"),
            )
            for one in sessions
        ]
        return mediation

    async def add(self, mediation: Mediation) -> None:
        """Keep a new mediation."""
        values = {
            "community": self._uow.community,
            "id": mediation.id,
            "issue_id": mediation.issue_id,
            "issue_number": mediation.issue_number,
            "opened_by": mediation.opened_by,
            "opened_at": mediation.opened_at,
            "version": mediation.version,
            **self._changing(mediation),
        }
        try:
            await self._uow.execute(insert(mediations), values)
        except IntegrityError as error:
            if violated_constraint(error) == "mediations_open_once":
                raise MediationAlreadyOpen from None
            raise
        await self._write_parts(mediation)

    async def save(self, mediation: Mediation) -> None:
        """Keep a changed mediation."""
        mediation.version = await save_versioned(
            self._uow,
            mediations,
            mediation.id,
            version=mediation.version,
            values=self._changing(mediation),
            missing=MediationNotFound,
        )
        await self._write_parts(mediation)

    async def note_look(self, mediation: Mediation) -> None:
        """Write the history alone."""
        rows = [
            {"verb": entry.verb.value, "done_by": entry.by, "at": entry.at, **self._row(mediation, entry.id)}
            for entry in mediation.happened
        ]
        if rows:
            await self._uow.execute(insert(mediation_history), rows)
        mediation.happened.clear()

    async def settled_since(self, issue_id: UUID) -> bool:
        """Whether the newest mediation of the issue ended with a settlement."""
        found = await self._uow.execute(
            select(mediations.c.outcome)
            .where(mediations.c.community == self._uow.community, mediations.c.issue_id == issue_id)
            .order_by(mediations.c.id.desc())
            .limit(1)
        )
        return bool(found.scalar_one_or_none() == MediationOutcome.SETTLED.value)

    async def _write_parts(self, mediation: Mediation) -> None:
        parties = [
            {
                "position": position,
                "person_id": party.person_id,
                "sealed": self._closed({"name": party.name, "phone": party.phone}, mediation.id, f"party|{party.id}"),
                "signed_at": party.signed_at,
                "signature_recorded_by": party.signature_recorded_by,
                **self._row(mediation, party.id),
            }
            for position, party in enumerate(mediation.parties, 1)
        ]
        await self._uow.execute(KEEP_PARTIES, parties)
        sessions = [
            {
                "starts_at": session.starts_at,
                "attended": [str(party) for party in session.attended],
                "recorded_at": session.recorded_at,
                "sealed": self._closed(
                    {"place": session.place, "notes": session.notes}, mediation.id, f"session|{session.id}"
                ),
                **self._row(mediation, session.id),
            }
            for session in mediation.sessions
        ]
        if sessions:
            await self._uow.execute(KEEP_SESSIONS, sessions)
        await self.note_look(mediation)

    def _row(self, mediation: Mediation, part: UUID) -> dict[str, Any]:
        return {"community": self._uow.community, "mediation_id": mediation.id, "id": part}

    def _changing(self, mediation: Mediation) -> dict[str, Any]:
        texts = {name: getattr(mediation, name) for name in _TEXTS}
        return {
            "mediator_id": mediation.mediator_id,
            "state": mediation.state.value,
            "declared_at": mediation.declared_at,
            "outcome": mediation.outcome.value if mediation.outcome else None,
            "follow_up_at": mediation.follow_up_at,
            "followed_up_at": mediation.followed_up_at,
            "holds": mediation.holds,
            "closed_at": mediation.closed_at,
            "sealed": self._closed(texts, mediation.id, "texts"),
        }

    def _closed(self, plain: dict[str, str | None], mediation_id: UUID, what: str) -> bytes:
        return self._seal.close(orjson.dumps(plain), place=self._place(mediation_id, what))

    def _opened(self, sealed: bytes, mediation_id: UUID, what: str) -> dict[str, Any]:
        try:
            opened: dict[str, Any] = orjson.loads(self._seal.open(bytes(sealed), place=self._place(mediation_id, what)))
        except SealBroken:
            raise MediationUnreadable from None
        return opened

    def _place(self, mediation_id: UUID, what: str) -> str:
        return f"mediation|{self._uow.community}|{mediation_id}|{what}"
