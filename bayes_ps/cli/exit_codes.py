"""How a command ends: its exit code, and the errors that have codes of their own."""

from __future__ import annotations

from bayes_ps.checks import BayesPSError

DONE, FOUND, BAD_INPUT, NOT_WRITTEN, BUG, STOPPED = 0, 1, 2, 3, 70, 130

MEANING = """\
exit codes: 0 done; 1 done, but there are findings (examine), or the numbers may not be reported
  (analyse); 2 bad input or usage; 3 the folder could not be written; 70 a bug; 130 stopped by
  Ctrl-C; 143 ended by SIGTERM, 129 by SIGHUP"""


class NotWrittenError(BayesPSError):
    """The folder of an analysis could not be written: rights, a full disk, a disk that failed."""


class Ended(KeyboardInterrupt):
    """SIGTERM or SIGHUP: whoever runs this process asks it to end, or its terminal was closed."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
