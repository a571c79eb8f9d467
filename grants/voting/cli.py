"""Commands of voting: thin entry points."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from grants.foundation.errors import NotFound
from grants.voting.counting.variants import Completion, Fill, Method, Utility

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("count")
@click.argument("file", type=_FILE)
@click.option(
    "--rule", type=click.Choice([str(value) for value in Method]), required=True, help="Greedy or equal shares."
)
@click.option(
    "--utility",
    type=click.Choice([str(value) for value in Utility]),
    default=str(Utility.COST),
    show_default=True,
    help="What a funded project is worth to its supporter (mes).",
)
@click.option(
    "--completion",
    type=click.Choice([str(value) for value in Completion]),
    default=str(Completion.ADD1),
    show_default=True,
    help="How shares are raised while money is left (mes); add1e also stops when nothing more fits.",
)
@click.option(
    "--fill",
    type=click.Choice([str(value) for value in Fill]),
    default=str(Fill.NONE),
    show_default=True,
    help="What the rest of the budget is spent on (mes).",
)
@click.option("--threshold", type=click.IntRange(min=0), default=0, help="The least score a project needs.")
@click.option("--ties", type=_FILE, help="A file with the project ids in the order in which they win ties, one a line.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def count_command(file: Path, as_json: bool, ties: Path | None, **settings: Any) -> None:
    """Count a Pabulib election: winners, total cost, rounds. Exact arithmetic.

    Ties go by file order (greedy) or by lowest cost, most votes, file order (mes) unless --ties says otherwise.

    \b
    Examples:
      flask --app wsgi count vote.pb --rule greedy
      flask --app wsgi count vote.pb --rule mes --completion add1 --json
      flask --app wsgi count vote.pb --rule mes --utility cardinality --fill greedy --ties lot.txt
    """
    # Every process of the application loads its commands; only this one needs numpy
    from grants.voting.counting.files import count_file

    try:
        lines = ties.read_text("utf-8-sig").splitlines() if ties is not None else []
        order = [line.strip() for line in lines if line.strip()]
        answer = count_file(file, ties=order, **settings)
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from error
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _as_text(answer))


def _as_text(answer: dict[str, Any]) -> str:
    """Return a result for reading: one line a round, then the sums."""
    lines = [f"{'':>3} {'project':<20} {'votes':>8} {'effective':>10} {'payment':>12} {'cost':>14} {'total':>14}"]
    for number, row in enumerate(answer["rounds"], start=1):
        figures = f"{row['votes']:>8} {row['effective_votes']:>10.2f} {row['payment']:>12.2f}"
        lines.append(f"{number:>3} {row['project_id']:<20} {figures} {row['cost']:>14} {row['running_total']:>14}")
    lines.append(f"{len(answer['winners'])} winners, {answer['total_cost']} of {answer['budget']}")
    if answer["smallest_gap"] is not None:
        lines.append(f"smallest gap {answer['smallest_gap']:.3g}, settled exactly: {answer['settled_exactly']}")
    return "\n".join(lines)


poll_group = AppGroup("poll", help="Polls and their proof.")


@poll_group.command("bundle")
@click.argument("poll")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The directory to write to; made if it is not there, refused if something is in it.",
)
def bundle_command(poll: str, output: Path) -> None:
    """Write the proof bundle of a counted poll: all that is needed to count it again, with the program that does.

    \b
    Example:
      flask --app wsgi poll bundle TP-01-001-01 -o proof
    """
    from grants.voting import queries
    from grants.voting.service import bundle

    try:
        fingerprint = bundle.write(queries.get_poll(poll), output)
    except NotFound as error:
        raise click.ClickException(f"no poll {poll}") from error
    except FileExistsError as error:
        raise click.ClickException(f"{output} is not empty") from error
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{output}: python3 verify.py counts {poll} again. SHA-256 of manifest.json: {fingerprint}")


@click.command("verify")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
def verify_command(directory: Path) -> None:
    """Count a poll again from its proof bundle and compare everything; exit 1 when anything does not agree.

    \b
    Example:
      flask --app wsgi verify proof
    """
    from grants.voting import verify

    try:
        wrong = verify.check(directory)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise click.ClickException(f"{directory} cannot be read or a ballot is not valid: {error!r}") from error
    click.echo("\n".join(f"✗ {words}" for words in wrong) or "✓ rules, leaves, roots, roll, ballots and result agree")
    if wrong:
        sys.exit(1)


commands = (count_command, poll_group, verify_command)
