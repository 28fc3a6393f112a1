"""A report as it stands in the sandbox's Discord after it was posted."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guildwatch.sandbox import World


def posted_report(world: World, channel_id: int) -> str:
    """The last post in a channel, as text: its embed, its thread, and where its chart was saved."""
    post = next(one for one in reversed(world.messages(channel_id)) if one["embeds"])
    lines = [*_embed(post["embeds"][0]), *_files(world, post)]
    thread = world.messages(int(post["id"])) if post.get("thread") else []
    if thread:
        lines += ["", f"── Thread: {post['thread']['name']} ──"]
    for message in thread:
        lines += [message["content"], ""] if message["content"] else []
    return "\n".join(lines).rstrip()


def _embed(embed: dict[str, Any]) -> Iterator[str]:
    yield embed.get("title", "")
    yield embed.get("description", "")
    for field in embed.get("fields", ()):
        yield f"{field['name']}\n{field['value']}"
    if "footer" in embed:
        yield embed["footer"]["text"]


def _files(world: World, post: dict[str, Any]) -> Iterator[str]:
    """Saves what is attached; it outlives the demo, so that it can be looked at."""
    folder = Path(tempfile.gettempdir())
    for attachment in post["attachments"]:
        path = folder / f"guildwatch-demo-{post['id']}-{Path(attachment['filename']).name}"
        path.write_bytes(world.file(attachment["url"]))
        yield f"Chart: {path}"
    picture = post["embeds"][0].get("image")
    if picture and not post["attachments"]:
        path = folder / f"guildwatch-demo-{post['id']}.png"
        path.write_bytes(world.file(picture["url"]))
        yield f"Chart: {path}"
