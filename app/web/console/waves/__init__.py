"""Waves: planned, opened, closed and frozen, and how far they have come."""
