"""The cities and districts, and how many people of each kind live there."""
