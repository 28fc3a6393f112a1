"""Measures what the product does against what people did with the same text."""
