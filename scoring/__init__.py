"""From indicators and counted answers to a city rating; pure: no clock, no database, no network."""
