"""The live timing feed: what it says now, and the same tables as from a stored session, growing."""
