"""Peer support for chronic musculoskeletal pain: how probable is an effect that matters?

Part 1: the seven pooled results of Wilson et al. 2024 (PAIN 165:2698-2720). The review found
small improvements, none of whose point estimates reached the MCID. The data of its studies are not
public, so each published pool is taken as evidence on the mean effect; what a new setting would
show needs a heterogeneity prior from outside (Rhodes 2015) and is labelled as external. Whoever has
the studies passes them with --studies and gets the full analysis beside the published pools.

Part 2: the same kind of question where the trials are open: self-management of chronic back pain.
"""

import open_trials
import published_pools
from command import parser


def main() -> None:
    made = parser("peer_support", __doc__)
    made.add_argument(
        "--studies",
        help="CSV of the review's studies: comparator, outcome, term (as in the published table), "
        "study, and estimate with se, ci_low and ci_high, or p; or n_t, mean_t, sd_t, n_c, …",
    )
    options = made.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    published_pools.run(options)
    if options.studies:
        published_pools.compare_with_studies(options)
    open_trials.run(options)


if __name__ == "__main__":
    main()
