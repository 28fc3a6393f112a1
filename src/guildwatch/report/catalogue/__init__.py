"""The fixed words of reports, a file a language: `en.toml` tells which there must be."""
