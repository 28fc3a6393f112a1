"""The failures of an Ollama server, each turned into a sentence with its way out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pydantic
from ollama import ResponseError

from guildwatch.config import Redactor
from guildwatch.language.errors import ModelError

_MOST_READ = 2_000  # characters of what a server says of itself


class Trouble:
    """Words ModelErrors for one model at one address."""

    def __init__(self, name: str, address: str) -> None:
        self._name = name
        self._address = address

    def garbled(self) -> ModelError:
        """The answer is not what was asked for."""
        return ModelError(
            "garbled", f"{self._name} answered with something else than was asked for."
        )

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn whatever the client raises into ModelError."""
        try:
            yield
        except ResponseError as error:
            raise self._from_response(error) from error
        except TimeoutError as error:
            raise self.timed_out() from error
        except (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError) as error:
            raise self.unreachable() from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise self.cut() from error
        except (
            httpx.InvalidURL,
            pydantic.ValidationError,
            ValueError,
            AttributeError,
            TypeError,
        ) as error:
            raise ModelError(
                "garbled",
                f"What answers at {self._address} does not speak as Ollama does. "
                "Correct ollama.host, or update Ollama.",
            ) from error

    def _from_response(self, error: ResponseError) -> ModelError:
        if error.status_code == 404:
            return self.missing()
        if error.status_code == -1:
            return self.cut(_said(error))
        return ModelError(
            "refused",
            f"Ollama at {self._address} refused the call ({error.status_code}: {_said(error)}). "
            "Its own log says more: journalctl -u ollama",
        )

    def unreachable(self) -> ModelError:
        """The server is not there."""
        return ModelError(
            "unreachable",
            f"Ollama at {self._address} does not answer. Start it with: ollama serve. "
            "Until then reports are extractive.",
        )

    def missing(self) -> ModelError:
        """The server lacks the model."""
        return ModelError(
            "missing",
            f"Ollama at {self._address} does not have {self._name}. "
            f"Fetch it with: ollama pull {self._name}",
        )

    def timed_out(self) -> ModelError:
        """Patience ran out."""
        return ModelError(
            "timeout",
            f"{self._name} at {self._address} took too long to answer. "
            "See whether it fits into your GPU's memory with: ollama ps",
        )

    def preempted(self) -> ModelError:
        """A background call gave way."""
        return ModelError(
            "preempted", f"{self._name} was wanted for something more urgent; it is asked later."
        )

    def cut(self, said: str = "") -> ModelError:
        """The answer ended before its end; `said` are the server's words about it."""
        because = f" ({said})" if said else ""
        return ModelError("cut", f"{self._name} stopped in the middle of its answer{because}.")

    def too_long(self, context: int) -> ModelError:
        """The prompt did not fit the window."""
        return ModelError(
            "truncated",
            f"A prompt was too long for {self._name} with a context of {context} tokens. "
            "Raise ollama.context if your GPU's memory allows it.",
        )


def _said(error: ResponseError) -> str:
    """The server's own words, short, on one line, without tokens or what commands a terminal."""
    words = Redactor()(re.sub(r"\s+", " ", error.error[:_MOST_READ]))
    return "".join(filter(str.isprintable, words))[:160].strip() or "it did not say why"
