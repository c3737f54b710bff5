"""What an operator can see of a running installation: counters, figures, readiness and log lines; nothing of people."""
