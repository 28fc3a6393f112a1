"""The bytes of attachments, made by code: small pictures, logs and a hummed tune."""

import hashlib
import io
import struct
import wave
import zlib
from math import pi, sin

from guildwatch.sandbox.messages import Attachment

_PALETTE = {
    " ": 0x22344A,
    ".": 0x3C5A6B,
    "g": 0x6F8F8E,
    "w": 0xE8E3C9,
    "y": 0xF2C14E,
    "o": 0xC8553D,
    "k": 0x10141F,
    "b": 0xA9BDB0,
}
"""Sunniva's Fjord 8, a letter a colour."""
_GOOSE = """
                |
      wwww      |
     wwwwww     |
     wwkkww     |
   oowwkyww     |
  ooowwwwww     |
     wwwww      |
      wwww      |
      wwww      |
      wwwww   w |
     wwwwwwwwww |
    wwwwbbbbwww |
    wwwbbbbbww  |
     wwwwwwww   |
       o  o     |
......oo.oo.....
"""
_LIGHTHOUSE = """
                |
       kk       |
      kkkk      |
yyyyykyyyykyyyyy|
 yyyykyyyykyyyy |
      kkkk      |
      wwww      |
      oooo      |
      wwww      |
     oooooo     |
     wwwwww     |
     oooooo     |
     wwkkww     |
    gwwkkwwg    |
..gggggggggggg..|
.b..b...b..b...b
"""
_POTATO = """
                |
                |
      yyyy      |
    yywwyyyy    |
   yywwyyyyyy   |
   ywwyykyyyyo  |
  yyyyyyyyyyyo  |
  yyyyyyyyyyoo  |
  yykyyyyyykoo  |
  yyyyyyyyyyoo  |
   yyyyykyyooo  |
   oyyyyyyoooo  |
    ooyyooooo   |
      ooooo     |
   ..........   |
                |
"""
_DRAWN = {"goose": _GOOSE, "tile_255": _GOOSE, "lighthouse": _LIGHTHOUSE, "potato": _POTATO}
_TEXTS = {
    "forge.log": (
        "09:30:02 pixelforge 2.4-beta2 (windows)\n"
        "09:30:02 display 1: 2560x1440, scale 1.25\n"
        "09:30:02 display 2: 1280x1024, scale 0.0\n"
        "09:30:02 layout: main window\n"
    ),
    "crash-report.txt": (
        "pixelforge 2.4-beta2\nuser: nadia.k@mail.example\nmachine: NADIA-ATTIC\n"
        "0xC0000005 in PaletteDialog::onColourCounted\n"
    ),
    "crash-report-clean.txt": (
        "pixelforge 2.4-beta2\n0xC0000005 in PaletteDialog::onColourCounted\n"
    ),
}
_RATE = 4000  # samples a second: a hum needs no more, and nine seconds stay below 40 kB


def attachment(name: str) -> Attachment:
    """The file of that name: a log by its text, anything else as a picture."""
    text = _TEXTS.get(name)
    return Attachment(name, text.encode() if text is not None else picture(name))


def picture(name: str, *, scale: int = 8) -> bytes:
    """A PNG of 16×16 big pixels: drawn by hand for what the story shows up close, else woven."""
    drawn = next((art for word, art in _DRAWN.items() if word in name), None)
    rows = _woven(name) if drawn is None else [row[:16] for row in drawn.strip("\n").split("\n")]
    return _png([[_PALETTE[letter] for letter in row] for row in rows], scale)


def hum(seconds: float) -> Attachment:
    """A voice note: one long tone, two short, as the lamp does it; 8-bit WAV."""
    samples = bytearray()
    for index in range(int(seconds * _RATE)):
        at = index / _RATE % 9
        sounds = at < 3 or 5 <= at < 6 or 8 <= at < 9
        samples.append(128 + round(60 * sin(2 * pi * 220 * index / _RATE)) * sounds)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(_RATE)
        sound.writeframes(bytes(samples))
    return Attachment("voice-message.wav", buffer.getvalue(), "audio/wav", seconds=seconds)


def _woven(name: str) -> list[str]:
    """A mirrored pattern that belongs to this name alone."""
    letters = "".join(_PALETTE)
    digest = hashlib.shake_128(name.encode()).digest(8 * 16)
    halves = [digest[row * 8 : row * 8 + 8] for row in range(16)]
    rows = ["".join(letters[byte % 8 if byte > 90 else 0] for byte in half) for half in halves]
    return [row + row[::-1] for row in rows]


def _png(colours: list[list[int]], scale: int) -> bytes:
    """The picture as PNG, true colour; https://www.w3.org/TR/png-3/."""
    raw = b""
    for row in colours:
        line = b"".join(colour.to_bytes(3, "big") * scale for colour in row)
        raw += (b"\x00" + line) * scale
    side = len(colours) * scale
    header = struct.pack(">IIBBBBB", len(colours[0]) * scale, side, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
