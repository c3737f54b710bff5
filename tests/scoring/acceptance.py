"""The acceptance numbers of SCORING §8: what each row asks for, and the tests that meet it."""

from typing import NamedTuple


class Accepted(NamedTuple):
    """One row: the requirement in short, and the files whose tests or benchmarks meet it."""

    requirement: str
    files: tuple[str, ...]

    @property
    def met_by(self) -> str:
        """The files in words."""
        return ", ".join(f"`{file}`" for file in self.files) or NOT_BUILT


NOT_BUILT = "not built: published estimates are direct ones"
"""Of the row about shrinkage, which the list asks for only if it is built."""

ACCEPTANCE = {
    1: Accepted(
        "α = 0 equals formulas 1-8, exactly; 21 totals; edges",
        ("tests/scoring/totals/test_rules.py", "tests/scoring/test_run.py", "tests/scoring/test_standard_2019.py"),
    ),
    2: Accepted("continuous score of COINr", ("tests/scoring/test_agreement.py",)),
    3: Accepted("the blend is linear, monotone, and P alone at α = 1", ("tests/scoring/test_run.py",)),
    4: Accepted("weights of R", ("tests/scoring/test_agreement.py",)),
    5: Accepted("means, groups, NPS, hard to say of R", ("tests/scoring/test_agreement.py",)),
    6: Accepted("linearised errors and covariance of R", ("tests/scoring/test_agreement.py",)),
    7: Accepted("jackknife of R", ("tests/scoring/test_agreement.py",)),
    8: Accepted("counts of SQLite, PostgreSQL and pandas", ("tests/surveys/tallies/test_folding_random.py",)),
    9: Accepted("counts kept up and counts rebuilt", ("tests/surveys/tallies/test_folding_random.py",)),
    10: Accepted(
        "every edge of weighting ends in a reason",
        ("tests/scoring/test_edges.py", "tests/scoring/opinion/test_weights.py"),
    ),
    11: Accepted("coverage of the published range", ("tests/scoring/test_simulation.py",)),
    12: Accepted("one city in time", ("benchmarks/scoring_speed.py",)),
    13: Accepted("the whole country in time", ("benchmarks/scoring_speed.py",)),
    14: Accepted("growth with the number of answers", ("benchmarks/scoring_speed.py",)),
    15: Accepted("stuffing by constant vectors", ("tests/scoring/test_simulation.py",)),
    16: Accepted("noisy answers from few sources", ("tests/scoring/test_simulation.py",)),
    17: Accepted("noisy answers, unlinked", ("tests/scoring/test_simulation.py",)),
    18: Accepted("the open tier moves P by 100·λ at most", ("tests/scoring/test_open_tier.py",)),
    19: Accepted("harm of the caps to honest people", ("tests/scoring/test_simulation.py",)),
    20: Accepted("places of csranks", ("tests/scoring/test_agreement.py",)),
    21: Accepted("Sobol indices of a known function", ("tests/scoring/test_sensitivity.py",)),
    22: Accepted("small-area estimates", ()),
    23: Accepted("longstring and IRV", ("tests/surveys/quality/test_flags.py",)),
    24: Accepted(
        "the same inputs, the same bytes, of the rating and of everything published",
        ("tests/app/publishing/test_same_bytes.py", "tests/scoring/test_order.py", "tests/scoring/test_run.py"),
    ),
    25: Accepted(
        "one patient address moves R by 0.1, beside the headline by 0.5", ("tests/scoring/test_simulation.py",)
    ),
    26: Accepted("rotating IPv6 addresses of one provider: the same", ("tests/scoring/test_simulation.py",)),
    27: Accepted("junk leaves 80 % to 20 people of its network", ("tests/scoring/test_simulation.py",)),
    28: Accepted(
        "30 holders of letters behind one address weigh 30",
        ("tests/app/web/resident/test_paradata.py", "tests/scoring/test_simulation.py"),
    ),
}
