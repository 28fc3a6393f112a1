"""Hosts as OLLAMA_HOST allows them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.language import ModelError
from guildwatch.language.address import parse_address, permitted


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", "http://127.0.0.1:11434"),
        ("localhost", "http://localhost:11434"),
        ("192.168.1.5", "http://192.168.1.5:11434"),
        ("192.168.1.5:8000", "http://192.168.1.5:8000"),
        ("http://gpu.lan", "http://gpu.lan:80"),
        ("https://gpu.lan/ollama/", "https://gpu.lan:443/ollama"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        (":8000", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:11434"),
        ("[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_host_is_read_with_or_without_scheme_and_port(written, meant):
    assert str(parse_address(written)) == meant


@pytest.mark.parametrize("written", ["http://a b", "ftp://x", "127.0.0.1:99999", "[::1"])
def test_what_is_no_address_is_said_to_be_none(written):
    with pytest.raises(ModelError, match="no address"):
        parse_address(written)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_an_understandable_error(written):
    with contextlib.suppress(ModelError):
        assert parse_address(written).port > 0


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.2", "192.168.7.7", "[::1]", "100.64.0.9"])
async def test_this_machine_and_the_own_network_are_spoken_to(host):
    await permitted(parse_address(host))


@pytest.mark.parametrize("host", ["1.1.1.1", "[::ffff:1.1.1.1]", "172.32.0.1"])
async def test_an_address_on_the_internet_is_not(host):
    with pytest.raises(ModelError, match="on the internet"):
        await permitted(parse_address(host))


@pytest.mark.parametrize(
    "host", ["[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[64:ff9b::101:101]", "[2002:101:101::1]"]
)
async def test_a_tunnel_to_the_internet_is_the_internet(host):
    with pytest.raises(ModelError, match="on the internet"):
        await permitted(parse_address(host))


async def test_a_host_on_the_internet_can_be_allowed_by_name_if_the_line_is_private():
    address = parse_address("https://1.1.1.1")
    assert await permitted(address, "1.1.1.1") == ["1.1.1.1"]
    with pytest.raises(ModelError, match="https://"):
        await permitted(parse_address("1.1.1.1"), "1.1.1.1")
    with pytest.raises(ModelError, match="on the internet"):
        await permitted(address, "1.1.1.2")
