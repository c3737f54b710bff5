"""The site of administrations and the ministry, a folder a subject; knows neither survey nor portal (issue 11)."""
