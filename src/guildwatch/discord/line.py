"""The line to Discord's REST API: whoever sends or reads takes it from here while it is up."""

from dataclasses import dataclass

import hikari

from guildwatch.discord.errors import NotConnectedError


@dataclass(frozen=True, slots=True)
class _Clients:
    rest: hikari.api.RESTClient
    reader: hikari.api.RESTClient
    poster: hikari.api.RESTClient


class Line:
    """Holds the REST clients of the connection that is up; the connection puts them in."""

    def __init__(self) -> None:
        self._clients: _Clients | None = None

    @property
    def rest(self) -> hikari.api.RESTClient:
        """The live client. Raises `NotConnectedError` while there is none."""
        return self._live().rest

    @property
    def reader(self) -> hikari.api.RESTClient:
        """The live client for reading the past, which gives messages and channels raw (see `raw`).

        Raises `NotConnectedError` while there is none.
        """
        return self._live().reader

    @property
    def poster(self) -> hikari.api.RESTClient:
        """The live client for what must not come about twice: it repeats nothing (see `poster`).

        Raises `NotConnectedError` while there is none.
        """
        return self._live().poster

    def open(
        self,
        rest: hikari.api.RESTClient,
        *,
        reader: hikari.api.RESTClient,
        poster: hikari.api.RESTClient,
    ) -> None:
        """Puts the clients of a new connection in."""
        self._clients = _Clients(rest, reader, poster)

    def close(self) -> None:
        """Takes them out."""
        self._clients = None

    def _live(self) -> _Clients:
        if self._clients is None or not self._clients.rest.is_alive:
            raise NotConnectedError(
                "There is no connection to Discord at the moment; it is tried again by itself."
            )
        return self._clients
