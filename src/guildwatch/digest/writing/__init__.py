"""Telling with a model: calls, budgets, what is kept of the answers, translation."""
