"""What is printed: posters, letters and paper questionnaires, as PDF."""
