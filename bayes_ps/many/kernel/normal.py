r"""The standard normal distribution in arithmetic alone, so that loops over it are vectorised.

A call to the C library for each exp and erfc would take most of the time of an analysis. The
polynomials are written as sums of small ones (Estrin's scheme), which processors do side by side.
"""

from __future__ import annotations

import math

import numpy as np

from bayes_ps.many.kernel.compiled import part

LOG2_E = 1 / math.log(2)
LN2_HIGH, LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding it leaves an integer in the lowest bits
LOWEST = -708.0  # of the argument of exp; below it the result is not a normal number
ROOT_2PI = math.sqrt(2 * math.pi)
PEAK = 1 / ROOT_2PI  # of the density
ROUNDER_BITS = int(np.float64(ROUNDER).view(np.int64))
ROOT_HALF_BITS, BIASED = int(np.float64(math.sqrt(0.5)).view(np.int64)), 1024 << 52
CENTRE = 4.5


@part
def exp(x: float) -> float:
    """e^x to 2 ulp for |x| <= 708, and e^−708 below: x = n log 2 + r, e^r by its Taylor series."""
    x = max(x, LOWEST)
    shifted = x * LOG2_E + ROUNDER
    n = shifted - ROUNDER
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = (1.0 + r) + r2 * (1 / 2 + r * (1 / 6))
    middle = (1 / 24 + r * (1 / 120)) + r2 * (1 / 720 + r * (1 / 5040))
    high = (1 / 40320 + r * (1 / 362880)) + r2 * (1 / 3628800 + r * (1 / 39916800))
    p = low + r4 * (middle + r4 * (high + r4 * (1 / 479001600 + r * (1 / 6227020800))))
    bits = np.float64(p).view(np.int64) + (np.float64(shifted).view(np.int64) << 52)
    return np.int64(bits).view(np.float64)


@part
def log(x: float) -> float:
    """log x to 2 ulp for a normal number x > 0: x = 2^n m, log m = 2 artanh((m − 1) / (m + 1)).

    The coefficients interpolate 2 artanh(s) / s in s² at Chebyshev points, to 1e-18.
    """
    bits = np.float64(x).view(np.int64)
    n = ((bits - ROOT_HALF_BITS + BIASED) >> 52) - 1024
    m = np.int64(bits - (n << 52)).view(np.float64)
    s = (m - 1) / (m + 1)
    z = s * s
    z2 = z * z
    low = (2.0 + z * 0.6666666666666765) + z2 * (0.3999999999930234 + z * 0.2857142876064168)
    high = (0.22222197056726048 + z * 0.18183631680229329) + z2 * (
        0.1531252814836419 + z * 0.14809710360655276
    )
    p = low + z2 * z2 * high
    number = np.int64(n + ROUNDER_BITS).view(np.float64) - ROUNDER
    return number * LN2_HIGH + (p * s + number * LN2_LOW)


@part
def mills(a: float) -> float:
    """Phi(−a) / exp(−a²/2) for a >= 0, to 6e-16 relatively.

    A polynomial in (a − c) / (a + c), divided by a + c: the Chebyshev series of degree 23 of
    (a + c) times the function, made with mpmath (its first neglected term is 2e-17).
    """
    r = 1 / (a + CENTRE)
    t = (a - CENTRE) * r
    t2 = t * t
    t4 = t2 * t2
    t8 = t4 * t4
    p0 = (0.7632305289702032 + t * -0.640257760252617) + t2 * (
        0.4464525170556733 + t * -0.25314179995097763
    )
    p1 = (0.11138259657043223 + t * -0.03387132617683552) + t2 * (
        0.004223613376799493 + t * 0.0017488305627041427
    )
    p2 = (-0.0009177464773392233 + t * 6.381197226276608e-06) + t2 * (
        0.00011204260719214357 + t * -1.5933328540916255e-05
    )
    p3 = (-1.423571236638514e-05 + t * 3.191014860803642e-06) + t2 * (
        2.1426759805083802e-06 + t * -5.019476277896024e-07
    )
    p4 = (-3.7926071995466557e-07 + t * 6.404330177830261e-08) + t2 * (
        7.060212865222912e-08 + t * -4.761202669807594e-09
    )
    p5 = (-1.1251292724707997e-08 + t * -2.976389833802879e-10) + t2 * (
        1.0440252036819998e-09 + t * 9.806383651580134e-11
    )
    p = (p0 + t4 * p1) + t8 * ((p2 + t4 * p3) + t8 * (p4 + t4 * p5))
    return p * r


@part
def rough_ndtri(p: float) -> float:
    """The quantile of p in (0, 1/2], to 4.5e-4: Abramowitz & Stegun 26.2.23."""
    t = math.sqrt(-2 * math.log(p))
    top = 2.515517 + t * (0.802853 + t * 0.010328)
    return top / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
