"""Discord's REST API v10, one file a resource, each a list of routes."""
