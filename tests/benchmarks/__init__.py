"""How fast bayes_ps is, beside what others take: ``python -m tests.benchmarks [name …]``.

A file a room; each has `CASES`, functions of a size (1 is the real one) that give figures. To add
one, write its file and put it into `ROOMS` of ``__main__.py``. `test_benchmarks.py` runs
every case at a tiny size.
"""
