"""Carries requests to the very addresses that were looked at, and nowhere else.

A name that is looked up twice can lead to two places (DNS rebinding): what was permitted is what is
connected to. Proxies, redirects and `.netrc` are not heeded.
"""

import ipaddress

import httpx

from guildwatch.language.address import parse_address, permitted


class PermittedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport for a server on this machine, in the own network, or at `remote_host`."""

    def __init__(self, remote_host: str = "") -> None:
        super().__init__(trust_env=False)
        self._remote_host = remote_host

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request to the first of the server's addresses that takes it.

        Raises ModelError where one of them is not permitted.
        """
        address = parse_address(str(request.url.copy_with(path="/", query=None)))
        *others, last = await permitted(address, self._remote_host)
        for ip in others:
            try:
                return await super().handle_async_request(_towards(request, ip))
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL):
                continue  # nothing was sent; localhost often has an address that nobody serves
        return await super().handle_async_request(_towards(request, last))


def _towards(request: httpx.Request, ip: str) -> httpx.Request:
    """The request with this address in its URL; certificate and `Host` stay the name's."""
    name = request.url.host
    extensions = request.extensions
    if request.url.scheme == "https" and not _is_ip(name):
        extensions = {**extensions, "sni_hostname": name}
    return httpx.Request(
        request.method,
        request.url.copy_with(host=ip),
        headers=request.headers,
        stream=request.stream,
        extensions=extensions,
    )


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True
