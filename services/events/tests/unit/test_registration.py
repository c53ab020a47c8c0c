"""Rules of a registration and of an arrival."""

import pytest

from services.events.domain.check_in import CheckIn
from services.events.domain.errors import (
    AlreadyAnnulled,
    MoreThanRegistered,
    NonceReused,
    NotConfirmed,
    RegistrationTransitionRefused,
)
from services.events.domain.registration import STATE_LABELS, RegistrationState
from services.events.tests.builders import NOW, a_registration
from shared.ids import new_id


def a_check_in() -> CheckIn:
    return CheckIn(new_id(), new_id(), new_id(), "nonce-0001", 2, NOW, NOW, new_id())


def test_every_state_has_a_label_in_both_languages() -> None:
    assert set(STATE_LABELS) == set(RegistrationState)


@pytest.mark.parametrize("state", [RegistrationState.WAITLISTED, RegistrationState.CANCELLED])
def test_only_a_confirmed_household_arrives(state: RegistrationState) -> None:
    with pytest.raises(NotConfirmed):
        a_registration(state=state).arrive(1)


def test_a_household_may_arrive_in_parts_but_never_with_more_than_registered() -> None:
    registration = a_registration(persons=3)
    registration.arrive(1)
    registration.arrive(2)
    with pytest.raises(MoreThanRegistered):
        registration.arrive(1)
    registration.take_back_arrival(2)
    registration.arrive(2)
    assert registration.present_persons == 3


def test_a_household_that_arrived_cannot_leave() -> None:
    registration = a_registration()
    registration.arrive(1)
    with pytest.raises(RegistrationTransitionRefused):
        registration.leave(NOW)


def test_leaving_twice_is_refused() -> None:
    registration = a_registration(state=RegistrationState.WAITLISTED)
    registration.leave(NOW)
    with pytest.raises(RegistrationTransitionRefused):
        registration.leave(NOW)


def test_only_who_waits_comes_in_from_the_waitlist() -> None:
    with pytest.raises(RegistrationTransitionRefused):
        a_registration().promote(NOW)


def test_a_nonce_stands_for_one_arrival() -> None:
    arrival = a_check_in()
    arrival.check_same(registration_id=arrival.registration_id, persons=2)
    with pytest.raises(NonceReused):
        arrival.check_same(registration_id=arrival.registration_id, persons=1)
    with pytest.raises(NonceReused):
        arrival.check_same(registration_id=new_id(), persons=2)


def test_an_arrival_is_annulled_once() -> None:
    arrival = a_check_in()
    arrival.annul(reason="扫错了", by=new_id(), at=NOW)
    with pytest.raises(AlreadyAnnulled):
        arrival.annul(reason="又一次", by=new_id(), at=NOW)
