"""What the configuration says to members: the operator's part of the privacy notice."""

import ipaddress

from guildwatch.config import Config
from guildwatch.discord.notice import Disclosure
from guildwatch.language import ModelError
from guildwatch.language.address import parse_address

_NEAR = "another machine in the operator's own network"


def disclosed(config: Config, *, with_model: bool) -> Disclosure:
    """What a privacy notice tells of the operator's settings."""
    storage = config.storage
    return Disclosure(
        model=config.ollama.model if with_model else "",
        model_host=_other_host(config.ollama.host),
        archives=storage.archive,
        backup_days=storage.backup_days,
        left_days=storage.left_days,
    )


def _other_host(address: str) -> str:
    """The machine of the language model, in words; empty where it is this one."""
    try:
        host = parse_address(address).host
    except ModelError:
        return address
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        is_near = "." not in host
        return "" if host == "localhost" else _NEAR if is_near else host
    return "" if ip.is_loopback else host if ip.is_global else _NEAR
