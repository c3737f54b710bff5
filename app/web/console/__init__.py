"""The console: what administrations and operators see."""
