"""`python -m guildwatch`, and what the console script runs."""

import sys

from guildwatch.cli import main

if __name__ == "__main__":
    sys.exit(main())
