"""Every page of a publication that is asked for, as the portal would show it; for staff alone."""
