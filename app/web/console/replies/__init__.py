"""Replies of administrations: the list, writing side by side, releasing, correcting, withdrawing."""
