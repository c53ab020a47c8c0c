"""Schemathesis over the gateway's OpenAPI document: no 5xx, and no answer that the document does not describe."""

import asyncio
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.demo.client import Gateway
from tests.e2e.running import Platform
from tests.e2e.test_tenants import OWN, somebody_with_every_role

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDS_THE_SESSION = {"/api/v1/sessions/{session_id}", "/api/v1/me/password"}
"""With these a run would log itself out; gateway's own tests cover them."""

EXAMPLES = 12
"""For each operation; half of them break the rules on purpose."""


@pytest.fixture(scope="session")
def token(platform: Platform) -> str:
    """Somebody who may call everything in one community."""

    async def get() -> str:
        async with Gateway(platform.address) as gateway:
            person = await somebody_with_every_role(platform, gateway)
            return person.headers["Authorization"]

    return asyncio.run(get())


@pytest.fixture(scope="session")
def document(platform: Platform, token: str) -> Any:
    """The whole platform's document, as programs load it."""
    found = requests.get(f"{platform.address}/openapi.json", timeout=30).json()
    for path in ENDS_THE_SESSION:
        found["paths"].pop(path)
    schema = schemathesis.openapi.from_dict(found)
    schema.config.update(base_url=platform.address, headers={"Authorization": token})
    return schema


def test_the_document_and_the_platform_agree(document: Any) -> None:
    failures: list[str] = []
    operations = [operation.ok() for operation in document.get_all_operations()]
    assert len(operations) > 100
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def agree(case: Any) -> None:
            if "community" in case.path_parameters:
                case.path_parameters["community"] = OWN
            case.call_and_validate(checks=CHECKS)

        try:
            agree()
        except (Exception, BaseExceptionGroup) as failure:
            failures.append(
                "\n".join([operation.label, *(str(one) for one in getattr(failure, "exceptions", [failure]))])
            )
    assert not failures, "\n\n".join(failures)
