"""Public addresses only, in whatever disguise a private one comes."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.addresses import AllowList, refusal


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.0.8", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::",
        "2002:c0a8:101::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:db8::1", "::127.0.0.1", "nonsense",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused_with_a_reason(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::808:808"])
def test_what_is_public_is_not(address: str) -> None:
    assert refusal(address) is None


def test_the_operator_opens_hosts_ports_and_ranges() -> None:
    allowed = AllowList.of(["Intranet.example", "other:8080", "10.0.0.0/8", "[fd00::1]"])
    assert allowed.names("intranet.example.", 80)
    assert allowed.names("other", 8080)
    assert not allowed.names("other", 80)
    assert allowed.covers("10.9.9.9")
    assert allowed.covers("::ffff:10.9.9.9")
    assert allowed.covers("fd00::1")
    assert not allowed.covers("11.0.0.1")
    assert not allowed.covers("nonsense")


@given(st.ip_addresses(v=4))
def test_no_disguise_gets_a_private_address_through(address: ipaddress.IPv4Address) -> None:
    packed = int(address)
    disguises = [
        f"::ffff:{address}",
        str(ipaddress.IPv6Address((0x0064FF9B << 96) | packed)),
        str(ipaddress.IPv6Address((0x2002 << 112) | (packed << 80))),
    ]
    if refusal(str(address)):
        assert all(refusal(disguise) for disguise in disguises)
