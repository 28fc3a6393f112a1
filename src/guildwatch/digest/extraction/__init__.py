"""Telling without a model: quotations, titles and key phrases."""
