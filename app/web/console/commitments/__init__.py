"""Commitments of administrations: the board, the page of one, and its steps."""
