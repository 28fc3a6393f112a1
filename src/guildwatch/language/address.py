"""Where the model lives, and whether messages may be sent there."""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from guildwatch.language.errors import ModelError

_PORT = 11434
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """A server's address, complete."""

    scheme: str
    host: str
    port: int
    path: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def parse_address(value: str) -> Address:
    """Read a host as OLLAMA_HOST allows it: with or without scheme, port and path.

    A server told to listen on every address (`0.0.0.0`) is reached on this machine. Raises
    ModelError (`refused`) for what is no address.
    """
    text = value.strip() or "127.0.0.1"
    if "://" not in text and text.count(":") > 1 and not text.startswith("["):
        text = f"[{text}]"
    has_scheme = "://" in text
    try:
        split = urlsplit(text if has_scheme else f"http://{text}")
        port = split.port or (_PORTS.get(split.scheme, _PORT) if has_scheme else _PORT)
        host = split.hostname or "127.0.0.1"
    except ValueError as error:
        raise _no_address(value) from error
    if split.scheme not in _PORTS or any(char.isspace() for char in host):
        raise _no_address(value)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - replaced, not bound
    return Address(split.scheme, host, port, split.path.rstrip("/"))


async def permitted(address: Address, remote_host: str = "") -> list[str]:
    """The IP addresses at which a server may be spoken to, all of them.

    Those are this machine's and those of one's own network; of `remote_host`, which the operator
    allowed by name, any, if it is spoken to by https. Raises ModelError: `refused` when one of them
    is on the internet, `unreachable` when there are none.
    """
    found = await _resolve(address)
    if not any(map(_is_public, found)):
        return found
    if address.host.lower() != remote_host.strip().strip("[]").lower():
        raise ModelError(
            "refused",
            f"{address} is on the internet, and messages must not leave your own machines. "
            "Set ollama.host to this machine or one of your own network, or allow this one on "
            "purpose with ollama.remote_host.",
        )
    if address.scheme != "https":
        raise ModelError(
            "refused",
            f"{address} is on the internet, where http can be read by everybody on the way. "
            "Write https:// in ollama.host.",
        )
    return found


async def _resolve(address: Address) -> list[str]:
    try:
        return [str(ipaddress.ip_address(address.host))]
    except ValueError:
        pass
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as error:
        raise ModelError(
            "unreachable",
            f"There is no machine called {address.host}. Correct ollama.host.",
        ) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_public(text: str) -> bool:
    ip = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.teredo is not None:  # counts as private, and leads through somebody's relay
            return True
        return (ip.ipv4_mapped or ip).is_global
    return ip.is_global


def _no_address(value: str) -> ModelError:
    return ModelError(
        "refused",
        f"ollama.host is {value!r}, which is no address. Write it like http://127.0.0.1:11434",
    )
