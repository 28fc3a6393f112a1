"""What people and bots do in the sandbox; each act checks permissions and tells the gateway."""
