"""Where scripts and the page of two texts keep a form that is half typed."""
