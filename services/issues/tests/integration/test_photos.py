"""Photos over HTTP: cleaned, kept once, read by whoever may read the issue; evidence stays, what nothing refers to goes."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from uuid_utils.compat import uuid7

from services.issues.api.uploading import LARGEST
from services.issues.storage.photo_files import StoredPhotoFiles
from services.issues.tests import pictures
from services.issues.tests.builders import BUILDING, CHAIR, HANDLER, NEIGHBOUR, OFFICER, OTHER_HANDLER, RESIDENT
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import Town, done, refused
from shared.ids import new_id
from shared.principal import Principal
from shared.testing.client import Answer

JPEG = "image/jpeg"


async def put(town: Town, path: str, who: Principal, content: bytes, content_type: str = JPEG, **params: str) -> Answer:
    """PUT raw bytes as this person."""
    headers = {**town.headers(who), "content-type": content_type}
    return await town.client.request("PUT", town.path(path), content=content, headers=headers, params=params)


async def everything_due(town: Town) -> None:
    """Let everything ring that is due."""
    while await town.ring():
        pass


def files(tmp_path: Path) -> set[str]:
    """Every file that lies in the store."""
    return {str(it.relative_to(tmp_path)) for it in tmp_path.rglob("*.jpg")}


async def test_a_photo_is_cleaned_kept_once_and_read_by_those_who_read_the_issue(town: Town, tmp_path: Path) -> None:
    issue = await town.report(RESIDENT)
    path = f"/issues/{issue['id']}/photos"
    photo = done(await put(town, f"{path}/1", RESIDENT, pictures.with_place()))
    again = done(await put(town, f"{path}/1", RESIDENT, pictures.with_place()))
    assert photo == again
    assert len(files(tmp_path)) == 2
    assert (photo["kind"], photo["width"], photo["height"]) == ("before", 100, 200)
    assert done(await town.get(path, OFFICER))["items"] == [photo]
    for address in (photo["url"], photo["thumbnail_url"]):
        shown = await town.client.get(address, headers=town.headers(OFFICER))
        assert (shown.status, shown.headers["content-type"]) == (200, JPEG)
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert "immutable" in shown.headers["cache-control"]
        assert shown.headers["content-disposition"] == f'inline; filename="{issue["number"]}-before-1.jpg"'
        assert b"Secret" not in shown.body
        with Image.open(io.BytesIO(shown.body)) as image:
            assert not image.getexif()
        refused(await town.client.get(address, headers=town.headers(NEIGHBOUR)), 404, "not-found")
    refused(await town.get(path, NEIGHBOUR), 404, "not-found")
    refused(await town.get(f"{path}/{new_id()}", RESIDENT), 404, "not-found")


async def test_photos_of_an_issue_are_evidence_and_stay(town: Town, tmp_path: Path) -> None:
    issue = await town.report(RESIDENT)
    path = f"/issues/{issue['id']}/photos"
    done(await put(town, f"{path}/1", RESIDENT, pictures.jpeg(60, 40)))
    refused(await put(town, f"{path}/1", RESIDENT, pictures.jpeg(61, 40)), 409, "photo-there")
    for position in range(2, 7):
        done(await put(town, f"{path}/{position}", RESIDENT, pictures.jpeg(60, 40 + position)))
    for wrong in ("0", "7", "x"):
        answer = await put(town, f"{path}/{wrong}", RESIDENT, pictures.jpeg(60, 40))
        assert (answer.status, list(answer.fields)) == (422, ["position"])
    assert len(done(await town.get(path, RESIDENT))["items"]) == 6
    town.clock.advance(timedelta(days=2))
    await everything_due(town)
    assert len(files(tmp_path)) == 12, "files on record stay, the refused one is gone"


async def test_the_result_is_shown_by_those_who_work_on_it_while_they_do(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    path = f"/issues/{issue['id']}/photos"
    after = f"{path}/1"
    refused(await put(town, after, OFFICER, pictures.jpeg(), kind="after"), 409, "photo-refused")
    done(await town.post(f"/issues/{issue['id']}/assign", OFFICER, FOUR))
    refused(await put(town, after, RESIDENT, pictures.jpeg(), kind="after"), 409, "photo-refused")
    refused(await put(town, after, OTHER_HANDLER, pictures.jpeg(), kind="after"), 404, "not-found")
    assert done(await put(town, after, HANDLER, pictures.jpeg(), kind="after"))["kind"] == "after"
    done(await put(town, f"{path}/1", RESIDENT, pictures.jpeg()))
    assert [it["kind"] for it in done(await town.get(path, RESIDENT))["items"]] == ["before", "after"]


@pytest.mark.parametrize(
    ("content", "kind", "status", "slug"),
    [
        (pictures.bomb(), "image/png", 422, "photo-too-large"),
        (pictures.huge(), "image/png", 422, "photo-too-large"),
        (pictures.SVG, "image/svg+xml", 415, "unsupported-media-type"),
        (pictures.SVG, JPEG, 422, "not-a-photo"),
        (pictures.jpeg()[:500], JPEG, 422, "not-a-photo"),
        (b"", JPEG, 422, "not-a-photo"),
        (b"{}", "application/json", 415, "unsupported-media-type"),
        (b"\xff\xd8" + b"\x00" * LARGEST, JPEG, 413, "body-too-large"),
    ],
)
async def test_what_is_no_photo_is_refused_and_leaves_nothing(
    *, town: Town, tmp_path: Path, content: bytes, kind: str, status: int, slug: str
) -> None:
    issue = await town.report(RESIDENT)
    refused(await put(town, f"/issues/{issue['id']}/photos/1", RESIDENT, content, kind), status, slug)
    assert files(tmp_path) == set()
    assert done(await town.get(f"/issues/{issue['id']}/photos", RESIDENT))["items"] == []


async def test_a_file_whose_record_was_never_written_is_deleted(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = await town.report(RESIDENT)

    async def broken(*_: Any) -> Any:
        raise RuntimeError("the machine stopped here")

    monkeypatch.setattr("services.issues.api.uploading.add_photo", broken)
    assert (await put(town, f"/issues/{issue['id']}/photos/1", RESIDENT, pictures.jpeg())).status == 500
    assert len(files(tmp_path)) == 2
    await everything_due(town)
    assert len(files(tmp_path)) == 2
    town.clock.advance(timedelta(days=1))
    await everything_due(town)
    assert files(tmp_path) == set()


async def test_a_store_that_does_not_answer_is_told_as_such(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    issue = await town.report(RESIDENT)
    monkeypatch.setattr(town.app.state.unit_of_work, "photo_files", StoredPhotoFiles("/dev/null/nowhere"))
    refused(
        await put(town, f"/issues/{issue['id']}/photos/1", RESIDENT, pictures.jpeg()), 503, "photo-files-unavailable"
    )


def made_now(town: Town) -> UUID:
    """An id as a phone makes it, by the clock of the town."""
    return uuid7(nanoseconds=round(town.clock.now().timestamp()) * 10**9)


def a_report(**more: Any) -> dict[str, Any]:
    return {"category": "street_light", "place": {"building_id": str(BUILDING)}, "text": "12号楼路灯不亮", **more}


async def keep(town: Town, draft: UUID, who: Principal, body: Any) -> Answer:
    """PUT a draft."""
    headers = {**town.headers(who), "content-type": "application/json"}
    return await town.client.request("PUT", town.path(f"/drafts/{draft}"), json=body, headers=headers)


async def test_a_draft_becomes_the_issue_of_its_id_with_its_photos_and_only_once(town: Town) -> None:
    draft = made_now(town)
    first = done(await keep(town, draft, RESIDENT, {"text": "路灯"}))
    assert first["content"] == {"text": "路灯"}
    done(await put(town, f"/drafts/{draft}/photos/1", RESIDENT, pictures.jpeg()))
    done(await keep(town, draft, RESIDENT, a_report(contact={"phone": "13800008000"})))
    assert [it["photos"][0]["position"] for it in done(await town.get("/drafts", RESIDENT))["items"]] == [1]
    issue = done(await town.post(f"/drafts/{draft}/submit", RESIDENT), 201)
    assert (issue["id"], issue["number"]) == (str(draft), "FCC-2026-000001")
    again = done(await town.post(f"/drafts/{draft}/submit", RESIDENT), 201)
    assert again == issue
    assert len(done(await town.get(f"/issues/{draft}/photos", OFFICER))["items"]) == 1
    assert done(await town.get(f"/issues/{draft}/contact", OFFICER))["phone"] == "138****8000"
    assert done(await town.get("/drafts", RESIDENT))["items"] == []
    refused(await keep(town, draft, RESIDENT, {"text": "x"}), 409, "draft-id-taken")
    refused(await town.post(f"/drafts/{draft}/submit", NEIGHBOUR), 404, "not-found")


async def test_an_incomplete_draft_says_what_is_missing(town: Town) -> None:
    draft = made_now(town)
    done(await keep(town, draft, RESIDENT, {"text": "路灯"}))
    answer = await town.post(f"/drafts/{draft}/submit", RESIDENT)
    assert (answer.status, answer.slug, set(answer.fields)) == (422, "draft-incomplete", {"category", "place"})
    assert (await keep(town, draft, RESIDENT, {"text": 5})).fields.keys() == {"text"}
    done(await keep(town, draft, RESIDENT, a_report()))
    done(await town.post(f"/drafts/{draft}/submit", RESIDENT), 201)


async def test_drafts_are_private_sealed_and_bounded(town: Town) -> None:
    draft = made_now(town)
    done(await keep(town, draft, RESIDENT, {"text": "只有我知道"}))
    for row in await town.rows("SELECT t::text AS row FROM issue_drafts AS t WHERE community = $1", town.community):
        assert "只有我知道" not in row["row"]
    refused(await town.get(f"/drafts/{draft}", NEIGHBOUR), 404, "not-found")
    refused(await keep(town, draft, NEIGHBOUR, {"text": "x"}), 409, "draft-id-taken")
    refused(await put(town, f"/drafts/{draft}/photos/1", NEIGHBOUR, pictures.jpeg()), 404, "not-found")
    refused(await town.post(f"/drafts/{draft}/submit", OFFICER), 404, "not-found")
    for _ in range(19):
        done(await keep(town, made_now(town), RESIDENT, {}))
    refused(await keep(town, made_now(town), RESIDENT, {}), 409, "too-many-drafts")
    done(await keep(town, draft, RESIDENT, {"text": "改一改"}))
    assert (await keep(town, UUID("7b0f9d3e-6c63-4d3b-9d0a-000000000001"), CHAIR, {})).slug == "draft-id-refused"


async def test_an_old_draft_goes_with_its_photos_and_a_replaced_photo_goes_at_once(town: Town, tmp_path: Path) -> None:
    draft = made_now(town)
    done(await keep(town, draft, RESIDENT, {"text": "路灯"}))
    first = done(await put(town, f"/drafts/{draft}/photos/1", RESIDENT, pictures.jpeg()))
    second = done(await put(town, f"/drafts/{draft}/photos/1", RESIDENT, pictures.png(), "image/png"))
    assert first["id"] != second["id"]
    await everything_due(town)
    assert len(files(tmp_path)) == 2
    town.clock.advance(timedelta(days=29))
    await everything_due(town)
    done(await town.get(f"/drafts/{draft}", RESIDENT))
    town.clock.advance(timedelta(days=1))
    await everything_due(town)
    refused(await town.get(f"/drafts/{draft}", RESIDENT), 404, "not-found")
    assert files(tmp_path) == set()


async def test_a_draft_can_be_thrown_away(town: Town, tmp_path: Path) -> None:
    draft = made_now(town)
    done(await keep(town, draft, RESIDENT, {}))
    done(await put(town, f"/drafts/{draft}/photos/2", RESIDENT, pictures.jpeg()))
    address, headers = town.path(f"/drafts/{draft}"), town.headers(RESIDENT)
    refused(await town.client.request("DELETE", address, headers=town.headers(NEIGHBOUR)), 404, "not-found")
    assert (await town.client.request("DELETE", address, headers=headers)).status == 204
    await everything_due(town)
    assert files(tmp_path) == set()
