"""Area scores to city totals and places."""
