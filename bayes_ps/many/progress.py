"""A progress bar on the terminal, by rich, which PyMC brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(total: int, *, show: bool) -> Iterator[Callable[[int], None]]:
    """Gives a function to call with how many analyses were done since the last call."""
    if not show:
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = "[progress.description]{task.description}", BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("analyses", total=total)
        yield lambda done: progress.advance(task, done)
