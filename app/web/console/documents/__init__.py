"""Documents of cities: their strategy and their architecture, kept by the city and released by its lead."""
