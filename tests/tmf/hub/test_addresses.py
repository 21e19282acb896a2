"""HUB-01, HUB-02, HUB-04: the form of a callback, and which addresses it may lead to."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from tongke.tmf.hub.addresses import CALLBACK_LENGTH_MAX, allow_list, read_callback, read_target
from tongke.tmf.hub.errors import CallbackNotAllowed, CallbackUnfit, TargetUnfit

INTERNET = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")


@pytest.mark.parametrize(("url", "host", "port"), [
    ("https://events.example.com/listener", "events.example.com", 443), ("http://events.example.com/a?b=c", "events.example.com", 80),
    ("HTTPS://Events.Example.COM./x", "events.example.com", 443), ("http://93.184.215.14:8080/", "93.184.215.14", 8080),
    ("http://[2606:2800:21f:cb07::1]:9000/x", "2606:2800:21f:cb07::1", 9000), ("http://127.0.0.1:9999/x", "127.0.0.1", 9999),
    ("http://localhost:9999/x", "localhost", 9999), ("https://xn--fsq.example/x", "xn--fsq.example", 443),
])
def test_hub_01_callbacks_that_can_be_read(url: str, host: str, port: int) -> None:
    found = read_callback(url)
    assert (found.host, found.port) == (host, port)


@pytest.mark.parametrize("url", [
    "", "events.example.com", "//events.example.com/x", "ftp://events.example.com/", "file:///etc/passwd", "gopher://example.com/", "http:/example.com",
    "http:example.com", "javascript:alert(1)", "http://", "http:///x", "http://:80/",
    # Who reads the host differently than another program does is led elsewhere.
    "http://user@events.example.com/", "http://user:word@events.example.com/", "http://good.example@169.254.169.254/", "http://good.example\\@evil.example/",
    "http://events.example.com#@evil.example/", "http://events.example.com/#x", "http://events.example.com\t/", "http://events.example.com/ x", "http://ev\u0435nts.example.com/",
    "http://events.example.com\r\nHost: x/", "http://events%2eexample.com/", "http://events_example.com/", "http://-x.example.com/",
    # Numbers that some resolvers take for addresses.
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.1/", "http://0/", "http://127.0.0.1.1/",
    "http://127.0.0.01/", "http://1.2.3.4.5/", "http://example.0x7f/", "http://256.1.1.1/",
    "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[::1/", "http://::1/", "http://[127.0.0.1]/", "http://[v1.x]/", "http://[]/",
    # Ports behind which nobody waits for events.
    "http://events.example.com:22/", "http://events.example.com:25/", "http://events.example.com:6379/", "http://events.example.com:5432/",
    "http://events.example.com:0/", "http://events.example.com:65536/", "http://events.example.com:-1/", "http://events.example.com:8o/",
    f"http://events.example.com/{'x' * CALLBACK_LENGTH_MAX}", f"http://{'a' * 64}.example.com/",
])
def test_hub_01_callbacks_that_are_refused(url: str) -> None:
    with pytest.raises(CallbackUnfit):
        read_callback(url)


@pytest.mark.parametrize(("address", "targets", "host", "admitted"), [
    # Nothing is allowed that is not on the list.
    (INTERNET[0], (), "events.example.com", False),
    (INTERNET[0], ("events.example.com",), "events.example.com", True),
    (INTERNET[1], ("events.example.com",), "events.example.com", True),
    (INTERNET[0], ("*.example.com",), "events.example.com", True),
    (INTERNET[0], ("*.example.com",), "a.b.example.com", True),
    (INTERNET[0], ("*.example.com",), "example.com", False),
    (INTERNET[0], ("*.example.com",), "notexample.com", False),
    (INTERNET[0], ("93.184.215.0/24",), "93.184.215.14", True),
    (INTERNET[0], ("0.0.0.0/0",), "any.example", True),
    (INTERNET[1], ("::/0",), "any.example", True),
    (INTERNET[1], ("0.0.0.0/0",), "any.example", False),
    # A name on the list does not open the inner network: rebinding it leads nowhere.
    ("127.0.0.1", ("events.example.com",), "events.example.com", False),
    ("10.1.2.3", ("events.example.com",), "events.example.com", False),
    ("192.168.1.1", ("events.example.com",), "events.example.com", False),
    ("100.64.0.1", ("events.example.com",), "events.example.com", False),
    ("::1", ("events.example.com",), "events.example.com", False),
    ("fd12::1", ("events.example.com",), "events.example.com", False),
    # Nor does "everything": an inner network is allowed only by its own name.
    ("127.0.0.1", ("0.0.0.0/0",), "x.example", False),
    ("10.1.2.3", ("0.0.0.0/0",), "x.example", False),
    ("::1", ("::/0",), "x.example", False),
    ("127.0.0.1", ("127.0.0.0/8",), "127.0.0.1", True),
    ("127.0.0.1", ("127.0.0.1/32",), "localhost", True),
    ("::1", ("::1/128",), "::1", True),
    ("10.1.2.3", ("10.1.0.0/16",), "billing.corp", True),
    ("10.2.2.3", ("10.1.0.0/16",), "billing.corp", False),
    ("fd12::1", ("fd12::/64",), "billing.corp", True),
    # IPv4 in IPv6 is judged as what it stands for.
    ("::ffff:127.0.0.1", ("::/0", "0.0.0.0/0"), "x.example", False),
    ("::ffff:10.1.2.3", ("10.1.0.0/16",), "x.example", True),
    ("::ffff:93.184.215.14", ("x.example",), "x.example", True),
    ("64:ff9b::7f00:1", ("::/0", "0.0.0.0/0", "x.example"), "x.example", False),
    ("64:ff9b::5db8:d70e", ("x.example",), "x.example", True),
])
def test_hub_02_what_the_list_admits(address: str, targets: tuple[str, ...], host: str, admitted: bool) -> None:  # noqa: FBT001 - a column of the table
    allowed = allow_list(map(read_target, targets))
    assert allowed.admits(ip_address(address), host=host) is admitted


@pytest.mark.parametrize("address", [
    "169.254.169.254", "169.254.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255", "240.0.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192",
    "198.51.100.1", "203.0.113.9", "198.18.0.1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "::", "::127.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "2002:7f00:1::1", "2002:a9fe:a9fe::1", "2001:0:7f00:1::1", "fd00:ec2::254", "2001:db8::1",
])
def test_hub_02_what_no_list_ever_admits(address: str) -> None:
    everything = allow_list(("0.0.0.0/0", "::/0", "169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "2002::/16", "x.example", "100.100.100.200/32"))
    assert not everything.admits(ip_address(address), host="x.example")


def test_hub_02_every_address_of_a_name_must_be_allowed() -> None:
    allowed, callback = allow_list(["events.example.com"]), read_callback("https://events.example.com/x")
    allowed.require(callback, [ip_address(INTERNET[0])])
    for resolved in ([], [ip_address(INTERNET[0]), ip_address("10.0.0.1")]):
        with pytest.raises(CallbackNotAllowed):
            allowed.require(callback, resolved)


@pytest.mark.parametrize(("given", "kept"), [
    ("Events.Example.com", "events.example.com"), ("*.example.com", "*.example.com"), ("10.20.30.40", "10.20.30.40/32"), ("10.20.0.0/16", "10.20.0.0/16"),
    ("10.20.1.2/16", "10.20.0.0/16"), ("::1", "::1/128"), ("fd12::/64", "fd12::/64"), ("localhost", "localhost"),
])
def test_hub_04_targets_have_one_form(given: str, kept: str) -> None:
    assert read_target(given) == kept


@pytest.mark.parametrize("given", [
    "", "*", "*.com", "http://x.example", "x.example/path", "a b", "169.254.169.254", "169.254.0.0/16", "fe80::/10", "10.0.0.0/99", "2130706433.", "x_y.example",
    "0x7f.1", "..",
])
def test_hub_04_targets_that_are_refused(given: str) -> None:
    with pytest.raises(TargetUnfit):
        read_target(given)
