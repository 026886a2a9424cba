"""The works that a report names: found by their DOI in what it says, cited in full where known."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bayes_ps.reporting.blocks import Section, Source, Text

DOI = re.compile(r"10\.\d{4,9}/[^\s“”\"'\]]+")
KNOWN = {
    "10.1016/0197-2456(86)90046-2": "DerSimonian R, Laird N. Meta-analysis in clinical trials. "
    "Control Clin Trials 1986;7:177–188.",
    "10.3102/10769986030003261": "Viechtbauer W. Bias and efficiency of meta-analytic variance "
    "estimators in the random-effects model. J Educ Behav Stat 2005;30:261–293.",
    "10.1002/sim.1482": "Knapp G, Hartung J. Improved tests for a random effects meta-regression "
    "with a single covariate. Stat Med 2003;22:2693–2710.",
    "10.1002/sim.2514": "Viechtbauer W. Confidence intervals for the amount of heterogeneity in "
    "meta-analysis. Stat Med 2007;26:37–52.",
    "10.1136/bmj.315.7109.629": "Egger M, Davey Smith G, Schneider M, Minder C. Bias in "
    "meta-analysis detected by a simple, graphical test. BMJ 1997;315:629–634.",
    "10.1002/0470092602": "Spiegelhalter DJ, Abrams KR, Myles JP. Bayesian approaches to clinical "
    "trials and health-care evaluation. Wiley 2004.",
    "10.1038/s41562-021-01177-7": "Kruschke JK. Bayesian analysis reporting guidelines (BARG). "
    "Nature Human Behaviour 2021;5:1282–1291.",
    "10.1136/bmj.n71": "Page MJ, McKenzie JE, Bossuyt PM, et al. The PRISMA 2020 statement. BMJ "
    "2021;372:n71.",
    "10.1016/j.jclinepi.2022.07.014": "GRADE guidance 34: update on rating imprecision using a "
    "minimally contextualized approach. J Clin Epidemiol 2022;150:216–224.",
    "10.18637/jss.v036.i03": "Viechtbauer W. Conducting meta-analyses in R with the metafor "
    "package. J Stat Softw 2010;36(3):1–48.",
    "10.18637/jss.v093.i06": "Röver C. Bayesian random-effects meta-analysis using the bayesmeta R "
    "package. J Stat Softw 2020;93(6):1–51.",
    "10.1002/sim.8057": "Mathur MB, VanderWeele TJ. New metrics for meta-analyses of heterogeneous "
    "effects. Stat Med 2019;38:1336–1342.",
    "10.1002/jrsm.1475": "Röver C, Bender R, Dias S, et al. On weakly informative prior "
    "distributions for the heterogeneity parameter in Bayesian random-effects meta-analysis. Res "
    "Synth Methods 2021;12:448–474.",
    "10.2307/2983527": "Spiegelhalter DJ, Freedman LS, Parmar MKB. Bayesian approaches to "
    "randomized trials. J R Stat Soc A 1994;157:357–416.",
    "10.1214/20-BA1221": "Vehtari A, Gelman A, Simpson D, Carpenter B, Bürkner PC. "
    "Rank-normalization, folding, and localization: an improved R-hat. Bayesian Anal "
    "2021;16:667–718.",
    "10.1186/1477-7525-8-116": "Johnston BC, Thorlund K, Schünemann HJ, et al. Improving the "
    "interpretation of quality of life evidence in meta-analyses: the application of minimal "
    "important difference units. Health Qual Life Outcomes 2010;8:116.",
    "10.1037/0033-2909.117.1.167": "Hasselblad V, Hedges LV. Meta-analysis of screening and "
    "diagnostic tests. Psychol Bull 1995;117:167–178.",
    "10.7326/0003-4819-157-6-201209180-00537": "Savović J, Jones HE, Altman DG, et al. Influence "
    "of reported study design characteristics on intervention effect estimates from randomized, "
    "controlled trials. Ann Intern Med 2012;157:429–438.",
    "10.7717/peerj-cs.1516": "Abril-Pla O, Andreani V, Carroll C, et al. PyMC: a modern, and "
    "comprehensive probabilistic programming framework in Python. PeerJ Comput Sci 2023;9:e1516.",
}


def dois(text: str) -> list[str]:
    """Every DOI in a text, without the punctuation after it."""
    found = []
    for match in DOI.findall(text):
        doi = match.rstrip(".,;:")
        while doi.endswith(")") and doi.count(")") > doi.count("("):
            doi = doi[:-1].rstrip(".,;:")
        found.append(doi)
    return found


def references(sections: Iterable[Section]) -> Section:
    """A list of everything that the sections name by DOI, each once, in the order of use."""
    said = [text for section in sections for text in section.words()]
    used = dict.fromkeys(doi for text in said for doi in dois(text))
    sources = tuple(Source(doi, KNOWN.get(doi, _around(doi, said))) for doi in used)
    blocks = sources or (Text("None."),)
    return Section("references", "References", "PRISMA 13d; BARG step 2", blocks)


def _around(doi: str, said: Iterable[str]) -> str:
    """The words before the first use, so that a reader knows what for."""
    before = next(text for text in said if doi in text).split(doi)[0].removesuffix("doi:")
    return f"Named as: … {' '.join(before.split()[-14:]).strip(' ([')}"
