"""Bad input of a decision: each error names the thing, and the call that mends it."""

import pytest

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision import MCID, absolute_risk, anchors, bands, responders
from models import CommonEffect
from tests.unit.making import fitted, made

UNIT = "points (0-100)"
FIT, FOUR = fitted(), MCID(4, UNIT)
SMD = fitted(made([-0.4], [0.15], measure="SMD", unit="SD units"), CommonEffect(priors.flat()))
RATIO = fitted(made([-0.4], [0.15], measure="OR", unit="log OR"), CommonEffect(priors.flat()))

NUMBERS = {
    "decide": lambda: bps.decide(FIT, 4),
    "mcid_curve": lambda: bps.mcid_curve(FIT, 4),
    "responders": lambda: responders(FIT, 4, sd=20, control_mean=-5),
    "responders of an SMD": lambda: responders(SMD, 4, sd=20, control_mean=-5),
    "robustness": lambda: bps.robustness(FIT, 4),
    "reportable": lambda: bps.reportable(FIT, 4),
    "tipping_bias": lambda: bps.tipping_bias(FIT, 4, high_risk=["A"]),
    "leave_one_out": lambda: bps.sensitivity.leave_one_out(FIT, 4),
    "prior grid": lambda: bps.sensitivity.priors(
        FIT.effects, mu=[priors.flat()], mcid=4, tau=[priors.half_normal(5)]
    ),
}


@pytest.mark.parametrize("ask", NUMBERS.values(), ids=NUMBERS.keys())
def test_a_bare_number_is_no_mcid(ask):
    with pytest.raises(UnitError, match=r"bps\.MCID\(4, unit='(points \(0-100\)|SD units)'\)"):
        ask()


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: MCID(10), r'needs its unit, as in MCID\(10, unit="points \(0-100\)"\)'),
        (lambda: bps.decide(FIT, MCID(1, "points (0-10)")), r"MCID\(1, unit='points \(0-100\)'\)"),
        (
            lambda: bps.decide(SMD, FOUR),
            r"State the SD .*points_from_smd\(effects, sd, unit='points \(0-100\)'\)",
        ),
        (lambda: MCID(10, UNIT, direction="both"), "derived for.*effects.better"),
        (lambda: MCID((-10, 10), UNIT), r"a size > 0, but is -10.*effects\.better"),
        (
            lambda: anchors([FOUR, MCID(8, UNIT, direction="worsening")]),
            'for improvement and some for worsening.*direction="improvement"',
        ),
        (lambda: responders(SMD, FOUR, control_mean=-5), r"the SD .*sd=20, control_mean=-5"),
        (lambda: responders(FIT, FOUR, control_mean=-5), r"the SD .*sd=20, control_mean=-5"),
        (
            lambda: responders(FIT, FOUR, sd=20, control_share=30),
            r"\(0, 1\), but is 30. 30 % is 0.3",
        ),
        (lambda: absolute_risk(RATIO, 20), r"risk must lie in \(0, 1\), but is 20. 20 % is 0.2"),
        (lambda: absolute_risk(RATIO, [0.1, 1.2]), r"but is 1.2"),
        (lambda: bands(FIT, (MCID([4, 5], UNIT), 10, 20)), r"not one number.*quantile\(0\.5\)"),
    ],
)
def test_the_error_names_the_mend(ask, said):
    with pytest.raises(BayesPSError, match=said):
        ask()


def test_nothing_is_no_mcid_either():
    with pytest.raises(UnitError, match="MCID"):
        bps.decide(FIT, None)
