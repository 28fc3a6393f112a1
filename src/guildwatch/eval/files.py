"""Data sets in and predictions out: CSV and JSON lines, each complaint with its file and line."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guildwatch.eval.errors import EvalError

_LONGEST_FIELD = 10_000_000  # characters of one text in a CSV file


@dataclass(frozen=True, slots=True)
class Record:
    """One item of a data set, and where it stands."""

    path: Path
    line: int
    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A text that must be there. Raises EvalError."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise self.error(f"has no text {name!r}: every item needs one")
        return value

    def text_or_none(self, name: str) -> str | None:
        """A text, or None where it is missing or null. Raises EvalError for anything else."""
        return self.text(name) if self.fields.get(name) is not None else None

    def flag(self, name: str) -> bool:
        """A yes or no that must be there. Raises EvalError."""
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise self.error(f"has no {name!r} that is true or false: every item needs one")
        return value

    def objects(self, name: str) -> list[Mapping[str, Any]]:
        """A list of objects that must be there. Raises EvalError."""
        value = self.fields.get(name)
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise self.error(f"has no {name!r} that is a list of objects: every item needs one")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts, empty where it is missing. Raises EvalError for anything else."""
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(f"has {name!r} that is no list of texts: write it as one")
        return value

    def error(self, what: str) -> EvalError:
        """What is wrong with this item, in a sentence."""
        return EvalError(f"{self.path}, line {self.line} {what}.")


def csv_records(path: Path, columns: Sequence[str]) -> list[Record]:
    """The rows of a CSV file with a heading that has these columns. Raises EvalError."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise EvalError(
                f"{path}, line 1 has no column {missing[0]!r}: the first line must name the "
                f"columns {', '.join(columns)}."
            )
        found = [Record(path, reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise EvalError(
            f"{path}, line {reader.line_num} is not CSV ({error}): mend it there."
        ) from error
    return _some(path, found)


def json_records(path: Path) -> list[Record]:
    """The objects of a file with one JSON object a line. Raises EvalError."""
    found = []
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise EvalError(
                f"{path}, line {number} is not JSON: write one object on each line."
            ) from error
        if not isinstance(fields, dict):
            raise EvalError(f"{path}, line {number} is no object: write one on each line.")
        found.append(Record(path, number, fields))
    return _some(path, found)


def write_lines(path: Path, objects: Iterable[Mapping[str, object]]) -> None:
    """Writes one JSON object a line. Raises EvalError."""
    try:
        with path.open("w", encoding="utf-8") as file:
            for one in objects:
                file.write(_line(one) + "\n")
    except OSError as error:
        raise EvalError(
            f"{path} cannot be written ({error.strerror}): choose another file."
        ) from error


def ids(records: Sequence[Record]) -> Iterator[str]:
    """The id of each item: its own, or its place among the others where it has none."""
    for number, record in enumerate(records):
        id_ = record.fields.get("id")
        yield str(id_) if isinstance(id_, str | int) else str(number)


def _line(one: Mapping[str, object]) -> str:
    return json.dumps(one, ensure_ascii=False).encode("utf-8", "replace").decode()


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise EvalError(f"{path}, line {line} is not UTF-8: save the file as UTF-8.") from error
    except OSError as error:
        raise EvalError(
            f"{path} cannot be read ({error.strerror}): check how it is written."
        ) from error


def _some(path: Path, records: list[Record]) -> list[Record]:
    if not records:
        raise EvalError(f"{path} has no items in it: there is nothing to measure.")
    return records
