"""The demo country: real open figures, and synthetic data that is labelled so wherever it shows."""
