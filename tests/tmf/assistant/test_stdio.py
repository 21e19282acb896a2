"""The same tools on standard input and output, as a program starts them."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.factories import party
from tests.factories import staff as make
from tests.tmf.assistant.conftest import environment, key, logged, over_stdio, said
from tongke.areas.staff import queries, services
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def test_tools_on_standard_input_and_output() -> None:
    staff = make.person("limin")
    customer_id = party.customer("王芳", by=party.clerk("builder")).customer_id
    token = key(staff)

    async def talk(client: Any) -> Any:
        tools = await client.list_tools()
        me = await client.call_tool("who_am_i", {})
        found = await client.call_tool("find_customer", {"words": "王芳"})
        services_ended = await client.call_tool("list_bills", {"customer_id": "nothing"})
        return tools, me, found, services_ended

    tools, me, found, wrong = over_stdio(token, talk)
    assert {"find_customer", "customer_360"} <= {tool.name for tool in tools.tools}
    assert said(me)["user_name"] == "limin"
    assert [row["id"] for row in said(found)["customers"]] == [str(customer_id)]
    assert "王芳" not in str(said(found))
    assert wrong.structured_content["error"]["code"] == "GEN-01"
    assert logged("SELECT DISTINCT transport, actor FROM staff_assistant_call") == [("stdio", "limin via assistant")]


def test_a_key_taken_back_ends_a_running_program() -> None:
    staff = make.person("limin")
    token = key(staff)

    def revoke() -> None:
        by = make.actor(staff)
        with acting(by):
            (mine,) = queries.own_tokens(by=by, at=clock.now())
        services.revoke_assistant_key(token_id=mine.id, by=by, at=clock.now())

    async def talk(client: Any) -> Any:
        import asyncio  # noqa: PLC0415 - in the loop's own thread

        first = await client.call_tool("who_am_i", {})
        await asyncio.to_thread(revoke)
        return first, await client.call_tool("who_am_i", {})

    first, second = over_stdio(token, talk)
    assert said(first)
    assert second.is_error
    assert second.structured_content["error"]["code"] == "SEC-40"


@pytest.mark.parametrize(("token", "code"), [("", "OPS-40"), ("tkp_nobody-has-this-one", "SEC-40")])
def test_without_a_living_key_the_command_says_so(token: str, code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tongke.cli.main", "mcp"], env=environment(TONGKE_TOKEN=token), input="", capture_output=True, text=True,
        timeout=600, check=False,
    )
    assert done.returncode == 1
    assert code in done.stderr
    assert done.stdout == ""
