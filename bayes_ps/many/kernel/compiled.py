"""How the kernels are compiled: once, kept on disk, and anew when any of their files changes."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba

# Nothing is allocated within a kernel, so that no reference is counted (_nrt), no lock is held,
# and a division by zero gives what IEEE says.
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
FUSED = {"contract"}  # a * b + c in one instruction
SUMS = FUSED | {"reassoc"}  # and sums in several strands, which are added at the end

# Numba knows only the file of the function that it keeps. The entry closes over this number, which
# is part of what a kept function is found by, so that it does not outlive a change in another file.
FILES = sorted(Path(__file__).parent.glob("*.py"))
STAMP = zlib.crc32(b"".join(path.read_bytes() for path in FILES))


def part[Function: Callable[..., Any]](function: Function) -> Function:
    """A function that other kernels call."""
    return numba.njit(fastmath=FUSED, **OPTIONS)(function)


def once[Function: Callable[..., Any]](function: Function) -> Function:
    """A function with one caller, written into it: LLVM would optimise it once more for each of
    the callers above."""
    return numba.njit(fastmath=FUSED, inline="always", **OPTIONS)(function)


def summing[Function: Callable[..., Any]](function: Function) -> Function:
    """A function that sums over nodes, or studies."""
    return numba.njit(fastmath=SUMS, **OPTIONS)(function)


def entry[Function: Callable[..., Any]](signature: Any) -> Callable[[Function], Function]:
    """A function that Python calls: compiled when its file is imported, or read from disk."""

    def kept(function: Function) -> Function:
        try:
            return numba.njit(signature, fastmath=FUSED, cache=True, **OPTIONS)(function)
        except RuntimeError:  # there is no folder that can be written to
            return numba.njit(signature, fastmath=FUSED, **OPTIONS)(function)

    return kept
