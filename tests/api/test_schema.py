"""The whole schema, asked with made-up data: no 5xx, and no answer that the schema does not name."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.authtoken.models import Token
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = {
    found.ok().label: found.ok()
    for found in schemathesis.openapi.from_wsgi("/api/v1/schema/", application).get_all_operations()
}
EXAMPLES = 8  # of each operation and way of asking; the tests stay under a minute


@pytest.fixture
def one_connection():
    """The requests run inside the test's transaction: its connection is not closed between them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_named_by_the_schema(label, mode, submitted, draft, clerk, citizen, privacy_notice):
    operation = OPERATIONS[label]
    token, _ = Token.objects.get_or_create(user=citizen if "/my/" in operation.path else clerk)
    known = {
        "number": submitted.number,
        "key": str(draft.key),
        "code": draft.item.code,
        "path": draft.point.path,
    }

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        for (
            name,
            value,
        ) in known.items():  # half of the questions reach a real object, or all would end in 404
            if name in (case.path_parameters or {}) and len(str(case.path_parameters[name])) % 2:
                case.path_parameters[name] = value
        case.call_and_validate(headers={"Authorization": f"Token {token.key}"}, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:  # an endpoint that takes nothing cannot be asked wrongly
        assert mode is GenerationMode.NEGATIVE
