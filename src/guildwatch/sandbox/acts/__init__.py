"""What people and bots do in the sandbox; each act checks permissions and tells the gateway.

One class in several files, each building on the one before: founding (guilds, roles, channels),
posting (how a message comes to be), talking, membership, threads, commanding, answering.
"""
