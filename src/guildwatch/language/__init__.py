"""The door to the language model: budgets, queue, streaming, failures."""
