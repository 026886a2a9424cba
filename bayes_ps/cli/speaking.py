"""What the command line says: answers on stdout; progress, notes and trouble on stderr."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and lone surrogates: names in a table must not steer a terminal."""


def answer(text: str) -> None:
    """A line, or several, on stdout."""
    _write(sys.stdout, text)


def aside(text: str) -> None:
    """A line, or several, on stderr."""
    _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    shown = UNSEEN.sub("\ufffd", text) + "\n"
    try:
        stream.write(shown)
    except UnicodeEncodeError:  # a terminal that does not know ≥ or µ
        encoding = stream.encoding or "ascii"
        stream.write(shown.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


class Progress:
    """The steps of a long command, and what must be noted on the way; silent if `quiet`."""

    def __init__(self, show: Callable[[str], None] | None = None, *, quiet: bool) -> None:
        self._show, self._quiet = show, quiet

    def step(self, text: str) -> None:
        """What is done next."""
        if self._show is not None:
            self._show(UNSEEN.sub("\ufffd", text))
        elif not self._quiet:
            aside(f"{text} …")

    def note(self, text: str) -> None:
        """What was found or assumed."""
        if not self._quiet:
            aside(f"Note: {text}")


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """On a terminal one line that changes, by rich; elsewhere a line a step."""
    if quiet or not sys.stderr.isatty():
        yield Progress(quiet=quiet)
        return
    from rich.console import Console
    from rich.text import Text  # in which nothing is markup

    with Console(stderr=True).status("") as status:
        yield Progress(lambda text: status.update(Text(text)), quiet=False)
