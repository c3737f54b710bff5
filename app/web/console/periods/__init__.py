"""Periods: opened, extended for a city, closed, and how much of them is filled."""
