"""A report: digest, mood and activity of a period, and its renderings."""
