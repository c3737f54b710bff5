"""Answers counted: one vector of integers for each weighting cell."""
