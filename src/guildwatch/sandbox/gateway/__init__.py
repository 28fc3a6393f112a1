"""The gateway: sessions that hear of what happens, over websockets that come and go."""

from guildwatch.sandbox.gateway.gateway import Gateway

__all__ = ["Gateway"]
