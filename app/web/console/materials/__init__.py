"""What is made for the field in one city: posters, links, paper forms, letters with codes, operators' passes."""
