"""`main`: the whole command line, and how each way to fail ends."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import traceback
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from bayes_ps import __version__
from bayes_ps.checks import BayesPSError
from bayes_ps.cli import analyse, examine, mcid, priors
from bayes_ps.cli.exit_codes import (
    BAD_INPUT,
    BUG,
    DONE,
    MEANING,
    NOT_WRITTEN,
    STOPPED,
    Ended,
    NotWrittenError,
)
from bayes_ps.cli.speaking import aside

DEBUG = "errors with their traceback"
DESCRIPTION = "Bayesian meta-analysis: how probable is an effect that matters?"
EPILOG = f"bayes-ps COMMAND --help says more, with examples.\n\n{MEANING}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : as typed, without the name of the program; those of the process if None.
    """
    typed = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = whole_parser().parse_args(typed)
    except SystemExit as stop:  # --help, --version, or a usage that was said already
        return int(stop.code or 0)
    options.typed = typed
    with _ended_by_signals():
        return _carefully(options)


def whole_parser() -> ArgumentParser:
    """All commands with their options."""
    parser = ArgumentParser(
        prog="bayes-ps",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"bayes-ps {__version__}")
    parser.add_argument("--debug", action="store_true", help=DEBUG)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (analyse, examine, priors, mcid):
        command.add(commands)
    for each in commands.choices.values():
        each.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=DEBUG)
    return parser


def _carefully(options: Namespace) -> int:
    try:
        return int(options.run(options))
    except KeyboardInterrupt as stop:
        aside("Stopped. No half folder is left.")
        return 128 + stop.number if isinstance(stop, Ended) else STOPPED
    except BrokenPipeError:  # as in: bayes-ps mcid | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except BayesPSError as error:
        _trouble(options, str(error))
        return NOT_WRITTEN if isinstance(error, NotWrittenError) else BAD_INPUT
    except Exception as error:
        _trouble(
            options,
            f"{type(error).__name__}: {error}. This is a bug in bayes_ps. Please report it with "
            f"what bayes-ps --debug {' '.join(options.typed)} shows.",
        )
        return BUG


def _trouble(options: Namespace, text: str) -> None:
    if options.debug:
        aside(traceback.format_exc())
    aside(f"bayes-ps: {text}")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM and a closed terminal end like Ctrl-C, so that what is half done is removed."""
    if threading.current_thread() is not threading.main_thread():
        yield  # handlers belong to the main thread
        return

    def end(number: int, _: Any) -> NoReturn:
        raise Ended(number)

    known = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {each: signal.getsignal(each) for each in known}
    heard = [each for each in known if before[each] is not signal.SIG_IGN]  # nohup ignores SIGHUP
    for each in heard:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each in heard:
            signal.signal(each, before[each])
