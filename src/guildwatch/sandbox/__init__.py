"""A strict little Discord on loopback."""
