"""The draws of the posterior as a file that ArviZ and xarray open: NetCDF or Zarr."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bayes_ps.checks import BayesPSError

if TYPE_CHECKING:
    from bayes_ps.posterior import Fit

NETCDF = ("h5netcdf", "netCDF4")


def checked_format(asked: str) -> str:
    """ "netcdf", "zarr" or "none": what was asked for, or what there is.

    Raises
    ------
    BayesPSError
        If the package that writes it is not installed.
    """
    has = {"netcdf": any(map(find_spec, NETCDF)), "zarr": bool(find_spec("zarr")), "none": True}
    if asked == "auto":
        return next(name for name in ("netcdf", "zarr", "none") if has[name])
    if not has[asked]:
        package = "h5netcdf h5py" if asked == "netcdf" else "zarr"
        raise BayesPSError(
            f"--posterior {asked} needs a package that is not installed: pip install {package}. "
            f"Or choose another format."
        )
    return asked


def write_posterior(folder: Path, fit: Fit, kind: str) -> None:
    """``posterior.nc``, or the folder ``posterior.zarr``: posterior, likelihood, predictive, data.

    `xarray.open_datatree` opens both.
    """
    if kind == "netcdf":
        engine: Literal["h5netcdf", "netcdf4"]
        engine = "h5netcdf" if find_spec("h5netcdf") else "netcdf4"
        fit.dt.to_netcdf(folder / "posterior.nc", engine=engine)
    elif kind == "zarr":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that Zarr 3 has no standard of consolidated metadata
            fit.dt.to_zarr(folder / "posterior.zarr")
