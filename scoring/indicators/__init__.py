"""Reported values to percent of implementation, indicators to areas."""
