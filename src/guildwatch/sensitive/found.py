"""What was found in a text, and the mark that stands in its place."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What something is that should not be repeated; of two that overlap the earlier one counts."""

    SECRET = "secret"  # noqa: S105 - the name of a kind
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    CARD = "card"
    ACCOUNT = "account"
    PHONE = "phone"
    EMAIL = "email"

    @property
    def mark(self) -> str:
        """What stands in its place: one word, so that no cut at a space leaves half of it."""
        return MARKS[self]

    @property
    def gives_access(self) -> bool:
        """Whether whoever reads it can do something with it, until it is revoked or changed."""
        return self in (Kind.SECRET, Kind.PASSWORD)


MARKS: dict[Kind, str] = {
    Kind.SECRET: "[secret-removed]",
    Kind.PASSWORD: "[secret-removed]",
    Kind.CARD: "[card-removed]",
    Kind.ACCOUNT: "[account-removed]",
    Kind.PHONE: "[phone-removed]",
    Kind.EMAIL: "[email-removed]",
}
"""The marks as a model reads them; reports say them in their own language."""

_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch `[start, end)` of a text that should not be repeated.

    `issuer` names whose token it is, where its form tells that, else it is empty.
    """

    kind: Kind
    start: int
    end: int
    issuer: str = ""

    def united(self, other: "Found") -> "Found":
        """One stretch over both, of the graver kind."""
        graver = min(self, other, key=lambda one: _ORDER[one.kind])
        start, end = min(self.start, other.start), max(self.end, other.end)
        return Found(graver.kind, start, end, graver.issuer)
