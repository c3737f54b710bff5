"""The tables of a rating, with diagnostics and the findings of the linter."""
