"""The layers: left may import right, never the other way, and each library has one door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "guildwatch"

LAYERS: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("runtime",),
    ("discord", "console", "doctor", "eval", "sandbox"),
    ("report", "schedule", "watch", "exchange"),
    ("capture", "digest"),
    ("store", "mood", "language", "traces", "sensitive"),
    ("audience",),
    ("model", "config"),
)

# config takes its errors and the languages that there are, nothing else, from the nouns.
ALLOWED_BESIDE = {("config", "model")}

DOORS: dict[str, set[str]] = {
    "hikari": {"discord"},
    "lightbulb": {"discord"},
    "textual": {"console"},
    "rich": {"console", "cli"},
    "typer": {"cli"},
    "aiosqlite": {"store"},
    "sqlite3": {"store"},
    "ollama": {"language"},
    "httpx": {"language"},
    "vaderSentiment": {"mood"},
    "py3langid": {"mood"},
    "transformers": {"digest"},
    "matplotlib": {"report"},
    "jinja2": {"report"},
    "markupsafe": {"report"},  # jinja2's own, for text that is a page's already
    "pydantic": {"config", "language"},  # the ollama client raises its ValidationError
    "tomlkit": {"config"},
    "platformdirs": {"config"},
    "ijson": {"exchange"},
    "phonenumbers": {"sensitive"},
    "aiohttp": {"sandbox", "discord"},  # hikari lets its exceptions through
}


def part_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if path != SOURCE / "__init__.py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the arrows"
            assert node.module
            if node.module == "guildwatch":
                yield from (f"guildwatch.{name.name}" for name in node.names)
            else:
                yield node.module


def layer_of(part: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if part in layer)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_only_what_stands_right_of_it(path: Path) -> None:
    part = part_of(path)
    for name in imported(path):
        if not name.startswith("guildwatch.") or name == "guildwatch.__version__":
            continue
        other = name.split(".")[1]
        right = layer_of(other) > layer_of(part)
        assert right or other == part or (part, other) in ALLOWED_BESIDE, f"{part} → {other}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_library_is_used_only_behind_its_door(path: Path) -> None:
    for name in imported(path):
        door = DOORS.get(name.split(".")[0])
        assert door is None or part_of(path) in door, f"{name} outside {door}"


def test_every_module_opens_with_a_sentence() -> None:
    for path in modules():
        first = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert first, f"{path} has no first sentence"
