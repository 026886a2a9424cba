"""Conversions: what a paper gives, as what an analysis needs. One family a file."""

from bayes_ps.effects.conversions.change_scores import (
    correlation_from_sds,
    sd_of_change,
    sweep_correlations,
)
from bayes_ps.effects.conversions.cluster_trials import (
    cluster_size_cv,
    design_effect,
    design_effect_from_se,
    effective_counts,
    effective_n,
    icc_from_design_effect,
    inflate_se,
)
from bayes_ps.effects.conversions.combined_arms import (
    Counts,
    Group,
    combine_arms,
    combine_counts,
)
from bayes_ps.effects.conversions.correlations import (
    r_from_smd,
    r_from_z,
    se_of_fisher_z,
    smd_from_r,
    z_from_r,
)
from bayes_ps.effects.conversions.cross_over import (
    correlation_from_paired_se,
    se_from_paired_ci,
    se_from_paired_p,
    se_of_paired_difference,
    smd_from_cross_over,
)
from bayes_ps.effects.conversions.group_sd import ci_from_sd, sd_from_ci, sd_from_se, se_from_sd
from bayes_ps.effects.conversions.hazard_ratio import LogRank, log_hr_from_o_e, o_e_from_log_hr
from bayes_ps.effects.conversions.odds_and_risk_ratio import (
    log_or_from_log_rr,
    log_rr_from_log_or,
)
from bayes_ps.effects.conversions.odds_ratio_and_smd import log_or_from_smd, smd_from_log_or
from bayes_ps.effects.conversions.points import points_from_smd, smd_from_points
from bayes_ps.effects.conversions.quantiles import (
    MeanSD,
    mean_sd_from_quantiles,
    sd_from_iqr,
    sd_from_range,
)
from bayes_ps.effects.conversions.rescaled import Rescaled
from bayes_ps.effects.conversions.shared_control import SplitControl, split_shared_control
from bayes_ps.effects.conversions.skewness import SkewnessTest, skewness_test
from bayes_ps.effects.conversions.two_groups import (
    p_from_t,
    sd_from_difference_ci,
    sd_from_difference_f,
    sd_from_difference_p,
    sd_from_difference_se,
    sd_from_difference_t,
    se_from_difference_ci,
    se_from_difference_f,
    se_from_difference_p,
    se_from_difference_t,
    se_of_difference,
    t_from_p,
)

__all__ = [
    "Counts",
    "Group",
    "LogRank",
    "MeanSD",
    "Rescaled",
    "SkewnessTest",
    "SplitControl",
    "ci_from_sd",
    "cluster_size_cv",
    "combine_arms",
    "combine_counts",
    "correlation_from_paired_se",
    "correlation_from_sds",
    "design_effect",
    "design_effect_from_se",
    "effective_counts",
    "effective_n",
    "icc_from_design_effect",
    "inflate_se",
    "log_hr_from_o_e",
    "log_or_from_log_rr",
    "log_or_from_smd",
    "log_rr_from_log_or",
    "mean_sd_from_quantiles",
    "o_e_from_log_hr",
    "p_from_t",
    "points_from_smd",
    "r_from_smd",
    "r_from_z",
    "sd_from_ci",
    "sd_from_difference_ci",
    "sd_from_difference_f",
    "sd_from_difference_p",
    "sd_from_difference_se",
    "sd_from_difference_t",
    "sd_from_iqr",
    "sd_from_range",
    "sd_from_se",
    "sd_of_change",
    "se_from_difference_ci",
    "se_from_difference_f",
    "se_from_difference_p",
    "se_from_difference_t",
    "se_from_paired_ci",
    "se_from_paired_p",
    "se_from_sd",
    "se_of_difference",
    "se_of_fisher_z",
    "se_of_paired_difference",
    "skewness_test",
    "smd_from_cross_over",
    "smd_from_log_or",
    "smd_from_points",
    "smd_from_r",
    "split_shared_control",
    "sweep_correlations",
    "t_from_p",
    "z_from_r",
]
