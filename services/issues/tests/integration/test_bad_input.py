"""Bad input on every field of every route: a 4xx problem that names the field, never a 5xx; other scripts are welcome."""

from dataclasses import replace

import pytest
from fastapi.routing import APIRoute

from services.issues.api import ROUTERS
from services.issues.tests.builders import PROPERTY, RESIDENT
from services.issues.tests.integration.town import Town, done
from shared.principal import Role
from shared.testing.bad_input import OTHER_SCRIPTS, bad_bodies_of, good_bodies_of, names_field
from shared.testing.principals import a_principal, headers_of

POSTS = sorted(
    route.path_format
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "POST" in (route.methods or ())
)

NOT_THERE = {
    "place.building_id",
    "participants[0].person_id",
    "category",
    "compound_id",
    "household_id",
    "person_id",
    "seat",
    "grids[0]",
    "rules.0.category",
    "holidays",
    "make_up_days",
    *(f"rules[0].{field}" for field in ("organisation", "category", "grid_id", "compound_id")),
    "denominator",
    "purpose",
    "contact.phone",
    "parent",
    "number",
    "rows[0].reported_at",
}
"""Fields of valid bodies that name something which this town does not have, or leave out what only some kinds need."""

NUMBERED = {"year": "2026", "version": "1"}
"""Parts of paths that are numbers."""


@pytest.mark.parametrize("template", POSTS)
async def test_bad_bodies_are_refused_by_name(town: Town, template: str) -> None:
    cases = [case for case in bad_bodies_of(town.app.openapi()) if case.template == template]
    if not cases:
        assert "requestBody" not in town.app.openapi()["paths"][template]["post"], "a body without bad input"
        return
    who = a_principal(*Role, community=town.community, organisation=PROPERTY)
    wrong = []
    for case in cases:
        headers = {"content-type": "application/json", **headers_of(who, service="issues")}
        answer = await town.client.request(
            case.method, case.path(community=town.community, **NUMBERED), content=case.content, headers=headers
        )
        if not (400 <= answer.status < 500 and answer.slug and names_field(answer.json(), case.field)):
            wrong.append((str(case), answer.status, answer.body.decode()[:200]))
    assert not wrong


@pytest.mark.parametrize("template", POSTS)
async def test_good_bodies_in_other_scripts_are_taken(town: Town, template: str) -> None:
    who = a_principal(*Role, community=town.community, organisation=PROPERTY)
    for case in [case for case in good_bodies_of(town.app.openapi()) if case.template == template]:
        headers = {"content-type": "application/json", **headers_of(who, service="issues")}
        answer = await town.client.request(
            case.method, case.path(community=town.community, **NUMBERED), content=case.content, headers=headers
        )
        assert answer.status in (200, 201, 202, 404, 422), (str(case), answer.body)
        # What the schema takes may still name an organisation that is not there, but never a badly written text.
        named = set(answer.fields) if answer.status == 422 else set()
        assert named <= NOT_THERE, (str(case), answer.body)


@pytest.mark.parametrize("script", OTHER_SCRIPTS)
async def test_texts_in_other_scripts_come_back_as_they_were(town: Town, script: str) -> None:
    text = OTHER_SCRIPTS[script]
    issue = await town.report(RESIDENT, text, place={"text": text})
    shown = done(await town.get(f"/issues/{issue['id']}", RESIDENT))
    assert (shown["text"], shown["place"]["text"]) == (text, text)


async def test_query_values_are_checked(town: Town) -> None:
    who = replace(RESIDENT, community=town.community)
    for name, value in (("state", "lost"), ("category", "路灯"), ("responsible_organisation", "x"), ("number", "%")):
        answer = await town.get("/issues", who, **{name: value})
        assert (answer.status, list(answer.fields)) == (422, [name])
    answer = await town.get("/issues", who, cursor="bm90LWEtY3Vyc29y")
    assert answer.slug == "cursor-refused"
