"""One REST call as a route sees it, and the route itself."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.limits import Limit
from guildwatch.sandbox.messages import Attachment

USUAL = Limit(10, 10.0)
"""The limit of a route that is not known to have another one."""
LARGEST_FILE = 10 * 1024 * 1024
Result = Json | list[Json] | None
"""What a route answers with: JSON, or None for 204 No Content."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request, taken apart. `files` are the uploads by their number `n` of `files[n]`."""

    parts: Mapping[str, str]
    query: Mapping[str, str]
    body: Json | list[Json]
    files: Mapping[int, Attachment] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """An id in the path; raises 50035 for what is none."""
        form = Form(dict(self.parts))
        found = form.snowflake(name, required=True)
        form.check()
        return found or 0

    @property
    def form(self) -> Form:
        """The body, to be read strictly."""
        if not isinstance(self.body, dict):
            raise RefusedError(Kind.INVALID_FORM, {})
        return Form(self.body)

    @property
    def asked(self) -> Form:
        """The query string, to be read strictly."""
        return Form(dict(self.query))


Handler = Callable[[Call], Result]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path template with what answers it.

    `limit` None means that Discord limits it by nothing but the global limit, and `free` not
    even by that; `anonymous` routes need no bot token (theirs is in the path). `status` is that
    of a success with a body.
    """

    method: str
    path: str
    handler: Handler
    limit: Limit | None = USUAL
    anonymous: bool = False
    free: bool = False
    status: int = 200


async def call_of(request: web.Request) -> Call:
    """The call in a request; raises 50109 for what is no JSON, 40005 for too large a file."""
    body: Any = {}
    files: dict[int, Attachment] = {}
    if request.content_type.startswith("multipart/"):
        body, files = await _multipart(await request.multipart())
    elif request.body_exists:
        body = _json(await request.text())
    return Call(request.match_info, request.query, body, files)


async def _multipart(reader: MultipartReader) -> tuple[Any, dict[int, Attachment]]:
    body: Any = {}
    files: dict[int, Attachment] = {}
    async for part in reader:
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            body = _json(await part.text())
        elif part.name and part.name.startswith("files["):
            data = bytes(await part.read())
            if len(data) > LARGEST_FILE:
                raise RefusedError(Kind.FILE_TOO_LARGE)
            number = int(part.name.removeprefix("files[").rstrip("]"))
            kind = part.headers.get("Content-Type", "").partition(";")[0]
            files[number] = Attachment(part.filename or "file", data, kind)
    return body, files


def _json(text: str) -> Any:
    if not text:
        return {}
    try:
        body = json.loads(text)
    except ValueError as error:
        raise RefusedError(Kind.INVALID_JSON) from error
    if not isinstance(body, dict | list):
        raise RefusedError(Kind.INVALID_JSON)
    return body
