"""The operator's console in Textual: it looks at the parts, and nothing pushes at it."""

from guildwatch.console.app import Console
from guildwatch.console.view import View

__all__ = ["Console", "View"]
