"""Sending values to the ministry: what is sent, what stands in the way, and what is empty."""
