"""What the threat model names as its proofs is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_row_of_the_threat_model_names_what_shows_it() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 12
    for row in rows:
        shown = re.findall(r"`((?:tests|benchmarks)/[^`]+)`", row)
        assert shown, row
        assert [path for path in shown if not (ROOT / path).is_file()] == []
