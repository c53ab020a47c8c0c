"""The path of the demo: the persons concerned find it in their inboxes, a partner gets what it subscribed to, signed."""

from cloudevents.v1.http import from_http
from standardwebhooks import Webhook

from services.notify.tests.builders import a_membership, an_issue_assigned, an_issue_registered
from services.notify.tests.integration.running import Caller, Receiver, Town, until
from shared.contracts.gateway import OrganisationRegistered
from shared.ids import new_id
from shared.principal import Role
from shared.testing.client import Client


async def test_reporter_and_duty_officer_and_handler_find_it_in_their_inboxes(
    client: Client, town: Town, resident: Caller
) -> None:
    officer, handler = Caller(client, (Role.DUTY_OFFICER,)), Caller(client, (Role.HANDLER,))
    property_company, other_company = new_id(), new_id()
    stranger = Caller(client, (Role.HANDLER,))
    await town.says(
        OrganisationRegistered(organisation_id=property_company, kind="property", name="翡翠物业", name_en="Jade")
    )
    await town.says(a_membership(officer.person, Role.DUTY_OFFICER))
    await town.says(a_membership(handler.person, Role.HANDLER, property_company))
    await town.says(a_membership(stranger.person, Role.HANDLER, other_company))
    await until(stranger.inbox)

    issue = an_issue_registered(reported_by=resident.person)
    await town.says(issue)
    await until(resident.inbox)
    assigned = an_issue_assigned(issue.issue_id, property_company, resident.person)
    await town.says(assigned)

    async def told_twice() -> bool:
        return len(await resident.inbox()) == 2

    await until(told_twice)
    second, first = await resident.inbox()
    assert first["title_zh"] == "诉求 FCC-2026-000123 已登记"
    assert first["title_en"] == "Issue FCC-2026-000123 is on record"
    assert "翡翠物业" in second["body_zh"]
    assert "12月2日 10:00" in second["body_zh"]
    assert first["link"] == f"/api/v1/communities/feicuicheng/issues/{issue.issue_id}"
    assert next(item["title_zh"] for item in await officer.inbox()) == "新诉求 FCC-2026-000123 待受理"
    assert next(item["title_zh"] for item in await handler.inbox()) == "诉求 FCC-2026-000123 已派给贵单位"
    assert len(await stranger.inbox()) == 1, "only the role itself"


async def test_a_partner_gets_what_it_subscribed_to_signed_numbered_and_thin(
    town: Town, partner: Caller, receiver: Receiver
) -> None:
    made = await partner.subscribes(receiver.url, types=["issues.issue_registered.v1"], categories=["street_light"])
    assert made["secret"].startswith("whsec_")
    reporter = new_id()
    await town.says(an_issue_registered(category="parking", reported_by=reporter))
    light = an_issue_registered(reported_by=reporter)
    await town.says(light)
    await town.says(an_issue_assigned(light.issue_id, new_id(), reporter))
    again = an_issue_registered(reported_by=reporter)
    await town.says(again)

    await until(lambda: len(receiver.delivered) == 2)
    first, second = receiver.calls
    for call in (first, second):
        Webhook(made["secret"]).verify(call.body, call.headers)
        event = from_http(call.headers, call.body)
        assert event["type"] == "cn.mulin.issues.issue_registered.v1"
        assert event["id"] == call.headers["webhook-id"]
        assert event["community"] == "feicuicheng"
        assert str(reporter) not in call.body.decode()
    assert [first.sequence, second.sequence] == [1, 2]
    about = {
        call.document["subject"]: call.document for call in (first, second)
    }  # no order between two issues is promised
    assert set(about) == {str(light.issue_id), str(again.issue_id)}
    assert about[str(light.issue_id)]["data"] == {
        "issue_id": str(light.issue_id),
        "number": "FCC-2026-000123",
        "kind": "complaint",
        "category": "street_light",
        "severity": "general",
        "source": "resident",
        "building_id": str(light.building_id),
    }
