"""The command line, imported command by command: a web worker carries none of it."""

import importlib
from collections.abc import Mapping, Sequence

import click
from flask.cli import AppGroup


class LazyGroup(AppGroup):
    """A group that knows where its commands are and imports the one that is asked for.

    `places` names, for each module, the commands in its list `commands`.
    """

    def __init__(self, places: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._modules = {name: module for module, names in places.items() for name in names}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, for --help."""
        return sorted({*self._modules, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None where there is none of this name."""
        if cmd_name not in self._modules:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(self._modules[cmd_name])
        found: click.Command = next(command for command in module.commands if command.name == cmd_name)
        return found
