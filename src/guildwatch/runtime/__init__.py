"""The one place where the parts are put together, run, and stopped in stages."""
