"""The command line's front door: global options, one sentence for each error, the exit codes. Knows no flow.

A command's module is imported when it is called: all of them take a second, half of what a capture takes to begin.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import click

from archiver import __version__
from archiver.cli.context import Door
from archiver.errors import ArchiverError
from archiver.settings import from_environment

HELP = """Keep what was seen online: captured whole, hashed, dated and encrypted.

Start with: archiver capture ADDRESS

The options below stand before the command; --json and --quiet may stand behind it too.

Exit codes: 0 all well; 1 something was found or could not be done; 2 asked wrongly; 3 the vault can't be opened;
4 a browser or another instrument is missing.
"""
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
COMMANDS: Mapping[str, str] = {  # name: where it stands
    "anchor": "anchor_command.anchor",
    "backup": "backup_commands.backup",
    "bundle": "bundle_commands.bundle",
    "capture": "capture_command.capture",
    "compare": "compare_command.compare",
    "doctor": "setup_commands.doctor",
    "init": "vault_commands.init",
    "list": "look_commands.list_captures",
    "login": "login_commands.login",
    "read": "vault_commands.read",
    "recover": "key_commands.recover",
    "restore": "backup_commands.restore",
    "search": "look_commands.search",
    "setup": "setup_commands.setup",
    "show": "look_commands.show",
    "slots": "key_commands.slots",
    "timeline": "timeline_command.show_timeline",
    "verify": "verify_command.verify",
    "watch": "watch_commands.watch",
}


class Commands(click.Group):
    """All commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            module, _, name = COMMANDS[cmd_name].partition(".")
            self.commands[cmd_name] = everywhere(getattr(import_module(f"archiver.cli.{module}"), name))
        return self.commands.get(cmd_name)


def everywhere(command: click.Command) -> click.Command:
    """--json and --quiet may stand behind the command's name too: that is where people put them."""
    for name in ("json", "quiet"):
        option = click.Option([f"--{name}"], is_flag=True, expose_value=False, hidden=True, callback=_said_late)
        command.params.append(option)
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        everywhere(inner)
    return command


def _said_late(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    if value:
        setattr(ctx.obj, "as_json" if option.name == "json" else "quiet", True)


@click.group(cls=Commands, help=HELP, context_settings=SETTINGS)
@click.option("--vault", type=click.Path(path_type=Path, file_okay=False), help="The vault's folder (ARCHIVER_VAULT).")
@click.option("--passphrase-fd", type=int, metavar="N", help="Read the passphrase's line from file descriptor N.")
@click.option("--operator", metavar="NAME", help="Who sits at the keyboard; written into what is kept.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line on standard output.")
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
@click.version_option(__version__, prog_name="archiver")
@click.pass_context
def archiver(
    ctx: click.Context, vault: Path | None, passphrase_fd: int | None, operator: str | None, as_json: bool, quiet: bool
) -> None:
    settings = from_environment(os.environ)
    settings = replace(settings, vault=vault or settings.vault, operator=operator or settings.operator)
    ctx.obj = Door(settings, as_json=as_json, quiet=quiet, passphrase_fd=passphrase_fd)


def main(arguments: list[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    code = run(sys.argv[1:] if arguments is None else arguments)
    gc.freeze()  # nothing imported is garbage; to look for it cost every run 0.1 s at its end
    sys.exit(code)


def run(arguments: list[str]) -> int:
    try:
        code = archiver.main(args=arguments, prog_name="archiver", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. What was kept stays kept.", err=True)
        return 1
    except ArchiverError as error:
        click.echo(f"{error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that closing stdout at exit says nothing
        return 1
    return code if isinstance(code, int) else 0
