"""Creating a customer by POST through TMF629: against pgbench inserting the very rows that one POST leaves.

Audit and running counts are written by the tables' own triggers, so the reference pays for them too; it has no token,
rules, scope, validation, document or HTTP.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import overload

from bench.customer_create import Pgbench
from bench.figures import Figure, Timing, median_rate
from bench.ground import Ground
from bench.load import Call, HttpCall, request, sides
from bench.machine_clients import tokens
from bench.servers import server

NAME = "tmf-post"
REACH = 0.25
ROUNDS, SECONDS, WARM = 5, 2.0, 6.0
PATH = "/tmf-api/customerManagement/v4/customer"


class Fresh(Sequence[bytes]):
    """As many requests as are asked for, each of another customer."""

    def __init__(self, token: str) -> None:
        self.token, self.draw = token, random.Random()

    def __len__(self) -> int:
        return 1

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | Sequence[bytes]:
        """Return a request never sent before."""
        draw = self.draw
        name = draw.choice("王李张刘陈杨黄赵吴周") + "".join(draw.choice("伟芳娜敏静丽强磊军洋勇艳杰娟涛明") for _ in range(2))
        street = f"浙江省杭州市西湖区文三路{draw.randint(1, 900)}号万塘公寓{draw.randint(1, 40)}幢{draw.randint(101, 2802)}室"
        body = {
            "name": name, "engagedParty": {"id": f"X{draw.getrandbits(60)}", "name": name, "@referredType": "Individual"},
            "contactMedium": [
                {"mediumType": "mobile", "preferred": True, "characteristic": {"phoneNumber": f"138{draw.randint(0, 99_999_999):08d}"}},
                {"mediumType": "postal_home", "characteristic": {"street1": street}},
            ],
        }
        return request("POST", PATH, f"Authorization: Bearer {self.token}", body=json.dumps(body, ensure_ascii=False).encode())


class Inserts(Pgbench):
    """The reference: the rows that one POST leaves."""

    tables = ("party_customer", "party_party", "party_contact_medium", "party_postal_address", "party_consent", "party_source_key", "tmf_extension", "kernel_outbox")
    places = {"party_source_key": "subject_id IN ({party}, {customer})", "tmf_extension": "record_id = {customer}"}
    port = 0
    token = ""

    def _sample(self) -> None:
        HttpCall(self.port, Fresh(self.token), 0)()


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure for every number of clients, the two sides in turn."""
    out: list[Figure] = []
    token = tokens(ground)["network"]
    with server(ground) as port, tempfile.TemporaryDirectory() as folder:
        Inserts.port, Inserts.token = port, token

        def make(_number: int) -> Call:
            return HttpCall(port, Fresh(token), 0)

        for count in clients:
            reference = Inserts(ground, Path(folder), count)
            ours: list[Timing] = []
            theirs: list[Timing] = []
            with sides(make, clients=count) as (side,):
                side.round(WARM)
                for _round in range(ROUNDS):
                    ours.append(side.round(SECONDS))
                    theirs.append(reference.round(SECONDS))
            a, b = median_rate(ours), median_rate(theirs)
            out.append(Figure(name=NAME, size=ground.size, clients=count, figure=round(a, 1), unit="1/s", reference=round(b, 1),
                              ratio=round(a / b, 3), reach=REACH))
    return out


