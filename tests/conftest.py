"""One thread for linear algebra: our matrices are small, and threads that wait only cost time."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
