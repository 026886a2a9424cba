"""One analysis of a review: its effects, beside what the review prints of them."""

from bayes_ps.reviews.printed_analysis import Analysis, analyses, analysis

__all__ = ["Analysis", "analyses", "analysis"]
