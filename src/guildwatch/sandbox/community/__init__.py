"""The made-up community that lives in the sandbox."""
