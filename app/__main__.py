"""`python -m app …`: the command line."""

from app.cli.commands import cli
from app.faults import keep_words_out

if __name__ == "__main__":
    keep_words_out()
    cli(prog_name="python -m app")
