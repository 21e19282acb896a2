"""Every operation of every API with made-up requests, fitting and unfitting, as each kind of caller: no fault of ours, no answer
that the description does not tell of. The examples are the same in every run.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.factories import clients, network, party
from tests.factories import staff as make
from tongke.kernel.permissions import all_permissions
from tongke.tmf.kit.declared import Api
from tongke.tmf.kit.openapi import collection_path, openapi_text
from tongke.tmf.kit.openapi_schemas import example_of
from tongke.tmf.kit.registry import all_apis

pytestmark = pytest.mark.django_db
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
HOST = "http://testserver"
# A longer hunt by hand: so many times the examples of an ordinary run.
MORE = int(os.environ.get("TONGKE_EXAMPLES", "1"))
# What meets a caller without rights besides: nothing to write in HTTP, and no such subscription of one's own.
SUBSCRIBER = {0, 404}
# What each caller may, and how many examples of each kind it tries at every operation.
ROOMS = ("party.", "account.", "inventory.", "contact_centre.", "catalogue.", "resource.", "ordering.", "integration.", "staff.")
CALLERS: dict[str, tuple[Any, dict[GenerationMode, int]]] = {
    "clear": (lambda code: code.startswith(ROOMS), {GenerationMode.POSITIVE: 3, GenerationMode.NEGATIVE: 3}),
    "masked": (lambda code: code.startswith(ROOMS) and ".see_" not in code, {GenerationMode.POSITIVE: 1}),
    # Events are read by those who may subscribe to them.
    "reader": (lambda code: code.startswith(ROOMS) and (code.endswith(("view", "integration.subscribe", "ordering.qualify")) or ".view_" in code), {GenerationMode.POSITIVE: 1}),
    "none": (lambda code: code == "ordering.price", {GenerationMode.POSITIVE: 1}),
}


def caller(name: str) -> str:
    """A token of a client that may what the caller of this name may."""
    make.tree()
    make.role(name, *(code for code in all_permissions() if CALLERS[name][0](code)))
    return clients.token(name, org_id=33 if name == "reader" else 3301, per_minute=100_000)


def records(api: Api) -> dict[str, list[str]]:
    """Make what can be made of an API's own examples, and return the ids of what is there by path."""
    client = clients.caller(caller("clear"), raise_request_exception=False)
    party.customer("王芳")
    party.customer("浙江蓝海贸易有限公司", kind="organization", segment="business", documents=())
    network.place("province", "浙江省")  # the group's to record: what lies in it is the caller's
    found: dict[str, list[str]] = {}
    for resource in api.resources:
        if resource.within:
            continue
        path = f"/{api.root}{collection_path(resource)}"
        if resource.create is not None:
            client.post(path, json.dumps(example_of(resource)), content_type="application/json")
        found[f"{collection_path(resource)}/{{id}}"] = [one["id"] for one in client.get(f"{path}?limit=3&fields=id").json()]
    return found


def answered(case: Any, client: Client, token: str, api: Api) -> Response | None:
    """Send a made-up request through Django and return the answer; nothing where HTTP has no way to write it."""
    words = case.as_transport_kwargs(base_url=f"{HOST}/{api.root}", headers={"Authorization": f"Bearer {token}"})
    try:
        asked = requests.Request(**{name: words[name] for name in ("method", "url", "headers", "params", "data", "json") if name in words}).prepare()
    except (requests.exceptions.InvalidHeader, UnicodeError):
        return None
    headers = {name: value if isinstance(value, str) else value.decode("latin-1") for name, value in asked.headers.items()}
    body = asked.body.encode() if isinstance(asked.body, str) else asked.body or b""
    kind = headers.pop("Content-Type", "")
    headers.pop("Content-Length", None)
    got = client.generic(str(asked.method), str(asked.url).removeprefix(HOST), body, content_type=kind or "application/octet-stream", headers=headers)
    return Response(status_code=got.status_code, headers={name: [value] for name, value in got.headers.items()}, content=got.content,
                    request=asked, elapsed=0.0, verify=False, encoding="utf-8")


def attempt(case: Any, *, client: Client, token: str, api: Api, ids: list[str], met: Counter[int]) -> None:
    """Send one made-up request and hold the answer against the description."""
    number = met.total()
    # Every other example goes to a document that is there.
    if ids and case.path_parameters and number % 2:
        case.path_parameters["id"] = ids[number % len(ids)]
    answer = answered(case, client, token, api)
    met[answer.status_code if answer else 0] += 1
    if answer is not None:
        case.validate_response(answer, checks=CHECKS)


def hunt(operation: Any, mode: GenerationMode, examples: int, attempt: Callable[[Any], None]) -> None:
    """Try an operation with made-up requests of one kind."""

    @settings(max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        attempt(case)

    run()


@pytest.mark.parametrize("name", CALLERS)
@pytest.mark.parametrize("api", all_apis(), ids=lambda api: f"{api.number}{api.version}")
def test_no_request_meets_a_fault_or_an_answer_that_is_not_described(api: Api, name: str) -> None:
    known = records(api)
    token = caller(name)
    client = Client(raise_request_exception=False)
    schema = schemathesis.openapi.from_dict(json.loads(openapi_text(api)))
    met: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode, examples in CALLERS[name][1].items():
            hunt(operation, mode, examples * MORE, partial(attempt, client=client, token=token, api=api, ids=known.get(operation.path, []), met=met))
    if name == "none":
        assert set(met) <= {400, 403, 405, 415} | SUBSCRIBER, met
    else:
        assert met[200] + met[206] > 0 and met[400] + met[404] + met[415] > 0, met  # noqa: PT018 - both kinds of answers were met
