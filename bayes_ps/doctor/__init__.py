"""The data doctor: what is wrong in a table of studies. One rule a file."""

from bayes_ps.doctor.examination import examine
from bayes_ps.doctor.finding import Finding
from bayes_ps.doctor.report import Report

__all__ = ["Finding", "Report", "examine"]
