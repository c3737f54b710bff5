"""What connects surveys and scoring: settings, database, indicators, runs, publications, jobs, commands and sites."""
