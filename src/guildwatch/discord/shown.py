"""What a part of a post shows, as a hash by which a later rendering of the report is compared."""

import json
from hashlib import blake2b

from guildwatch.report import Post

_PICTURE = "+picture"


def glance_content(post: Post, *, picture: bool) -> str:
    """The hash of a glance, its button for details included, and whether it has a picture."""
    said = (post.title, post.description, post.footer, post.colour, bool(post.thread))
    return _hash(said) + (_PICTURE if picture else "")


def detail_content(words: str) -> str:
    """The hash of one message of the details."""
    return _hash(words)


def answer_content(post: Post, *, picture: bool) -> str:
    """The hash of an answer, which has glance and details in one message."""
    said = (post.title, post.description, post.footer, post.colour, post.thread_name, post.thread)
    return _hash(said) + (_PICTURE if picture else "")


def unknown_content(*, picture: bool) -> str:
    """Of what nobody noted but whether it has a picture; no hash is like it."""
    return "?" + (_PICTURE if picture else "")


def has_picture(content: str) -> bool:
    """Whether a glance or answer with this hash has a picture."""
    return content.endswith(_PICTURE)


def _hash(said: object) -> str:
    return blake2b(json.dumps(said).encode(), digest_size=12).hexdigest()
