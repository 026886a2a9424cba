"""``python -m bayes_ps``: the command line."""

import sys

from bayes_ps.cli import main

if __name__ == "__main__":
    sys.exit(main())
