"""The door against a real, tiny model behind Ollama's API, where there is one."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from guildwatch.language import Ollama, Priority, Prompt

TOOL = Path(__file__).parents[2].parent / "shared" / "tools" / "local_ollama.py"


@pytest.fixture
def url() -> Iterator[str]:
    if not TOOL.exists() or find_spec("xllamacpp") is None:
        pytest.skip("needs shared/tools/local_ollama.py and xllamacpp")
    command = [sys.executable, str(TOOL), "--port", "0", "--alias", "gemma3:27b"]
    command += ["--max-ctx", "1024"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().split()[1]
        server.terminate()


@pytest.mark.long
async def test_a_real_model_writes_the_json_that_it_was_asked_for(url, tmp_path):
    schema = {
        "type": "object",
        "properties": {"title": {"type": "string", "maxLength": 16}},
        "required": ["title"],
    }
    content = "jonas: the save bug again\nMara: an umlaut?\n" * 4
    async with Ollama(url, "gemma3:27b", 1024, "5m", lock_dir=tmp_path) as model:
        await model.check()
        prompt = Prompt("Give the chat a title, as JSON.", content, schema, 40)
        done = await model.complete(prompt, priority=Priority.COMMAND)
        assert isinstance(done.data["title"], str)
        assert done.prompt_tokens <= model.fits(prompt.instructions + content) + 40
