"""What nobody thought of is asked too: after the description in OpenAPI, right and wrong values, and no answer is an error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from gongkai.web.portal.api.urls import described
from gongkai.web.wsgi import application
from tests.web.open_county import Open, fresh_process, opened_county

__all__ = ["fresh_process", "opened_county"]  # the fixtures

FEW = 12
ADDRESSES = sorted(described()["paths"])
# Any text may be the number of a document or of an item: nothing is wrong there.
ALL_RIGHT = ("/api/items/{slug}", "/api/registers/{kind}/{organ}/{number}")
RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
WAYS = [(address, RIGHT) for address in ADDRESSES] + [(address, WRONG) for address in ADDRESSES if address not in ALL_RIGHT]
# What holds for every answer, whatever was asked.
HELD = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The test's own connection stays open after an answer, as it does for the client of the tests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("address", "mode"), WAYS)
@pytest.mark.filterwarnings("ignore")  # what the other library warns of is not ours
def test_no_answer_is_an_error_of_ours(opened_county: Open, settings: Any, address: str, mode: GenerationMode) -> None:
    settings.API_PER_MINUTE = 0
    known = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    checks = [CHECKS.get_one(name) for name in HELD]
    answered: list[int] = []

    @given(case=known[address]["GET"].as_strategy(generation_mode=mode))
    @hypothesis_settings(max_examples=FEW, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    def ask(case: Any) -> None:
        case.headers["Accept-Encoding"] = "identity"
        # Each check raises with what it found wrong.
        answered.append(case.call_and_validate(checks=checks).status_code)

    ask()
    assert answered and max(answered) < 500
