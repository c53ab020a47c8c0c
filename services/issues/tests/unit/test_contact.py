"""Contacts: numbers in one form, masked on the server, looked at by those who may and never without a trace."""

import base64
from dataclasses import replace

import pytest

from services.issues.domain.contact import Contact, check_may_reveal, normal_phone
from services.issues.domain.errors.contacts import ContactIncomplete, ContactNotFound, RevealNotTheirs
from services.issues.domain.words.contacts import RevealField, RevealPurpose
from services.issues.domain.words.issues import State
from services.issues.storage.phone_index import phone_index, phone_indexes, tail_index, tail_indexes
from services.issues.tests.builders import CHAIR, GRID_WORKER, HANDLER, NOW, OFFICER, SECRETARY, an_issue
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.reveal_contact import RevealContact, reveal_contact
from shared.principal import Principal
from shared.security.sealing import seal_of

KEY, OLDER = (base64.b64encode(bytes([n] * 32)).decode() for n in (1, 2))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("138 0000 8000", "13800008000"),
        ("138-0000-8000", "13800008000"),
        ("+86 13800008000", "13800008000"),
        ("008613800008000", "13800008000"),
        ("１３８００００８０００", "13800008000"),
        ("(0535) 7288 123", "05357288123"),
        ("0535－7288123", "05357288123"),
        ("12345", "12345"),
        ("+85291234567", "+85291234567"),
    ],
)
def test_a_number_has_one_form(written: str, kept: str) -> None:
    assert normal_phone(written) == kept


@pytest.mark.parametrize("written", ["1234", "电话", "13800008000转3", "1" * 16, "+", "٠١٢٣٤٥٦٧"])
def test_what_is_no_number_is_refused_by_name(written: str) -> None:
    with pytest.raises(ContactIncomplete) as refused:
        normal_phone(written)
    assert list(refused.value.fields) == ["contact.phone"]


def test_a_contact_is_shown_masked() -> None:
    contact = Contact("张建国", "13800008000")
    assert (contact.masked_name, contact.masked_phone) == ("张*", "138****8000")
    assert Contact(phone="7288123").masked_phone == "****8123"
    assert Contact(phone="12345").masked_phone == "****45"
    assert (Contact("欧阳明").masked_name, Contact("欧阳明").masked_phone) == ("欧*", None)
    with pytest.raises(ContactIncomplete):
        Contact()


@pytest.mark.parametrize(
    ("who", "named", "anonymous"),
    [
        (OFFICER, True, True),
        (SECRETARY, True, False),
        (GRID_WORKER, True, False),
        (HANDLER, True, False),
        (CHAIR, False, False),
    ],
)
def test_who_may_look_at_a_contact(who: Principal, named: bool, anonymous: bool) -> None:
    issue = an_issue(State.IN_PROGRESS)
    for hidden, expected in ((False, named), (True, anonymous)):
        issue.filing = replace(issue.filing, anonymous=hidden)
        try:
            check_may_reveal(issue, RevealField.CONTACT, who)
            allowed = True
        except RevealNotTheirs:
            allowed = False
        assert allowed == expected


def test_only_the_duty_officer_learns_who_an_anonymous_reporter_is() -> None:
    issue = an_issue(State.IN_PROGRESS)
    check_may_reveal(issue, RevealField.REPORTER, OFFICER)
    for who in (SECRETARY, GRID_WORKER, HANDLER, CHAIR):
        with pytest.raises(RevealNotTheirs):
            check_may_reveal(issue, RevealField.REPORTER, who)


async def test_every_look_is_written_down_and_a_refused_one_is_none() -> None:
    uow = MemoryUnitOfWork()
    issue = an_issue()
    await uow.issues.add(issue)
    await uow.contacts.add(issue.id, Contact("张三"), by=OFFICER.person, at=NOW)
    look = RevealContact(issue.id, RevealField.CONTACT, RevealPurpose.CALL_BACK, OFFICER)
    shown = await reveal_contact(look, uow)
    assert shown.contact == Contact("张三")
    assert uow.contacts.reveals == [shown.reveal]
    with pytest.raises(RevealNotTheirs):
        await reveal_contact(replace(look, by=CHAIR), uow)
    uow.contacts.kept.clear()
    with pytest.raises(ContactNotFound):
        await reveal_contact(look, uow)
    assert len(uow.contacts.reveals) == 1


def test_a_number_is_found_again_by_its_end_also_after_the_key_changed() -> None:
    before, after = seal_of(f"a:{OLDER}"), seal_of(f"b:{KEY},a:{OLDER}")
    kept = tail_index(before, "town", "13800008000")
    assert kept in tail_indexes(after, "town", "8000")
    assert phone_index(before, "town", "13800008000") in phone_indexes(after, "town", "13800008000")
    assert kept not in tail_indexes(after, "elsewhere", "8000")
    assert kept not in tail_indexes(after, "town", "8001")
    assert kept != phone_index(before, "town", "8000")
