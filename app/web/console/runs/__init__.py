"""Runs: the list, a run, two runs side by side, and making one."""
