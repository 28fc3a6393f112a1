"""The real program with a watch over it: where it connects, what it opens, what it has written."""

import base64
import json
import shlex
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_HOOK = """
import json, os, sys

_out = os.open(os.environ["WATCH_FILE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_NETWORK = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg",
            "socket.getaddrinfo", "socket.gethostbyname"}
_TO_WRITE = os.O_WRONLY | os.O_RDWR

def _watch(event, args):
    if event in _NETWORK:
        told = args[0] if event.startswith("socket.get") else args[1]
        port = args[1] if event == "socket.getaddrinfo" else None
        line = [event, told if isinstance(told, (str, list, tuple)) else repr(told), port]
    elif event == "open" and isinstance(args[0], str) and (args[2] or 0) & _TO_WRITE:
        line = ["write", os.path.abspath(args[0]), None]
    elif event == "subprocess.Popen":
        line = ["child", [os.fspath(one) for one in args[1]], None]
    else:
        return
    os.write(_out, json.dumps(line, default=repr).encode() + b"\\n")

sys.addaudithook(_watch)
"""


@dataclass(frozen=True)
class Watch:
    """A home of its own for the program, and what is seen of it there."""

    home: Path

    @classmethod
    def over(cls, folder: Path) -> "Watch":
        watch = cls(folder / "home")
        for place in ("site", "tmp", "data"):
            (watch.home / place).mkdir(parents=True)
        (watch.home / "site" / "sitecustomize.py").write_text(_HOOK)
        return watch

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def variables(self) -> dict[str, str]:
        """The environment that has it live there and be seen."""
        return {
            "HOME": str(self.home),
            "TMPDIR": str(self.home / "tmp"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "PYTHONPATH": str(self.home / "site"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "WATCH_FILE": str(self.home / "site" / "seen.jsonl"),
            "GUILDWATCH_DATA_DIR": str(self.data),
            "GUILDWATCH_CONFIG": str(self.home / "config.toml"),
            "GUILDWATCH_LOG__LEVEL": "DEBUG",
        }

    def seen(self) -> list[tuple[str, object, object]]:
        lines = (self.home / "site" / "seen.jsonl").read_text().splitlines()
        return [tuple(json.loads(line)) for line in lines]

    def addresses(self) -> set[tuple[str, str, int]]:
        """Every address that was connected to, bound, sent to or looked up: (event, host, port)."""
        found = set()
        for event, told, port in self.seen():
            if not event.startswith("socket."):
                continue
            if isinstance(told, list):
                found.add((event, str(told[0]), int(told[1])))
            else:
                found.add((event, str(told), int(port or 0) if str(port).isdigit() else 0))
        return found

    def written(self) -> set[Path]:
        """Every file that was opened to be written, also those that are gone."""
        return {Path(str(told)) for event, told, _ in self.seen() if event == "write"}

    def files(self) -> Iterator[Path]:
        """All files of the program that are there."""
        for path in sorted(self.home.rglob("*")):
            if path.is_file() and self.home / "site" not in path.parents:
                yield path


def under_open_umask(*words: str) -> tuple[str, ...]:
    """`guildwatch WORDS…` where new files would be everybody's."""
    program = shlex.join([sys.executable, "-m", "guildwatch", *words])
    return ("sh", "-c", f"umask 0; exec {program}")


def pieces(token: str) -> list[bytes]:
    """The token, its parts, and how it may be written otherwise."""
    whole = base64.b64encode(token.encode()).rstrip(b"=")
    parts = [part.encode() for part in token.split(".")]
    return [token.encode(), quote(token, safe="").encode(), whole, *parts, token[::-1].encode()]


def holding(files: Iterator[Path], needles: list[bytes]) -> list[str]:
    """Where any of these stands in a file, in UTF-8 or UTF-16."""
    wanted = [*needles, *(one.decode().encode("utf-16-le") for one in needles)]
    found = []
    for path in files:
        content = path.read_bytes()
        found += [f"{path}: {one[:12]!r}…" for one in wanted if one in content]
    return found


def open_to_others(folder: Path) -> list[str]:
    """What below (and with) a folder others may read, write or enter."""
    found = []
    for path in [folder, *folder.rglob("*")]:
        with suppress(FileNotFoundError):
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & 0o077:
                found.append(f"{path}: {mode:04o}")
    return found


def sockets_of(pid: int) -> set[str]:
    """The remote addresses of a process's TCP connections (`/proc`), as `host:port` in hex."""
    inodes = set()
    with suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                inodes.add(str(entry.readlink()))
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/net/{table}").read_text().splitlines()
            rows = [line.split() for line in lines[1:]]
            found |= {row[2] for row in rows if f"socket:[{row[9]}]" in inodes}
    return found
