"""Waves: planned, opened, closed and frozen; their channels, progress and paper forms."""
