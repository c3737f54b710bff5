"""Indicator values of a city: the list, the page of one value, and what is sent to the ministry."""
