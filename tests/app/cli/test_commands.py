"""The commands as one tree: each is loaded when it is called, and help knows them all."""

import click
import pytest
from click.testing import CliRunner

from app.cli.commands import COMMANDS, cli
from app.cli.lazy import LazyGroup

GROUPS = {"": cli, "jobs": cli.get_command(click.Context(cli), "jobs")}


def test_help_lists_every_command_with_its_line() -> None:
    help_text = CliRunner().invoke(cli, ["--help"]).output
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert f"  {name:13}  {command.get_short_help_str(20).removesuffix('...')}" in help_text


@pytest.mark.parametrize("words", [["nothing"], ["jobs", "nothing"]])
def test_a_command_that_does_not_exist_is_named(words: list[str]) -> None:
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 2
    assert "No such command 'nothing'" in result.output


@pytest.mark.parametrize("name", GROUPS)
def test_commands_bear_the_name_they_are_listed_by(name: str) -> None:
    group = GROUPS[name]
    assert isinstance(group, LazyGroup)
    context = click.Context(group)
    listed = {command: group.get_command(context, command) for command in group.list_commands(context)}
    assert listed
    assert {command: loaded.name for command, loaded in listed.items() if loaded} == {name: name for name in listed}
