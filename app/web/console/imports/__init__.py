"""Files of indicators: to be filled in, out, and in again with a preview."""
