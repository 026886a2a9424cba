"""Write VALIDATION.md: ``python -m tests.validation``."""

from tests.validation.page import PAGE, page

PAGE.write_text(page())
