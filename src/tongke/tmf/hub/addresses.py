"""Where events may be sent: the form of a callback, and the allow-list applied to every address that is connected to.

Nothing is allowed that is not on the list. A host name on the list is connected to at public addresses only; an inner
address (private, loopback) needs a network on the list that lies within that inner range, so ``0.0.0.0/0`` means the
public internet and no more. Some addresses are never connected to, whatever the list says: those that name the machine's
own surroundings (link-local, cloud metadata) or hide another address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from tongke.tmf.hub.errors import CallbackNotAllowed, CallbackUnfit, TargetUnfit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

CALLBACK_LENGTH_MAX: Final = 2_000
PRINTABLE = re.compile(r"[\x21-\x7e]+")
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
NUMBER = re.compile(r"(0[xX][0-9a-fA-F]*|\d+)")
PORTS: Final = {"http": 80, "https": 443}
PORT_FREE_MIN: Final = 1024
# Where databases, queues, remote shells and the like listen: a POST there is never an event that is waited for.
PORTS_REFUSED: Final = frozenset({
    1433, 1521, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 4222, 5060, 5061, 5432, 5672, 5900, 5984, 5985, 5986, 6000, 6379, 6443, 6667, 8086,
    9042, 9092, 9200, 9300, 10250, 10255, 11211, 15672, 25672, 27017, 50070,
})
INNER: Final[tuple[Network, ...]] = tuple(map(ip_network, (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7",
)))
NEVER: Final[tuple[Network, ...]] = tuple(map(ip_network, (
    "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4", "100.100.100.200/32", "168.63.129.16/32",
    "::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:20::/28", "2002::/16", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::/32",
)))
LOOPBACK_6: Final = IPv6Address("::1")
NAT64: Final = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Callback:
    """An address to which events are posted. ``host`` is lower case; ``literal`` is set where it is an IP address."""

    url: str
    scheme: str
    host: str
    port: int
    literal: Address | None


@dataclass(frozen=True, slots=True)
class AllowList:
    """The hosts and networks to which events may be sent."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def names(self, host: str) -> bool:
        """Tell whether the host is on the list by its name, or by that of a domain above it."""
        labels = host.split(".")
        return host in self.hosts or any("*." + ".".join(labels[n:]) in self.hosts for n in range(1, len(labels)))

    def admits(self, address: Address, *, host: str) -> bool:
        """Tell whether ``address`` may be connected to for a callback at ``host``."""
        plain = unwrapped(address)
        if plain != LOOPBACK_6 and _within(plain, NEVER):
            return False
        inner = _within(plain, INNER)
        listed = _within(plain, self.networks)
        if inner:
            return any(network.prefixlen >= inner[0].prefixlen for network in listed)
        return plain.is_global and (bool(listed) or self.names(host))

    def require(self, callback: Callback, resolved: Iterable[Address]) -> None:
        """Raise ``CallbackNotAllowed`` unless there are addresses and all of them may be connected to."""
        found = list(resolved)
        if not found or not all(self.admits(address, host=callback.host) for address in found):
            raise CallbackNotAllowed(host=callback.host, field="callback")


def _within(address: Address, networks: Iterable[Network]) -> list[Network]:
    return [network for network in networks if network.version == address.version and address in network]


def unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, where it stands for one that the network would reach."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def read_address(text: str) -> Address:
    """Read the address of a socket or a resolver; a scope (``fe80::1%eth0``) stays part of it. Raises ``ValueError``."""
    return ip_address(text)


def allow_list(targets: Iterable[str]) -> AllowList:
    """Return the list of the kept targets."""
    hosts: set[str] = set()
    networks: list[Network] = []
    for target in targets:
        if "/" in target:
            networks.append(ip_network(target))
        else:
            hosts.add(target)
    return AllowList(frozenset(hosts), tuple(networks))


def read_target(text: str) -> str:
    """Return what is to be allowed in its one form: a network with its length, or a host. Raises ``TargetUnfit``."""
    target = text.strip().lower().rstrip(".")
    try:
        network = ip_network(target, strict=False)
    except ValueError:
        bare = target.removeprefix("*.")
        if not _is_host(bare) or (target.startswith("*.") and "." not in bare):
            raise TargetUnfit(target=text[:80], field="target") from None
        return target
    # A network that is never connected to would stand on the list for nothing.
    if any(network.version == never.version and network.subnet_of(never) for never in NEVER) and network != ip_network(LOOPBACK_6):  # type: ignore[arg-type]  # same version
        raise TargetUnfit(target=text[:80], field="target")
    return str(network)


def read_callback(url: str) -> Callback:
    """Take a callback apart. Raises ``CallbackUnfit`` for whatever two programs might read differently."""
    if len(url) > CALLBACK_LENGTH_MAX or PRINTABLE.fullmatch(url) is None or "\\" in url:
        raise _unfit(_("it holds characters that no address has, or is too long"))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _unfit(_("host or port cannot be read")) from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not url[len(scheme):].startswith("://"):
        raise _unfit(_("it must begin with http:// or https://"))
    if "@" in parts.netloc:
        raise _unfit(_("it holds a user name"))
    if "#" in url:
        raise _unfit(_("it holds a fragment"))
    host, literal = _host(parts.netloc, parts.hostname or "")
    port = PORTS[scheme] if port is None else port
    if port not in PORTS.values() and (port < PORT_FREE_MIN or port in PORTS_REFUSED):
        raise _unfit(_("nobody waits for events on port {port}").format(port=port))
    return Callback(url, scheme, host, port, literal)


def _host(netloc: str, host: str) -> tuple[str, Address | None]:
    host = host.lower().removesuffix(".")
    if netloc.startswith("["):
        try:
            literal: Address | None = IPv6Address(host)
        except ValueError:
            raise _unfit(_("the IPv6 address cannot be read")) from None
        if "%" in host:
            raise _unfit(_("an address with a zone is no address for others"))
        return str(literal), literal
    if NUMBER.fullmatch(host.rpartition(".")[2]):
        # A host that ends in a number is an IPv4 address to every client; only one way to write it is taken.
        try:
            literal = IPv4Address(host)
        except ValueError:
            raise _unfit(_("the IPv4 address is not written as four decimal numbers")) from None
        return str(literal), literal
    if not _is_host(host):
        raise _unfit(_("the host name cannot be read; write it in its ASCII form"))
    return host, None


def _is_host(host: str) -> bool:
    labels = host.split(".")
    return len(host) <= 253 and all(LABEL.fullmatch(label) for label in labels) and NUMBER.fullmatch(labels[-1]) is None


def _unfit(what: object) -> CallbackUnfit:
    return CallbackUnfit(what=what, field="callback")
