"""Keeping a list with its filters under a name."""
