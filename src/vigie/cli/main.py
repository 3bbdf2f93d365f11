"""`vigie`: one small module per verb, imported only when that verb is asked for."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from vigie import __version__

VERBS = {
    "demo": "An invented month: see what vigie does.",
    "read": "Read logs, find attacks, archive the evidence.",
    "count": "The headline, and how it came about.",
    "explain": "From a number, an attack or a signal down to raw lines.",
    "show": "Lists: attacks, attempts, signals, sources, files, unread …",
    "report": "What leaves the house: for the press, a CERT, partners, machines.",
    "doctor": "What your logs cannot show, and the lines to add.",
    "update": "Newer tables of countries and lists of relays, from a file or a URL.",
    "serve": "The dashboard, in a browser on this machine.",
    "sql": "Read-only SQL over the archive.",
    "test": "One line: who reads it, what is found in it, and why.",
}
"""Each verb and its sentence, in the order of the help. Module `vigie.cli.verb_<name>`, command `command`."""

EXAMPLES = """\b
Examples:
  vigie demo                             an invented month, in seconds
  vigie read /var/log/nginx/access.log*  read your own logs
  vigie count                            how many attacks, and how we know
  vigie explain count                    from that number to the raw lines
"""


class Verbs(click.Group):
    """Loads a verb's module when it is used, so that `vigie --help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Verbs in the order of a day's work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the module of a verb."""
        if name not in VERBS:
            return None
        command = import_module(f"vigie.cli.verb_{name}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"vigie.cli.verb_{name}.command is no click command")
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Four examples first, then the verbs."""
        formatter.write_text("vigie: how many attacks, of what kind, and how do you know?")
        formatter.write_paragraph()
        for line in EXAMPLES.removeprefix("\b\n").splitlines():
            formatter.write(line + "\n")
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))
        self.format_options(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Written by `format_help`, without importing the verbs."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest verb for a misspelt one."""
        name = args[0]
        if name not in VERBS and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, VERBS, 1)
            hint = f" Did you mean `vigie {near[0]}`?" if near else " `vigie --help` lists the verbs."
            raise click.UsageError(f"no verb {name!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="vigie %(version)s")
def cli() -> None:
    """How many attacks, of what kind, and how do you know."""


def main() -> None:
    """Entry point: exit codes of the interface, no traceback for what a user can mend."""
    from vigie.cli.failure import NOTHING_READ, Failure

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # no linear algebra here; threads would forbid quick copies of the process
    try:
        cli.main(prog_name="vigie", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except Failure as failure:
        click.echo(f"vigie: {failure}", err=True)
        sys.exit(failure.code)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("vigie: interrupted; what was committed is safe, the same command goes on from there", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        if sys.stdout is not None:  # what could not be written is not tried again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        where = f"{error.filename!r}: " if error.filename else ""
        click.echo(f"vigie: {where}{error.strerror or error}. What was archived is safe. Try: df -h, or another folder", err=True)
        sys.exit(NOTHING_READ)


if __name__ == "__main__":
    main()
