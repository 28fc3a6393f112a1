"""The mood of texts and of periods."""
