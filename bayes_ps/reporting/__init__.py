"""What a reviewer, a panel and a journal can use: the summary of findings and the report."""

from bayes_ps.reporting.findings import Finding, OutcomeRow, SummaryOfFindings, summary_of_findings
from bayes_ps.reporting.report_page import write_report

__all__ = ["Finding", "OutcomeRow", "SummaryOfFindings", "summary_of_findings", "write_report"]
