"""How a step of a questionnaire looks, below the survey that asks and the console that shows it beforehand."""
