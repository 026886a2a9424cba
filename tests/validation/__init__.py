"""What is held against other programs; ``python -m tests.validation`` writes VALIDATION.md."""
