"""The web server: takes whole requests from any number of slow connections, and gives them to a WSGI callable."""
