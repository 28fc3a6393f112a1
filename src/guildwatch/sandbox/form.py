"""Reading a request's body strictly; what is wrong with it is told in Discord's `errors` shape.

https://docs.discord.com/developers/reference#error-messages
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from guildwatch.sandbox.errors import Json, Kind, RefusedError

_SNOWFLAKE_DIGITS = 20


class Form:
    """A JSON object of a request, read field by field; `check` raises for all faults at once."""

    def __init__(
        self, body: Json, path: Sequence[str] = (), faults: list[tuple[str, str, str]] | None = None
    ) -> None:
        self.body = body
        self._path = tuple(path)
        self._faults: list[tuple[str, str, str]] = [] if faults is None else faults

    def __contains__(self, name: str) -> bool:
        return name in self.body

    def fault(self, name: str, code: str, message: str) -> None:
        """Note that a field is wrong."""
        path = (*self._path, name) if name else self._path
        self._faults.append((".".join(path), code, message))

    def check(self) -> None:
        """Raise what has been noted, if anything (50035)."""
        if self._faults:
            raise RefusedError(Kind.INVALID_FORM, _tree(self._faults))

    def text(
        self, name: str, *, least: int = 0, most: int = 2**31, required: bool = False
    ) -> str | None:
        """A string within a length in code points, or None when it is absent or null."""
        value = self._present(name, required)
        if value is None:
            return None
        if not isinstance(value, str):
            if not isinstance(value, int | float) or isinstance(value, bool):
                self.fault(name, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
                return None
            value = str(value)
        self._check_length(name, len(value), least, most)
        return value

    def integer(
        self, name: str, *, least: int = -(2**63), most: int = 2**63, required: bool = False
    ) -> int | None:
        """A whole number within bounds (digits in a string count), or None."""
        value = self._present(name, required)
        if value is None:
            return None
        try:
            number = int(str(value))
        except ValueError:
            self.fault(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return None
        if number < least:
            self.fault(
                name, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}."
            )
        elif number > most:
            self.fault(
                name, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}."
            )
        return number

    def snowflake(self, name: str, *, required: bool = False) -> int | None:
        """An id, or None."""
        value = self._present(name, required)
        if value is None:
            return None
        if not str(value).isdigit() or len(str(value)) > _SNOWFLAKE_DIGITS:
            self.fault(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            return None
        return int(value)

    def snowflakes(self, name: str, *, most: int = 100) -> list[int]:
        """A list of ids, empty when it is absent."""
        values = self.listing(name, most=most)
        if any(not str(value).isdigit() for value in values):
            self.fault(name, "NUMBER_TYPE_COERCE", "A value is not snowflake.")
            return []
        return [int(value) for value in values]

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A truth value."""
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(name, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
            return default
        return value

    def choice(self, name: str, among: Collection[int], *, required: bool = False) -> int | None:
        """One of some numbers, or None."""
        value = self.integer(name, required=required)
        if value is not None and value not in among:
            told = ", ".join(str(number) for number in sorted(among))
            self.fault(name, "BASE_TYPE_CHOICES", f"Value must be one of ({told}).")
            return None
        return value

    def moment(self, name: str) -> datetime | None:
        """A time in ISO 8601, or None."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fault(name, "DATE_TIME_TYPE_PARSE", f'Could not parse "{value}".')
            return None

    def listing(self, name: str, *, least: int = 0, most: int = 100) -> list[Any]:
        """A list within a length, empty when it is absent or null."""
        value = self.body.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(name, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        self._check_length(name, len(value), least, most)
        return value

    def child(self, name: str) -> "Form | None":
        """An object within this one, or None when it is absent or null."""
        value = self.body.get(name)
        if value is None:
            return None
        return self._sub(value, name)

    def children(self, name: str, *, most: int = 100, least: int = 0) -> "list[Form]":
        """The objects of a list."""
        items = self.listing(name, most=most, least=least)
        forms = (self._sub(item, name, str(index)) for index, item in enumerate(items))
        return [form for form in forms if form is not None]

    def _sub(self, value: object, *path: str) -> "Form | None":
        if not isinstance(value, dict):
            self.fault(
                ".".join(path), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"
            )
            return None
        return Form(value, (*self._path, *path), self._faults)

    def _present(self, name: str, required: bool) -> Any:
        value = self.body.get(name)
        if value is None and required:
            self.fault(name, "BASE_TYPE_REQUIRED", "This field is required")
        return value

    def _check_length(self, name: str, length: int, least: int, most: int) -> None:
        if length > most:
            self.fault(name, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        elif length < least:
            told = f"Must be between {least} and {most} in length."
            self.fault(name, "BASE_TYPE_BAD_LENGTH", told)


def _tree(faults: list[tuple[str, str, str]]) -> Json:
    tree: Json = {}
    for path, code, message in faults:
        node = tree
        for step in filter(None, path.split(".")):
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})
    return tree
