"""The command line, ``bayes-ps`` or ``python -m bayes_ps``: the application on top of the rooms.

``analyse`` a file into a folder with the report, ``examine`` a table for what is wrong in it, and
list the published ``priors`` of heterogeneity and the published values of an ``mcid``.

Exit codes: 0 done; 1 done, but something was found (by ``examine``) or may not be reported (by
``analyse``, whose folder is there all the same); 2 bad input or usage; 3 the folder could not be
written; 70 a bug in bayes_ps; 130 stopped by Ctrl-C; 143 ended by SIGTERM, 129 by SIGHUP.
"""

from bayes_ps.cli.command_line import main

__all__ = ["main"]
