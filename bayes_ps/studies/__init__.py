"""What the papers reported: read and validate."""

from bayes_ps.studies.reader import read_studies

__all__ = ["read_studies"]
