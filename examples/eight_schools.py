"""Eight schools (Rubin 1981): the example that every PyMC user knows, by both engines."""

import command

import bayes_ps as bps
from models import RandomEffects, priors

options = command.parser("eight_schools", __doc__).parse_args()
effects = bps.Effects.from_estimates(
    y=[28, 8, -3, 7, -1, 1, 18, 12],
    se=[15, 10, 16, 11, 9, 11, 10, 18],
    study=list("ABCDEFGH"),
    measure="MD",
    better="higher",
    unit="points (SAT verbal)",
)
model = RandomEffects(mu=priors.normal(0, 5), tau=priors.half_cauchy(5))
exact = bps.fit(model, effects, seed=options.seed)
command.show("Exact posterior", exact.to_frame(), digits=2)
mcid = bps.MCID(5, unit=effects.unit, source="for illustration", kind="rule of thumb")
print(f"\n{bps.decide(exact, mcid)}")
command.save(bps.plot_forest(exact, mcid=mcid), options.output / "forest.png")
command.save(bps.plot_tau_trace(exact), options.output / "tau_trace.png")
bps.decide(exact, mcid).to_frame().to_csv(options.output / "results.csv", index=False)
if options.engine != "exact":
    nuts = bps.fit(model, effects, engine="nuts", seed=options.seed)
    print(f"\n{bps.diagnose(nuts)}\n{bps.certify(nuts)}")
    command.save(bps.plot_rank(nuts), options.output / "rank.png")
