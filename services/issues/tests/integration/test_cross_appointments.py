"""交叉任职: nobody confirms or grants what concerns a unit through which they hold any role, whatever else they are."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.issues.tests.builders import HANDLER, NOW, OFFICER, PROPERTY, RESIDENT, SUBDISTRICT, UNIT, VERIFIER
from services.issues.tests.integration.test_every_step import FOUR, REPLY, at_work, resolved
from services.issues.tests.integration.town import Town, done, refused
from shared.ids import new_id
from shared.principal import Grant, Principal, Role

LATER = (NOW + timedelta(days=60)).isoformat()
REASON = "您在办理单位任职或是办理人，须由无关人员核实审批"


def also(role: Role, *more: Grant) -> Principal:
    """Somebody with this role, and with others."""
    return Principal(new_id(), "feicuicheng", (Grant(role), *more))


async def refused_as_conflict(town: Town, way: str, verb: str, who: Principal, body: dict[str, Any]) -> None:
    """Refused with a reason, and the same reason stands in `allowed_actions` beforehand."""
    said = {it["verb"]: it for it in done(await town.get(way, who))["allowed_actions"]}[verb]
    assert (said["allowed"], said["reason"]["zh"]) == (False, REASON)
    answer = refused(await town.post(f"{way}/{verb}", who, body), 403, "conflict-of-interest")
    assert answer.json()["detail"] == REASON


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SUBDISTRICT_OFFICER, Role.OPERATOR}))
async def test_any_role_in_the_unit_makes_a_verifier_partial(town: Town, role: Role) -> None:
    way = await resolved(town)
    both = also(Role.VERIFIER, Grant(role, PROPERTY))
    await refused_as_conflict(town, way, "verify", both, {"note": "亮了"})
    await refused_as_conflict(town, way, "call-back", both, {"reached": True, "solved": True})
    elsewhere = also(Role.VERIFIER, Grant(role, UNIT))
    assert done(await town.post(f"{way}/verify", elsewhere, {"note": "亮了"}))["state"] == "closed"


async def test_who_resolved_it_on_the_spot_does_not_verify_it(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    way = f"/issues/{issue['id']}"
    both = Principal(OFFICER.person, "feicuicheng", (Grant(Role.DUTY_OFFICER), Grant(Role.VERIFIER)))
    done(await town.post(f"{way}/resolve", both, REPLY))
    await refused_as_conflict(town, way, "verify", both, {"note": "亮了"})
    done(await town.post(f"{way}/verify", VERIFIER, {"note": "亮了"}))


async def test_a_co_handler_is_partial_too(town: Town) -> None:
    way = await resolved(town)
    await town.rows("UPDATE issues SET co_handlers = ARRAY[$2::uuid] WHERE community = $1", town.community, UNIT)
    await refused_as_conflict(town, way, "verify", also(Role.VERIFIER, Grant(Role.PARTNER, UNIT)), {"note": "亮了"})


async def test_an_officer_with_a_role_in_the_unit_grants_it_no_time(town: Town) -> None:
    way = await at_work(town)
    done(await town.post(f"{way}/extend", HANDLER, {"reason": "等配件", "until": LATER}))
    both = also(Role.DUTY_OFFICER, Grant(Role.PARTY_MEMBER, PROPERTY))
    await refused_as_conflict(town, way, "approve", both, {})
    await refused_as_conflict(town, way, "refuse", both, {"reason": "不必"})
    done(await town.post(f"{way}/approve", OFFICER))


async def test_an_officer_of_the_subdistrict_with_a_role_in_the_unit_defers_nothing(town: Town) -> None:
    way = await at_work(town)
    done(await town.post(f"{way}/defer", HANDLER, {"reason": "等立项", "review_at": LATER}))
    await refused_as_conflict(town, way, "approve", also(Role.SUBDISTRICT_OFFICER, Grant(Role.PARTNER, PROPERTY)), {})
    done(await town.post(f"{way}/approve", SUBDISTRICT))


async def test_the_proposer_is_no_second_person_even_with_another_role(town: Town) -> None:
    issue = await town.report(RESIDENT)
    way = f"/issues/{issue['id']}"
    both = also(Role.DUTY_OFFICER, Grant(Role.SECRETARY), Grant(Role.COMMUNITY_ADMIN))
    body = {"reason_code": "outside_area", "refer_to": "隔壁社区", "reason": "不在辖区"}
    done(await town.post(f"{way}/dismiss", both, body))
    answer = refused(await town.post(f"{way}/approve", both), 403, "conflict-of-interest")
    assert answer.json()["detail"] == "须由提出人以外的人审批"


async def test_a_reporter_who_handles_it_does_not_say_that_it_is_solved(town: Town) -> None:
    both = replace(HANDLER, grants=(*HANDLER.grants, Grant(Role.RESIDENT)))
    issue = done(
        await town.post("/issues", both, {"category": "street_light", "place": {"text": "北门"}, "text": "不亮"}), 201
    )
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/accept", OFFICER, {"tier": "general"}))
    done(await town.post(f"{way}/assign", OFFICER, FOUR))
    done(await town.post(f"{way}/sign", HANDLER))
    done(await town.post(f"{way}/resolve", HANDLER, REPLY))
    answer = await town.post(f"{way}/rate", both, {"solved": True, "satisfaction": 5})
    assert refused(answer, 403, "conflict-of-interest").json()["detail"] == "您是办理人，不能评价自己的办理结果"
