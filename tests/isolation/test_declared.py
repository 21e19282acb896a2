"""Every address says who may open it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import staff as make
from tests.isolation.addresses import addresses
from tongke.kernel.ids import uuid7
from tongke.kernel.permissions import all_permissions
from tongke.tmf.kit.registry import all_apis
from tongke.tmf.oauth.urls import ENDPOINTS
from tongke.web.session import view_facts

# What is open to strangers, by intent: the way in, for people and for machines, and the switch of language and
# appearance that stands on it.
# The descriptions of the Open APIs and of the codes that their errors name hold no data.
DESCRIPTIONS = {"developers/apis.json", "developers/errors"} | {f"{api.root}/openapi.json" for api in all_apis()}
PUBLIC = DESCRIPTIONS | {"sign-in", "sign-in/code", "sign-in/oidc", "sign-in/oidc/back", "sign-out", "preferences"} | set(ENDPOINTS) | {f"{e}/" for e in ENDPOINTS}


def test_only_the_way_in_is_public() -> None:
    public = {a.route for a in addresses() if view_facts(a.view)[0]}
    assert public <= PUBLIC


def test_every_other_address_declares_its_permission() -> None:
    silent, unknown = [], []
    known = set(all_permissions())
    for address in addresses():
        public, permission = view_facts(address.view)
        if public:
            continue
        wanted = (permission,) if isinstance(permission, str) else permission or ()
        if permission is None:
            silent.append(address.route)
        unknown.extend((address.route, code) for code in wanted if code and code not in known)
    assert silent == []
    assert unknown == []


@pytest.mark.django_db
def test_strangers_are_turned_away_everywhere() -> None:
    make.tree()
    values = {"uuid": [uuid7()], "int": [3301], "str": ["x"], "slug": ["x"], "path": ["x"]}
    client = Client(raise_request_exception=False)
    opened = []
    for address in addresses():
        if view_facts(address.view)[0]:
            continue
        for path in address.paths(values):
            for method in ("get", "post"):
                answer = getattr(client, method)(path)
                turned = answer.status_code == 401 if path.startswith(("/api/", "/tmf-api/", "/userrolepermission/")) else (
                    answer.status_code == 302 and answer["Location"].startswith("/sign-in"))
                if not turned:
                    opened.append((method, path, answer.status_code))
    assert opened == []
