"""What the papers reported: read tables of studies, and the instruments that they name."""

from bayes_ps.studies.cochrane import read_cochrane
from bayes_ps.studies.instrument_table import instruments
from bayes_ps.studies.reader import read_studies
from bayes_ps.studies.revman5 import read_rm5
from bayes_ps.studies.scales import with_instruments
from bayes_ps.studies.studies import Studies

__all__ = [
    "Studies",
    "instruments",
    "read_cochrane",
    "read_rm5",
    "read_studies",
    "with_instruments",
]
