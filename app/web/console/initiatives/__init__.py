"""Initiatives: of a city, examined by the ministry, set beside those of other cities and beside figures."""
