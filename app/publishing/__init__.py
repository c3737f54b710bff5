"""Publications: what the portal shows, frozen as a numbered bundle."""
