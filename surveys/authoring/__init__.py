"""How a questionnaire is written, checked and read from YAML."""
