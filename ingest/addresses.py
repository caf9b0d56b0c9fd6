"""Which addresses may be dialled: public ones, and private ones that the operator allows by name or range.

The standard library's `is_global` alone lets several ways to a private host through (translated and tunnelled IPv4),
so every IPv4 address hidden in an IPv6 one is looked at too. RFC 6890, 6052 (NAT64), 3056 (6to4), 4380 (Teredo).
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4", "fec0::/10",
        "::/96", "100::/64", "5f00::/16",
    )
)  # fmt: skip


def _hidden(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address an IPv6 address leads to, if it does."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def refusal(text: str) -> str | None:
    """Why an address may not be dialled, in words; None when it is public."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return f"{text[:60]} is no address"
    if isinstance(address, ipaddress.IPv6Address) and (hidden := _hidden(address)) is not None:
        inner = refusal(str(hidden))
        return f"{address} leads to {inner}" if inner else None
    if address.is_multicast:
        return f"{address} is a multicast address"
    if not address.is_global or address.is_reserved or any(address in network for network in _NEVER):
        return f"{address} is not a public address"
    return None


@dataclass(frozen=True, slots=True)
class AllowList:
    """The private hosts and ranges the operator opens: `network.allow_private`."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> "AllowList":
        """Of host names (with `host:port` narrowed to a port), addresses and CIDR ranges, as written."""
        hosts, networks = set(), []
        for entry in entries:
            try:
                networks.append(ipaddress.ip_network(entry.strip().strip("[]"), strict=False))
            except ValueError:
                hosts.add(entry.strip().rstrip(".").lower())
        return cls(frozenset(hosts), tuple(networks))

    def names(self, host: str, port: int) -> bool:
        """Whether the host is allowed by its own name."""
        name = host.rstrip(".").lower()
        return name in self.hosts or f"{name}:{port}" in self.hosts

    def covers(self, text: str) -> bool:
        """Whether an address lies in an allowed range."""
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in network for network in self.networks if network.version == address.version)
