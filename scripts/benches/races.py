"""The races: the work, the table, the peers, and the goals."""

from dataclasses import dataclass, field
from itertools import product

OUR_BINS = 255
# The wait policies of OpenMP. Spinning is faster for short loops, and far slower beside another busy process.
WAITS = ("ACTIVE", "PASSIVE")
PATH = {"penalties": 100, "folds": 5, "alpha": 0.5}


@dataclass
class Entrant:
    """An engine of a race. Of several variants, each is run once and the fastest races."""

    engine: str
    variants: list
    repeats: int = 3
    threads: list = field(default_factory=list)  # numbers to try; empty for that of the command line
    shown: bool = False  # only printed beside the others, without a goal
    probe: dict = field(default_factory=dict)  # settings while the fastest variant is searched


@dataclass
class Goal:
    """The goals of Limpet against each peer; None for no goal: the figure is printed."""

    faster: float | None = None  # ratio of medians, peer / ours
    loss: float | None = None  # test log loss at most this much higher
    auc: float | None = None  # test AUC at most this much lower
    memory: float | None = None  # peak beyond the table, ours / peer
    objective: float | None = None  # relative distance from the optimum


@dataclass
class Race:
    name: str
    case: str  # of data.py
    work: str
    ours: Entrant
    peers: list
    goal: Goal
    target: dict | None = None  # settings of the LightGBM run that gives the target loss


def stumps(rounds, rate=0.1, bins=OUR_BINS, **more):
    return {"command": "stumps", "rounds": rounds, "learningRate": rate, "bins": bins, **more}


def boosted(rounds, rate=0.1, bins=255, **more):
    return {"rounds": rounds, "learningRate": rate, "bins": bins, **more}


def lightgbm(rounds, repeats=3, **more):
    """Returns LightGBM with variants of histograms and waiting; the fastest over 100 rounds races."""
    variants = [boosted(rounds, histograms=h, wait=w, **more) for h, w in product(("col", "row"), WAITS)]
    return Entrant("lightgbm", variants, repeats, probe={"rounds": 100})


def main_races():
    for name, work in (
        ("independent", "stumps, 1,000,000 x 40, independent columns, 2,000 rounds, rate 0.1"),
        ("dense", "stumps, 1,000,000 x 40, each column with an effect, 2,000 rounds"),
        ("nested1", "stumps, 1,000,000 x 40, nested counts, base rate 1 %, 2,000 rounds"),
        ("nested5", "stumps, 1,000,000 x 40, nested counts, base rate 5 %, 2,000 rounds"),
        ("nested20", "stumps, 1,000,000 x 40, nested counts, base rate 20 %, 2,000 rounds"),
    ):
        ours = Entrant("limpet", [stumps(2000)])
        yield Race(name, name, work, ours, [lightgbm(2000)], Goal(faster=40, loss=0.0003))


def time_to_loss():
    """Returns the race to a loss, each engine at the best of a grid.

    LightGBM's number of rounds is found from its losses during training.
    """
    theirs = [
        boosted(round(260 / rate), rate, bins, histograms="col", wait="PASSIVE", untilTarget=True, **more)
        for rate, bins in product((0.2, 0.3, 0.5, 1.0), (63, 127, 255))
        for more in ({}, {"quantized": True})
    ]
    ours = [
        stumps(round(share / rate), rate, bins)
        for rate, bins, share in product((0.1, 0.3, 0.5, 1.0), (63, 127, 255), (120, 160, 200, 260))
    ]
    return Race(
        "time-to-loss",
        "independent",
        "time to LightGBM's loss at 2,000 rounds + 0.0003, each at its own best",
        Entrant("limpet", ours),
        [Entrant("lightgbm", theirs)],
        Goal(faster=10, loss=0.0003),
        target=boosted(2000, histograms="col", wait="PASSIVE"),
    )


def small():
    ours = Entrant("limpet", [stumps(500)], 7, threads=[1, 2])
    peers = [
        Entrant(
            "lightgbm",
            [boosted(500, histograms=h, wait=w) for h, w in product(("col", "row"), WAITS)],
            7,
            threads=[1, 2],
        ),
        Entrant("scikit-learn", [boosted(500, wait=w) for w in WAITS], 7, threads=[1, 2]),
    ]
    work = "stumps, 10,000 x 20, 500 rounds, at the best number of threads"
    return Race("small", "small", work, ours, peers, Goal(faster=5, loss=0.001))


def additive_models():
    yield Race(
        "bags",
        "independent",
        "14 bags, 1,000,000 x 40, no interactions",
        # EBM boosts until its validation loss no longer improves; this number of rounds is enough for that.
        Entrant("limpet", [stumps(10_000, bags=14)]),
        [Entrant("ebm", [{"bags": 14}], repeats=1)],
        Goal(faster=50, auc=0.0005),
    )
    yield Race(
        "pairs",
        "interactions",
        "14 bags and 10 pairs, 30,000 x 20 with strong interactions",
        # As in the race `bags`, EBM chooses the number of rounds by its validation loss.
        Entrant("limpet", [stumps(10_000, bags=14, pairs=10)]),
        [
            Entrant("ebm", [{"bags": 14, "pairs": 10}], repeats=1),
            Entrant("lightgbm-deep", [boosted(3000, 0.05, leaves=[4, 8, 16, 31])], 1, shown=True),
        ],
        Goal(auc=0.0),
    )


def linear_models():
    precisions = ("float32", "float64")
    solvers = ("lbfgs", "newton-cholesky", "newton-cg")
    yield Race(
        "logistic",
        "linear",
        "logistic, 1,000,000 x 40, L2, to the same objective (1e-6)",
        Entrant("limpet", [{"command": "logistic", "l2": 1}]),
        [
            Entrant(
                "scikit-learn-logistic",
                [{"l2": 1, "solver": s, "precision": p} for s, p in product(solvers, precisions)],
            ),
            Entrant("glum-logistic", [{"l2": 1, "precision": p} for p in precisions]),
        ],
        Goal(faster=3, objective=1e-6),
    )
    ours = Entrant("limpet", [{"command": "elastic-net", **PATH}])
    glmnet = [
        {**PATH, "logistic": kind, "forks": forks}
        for kind, forks in product(("Newton", "modified.Newton"), (False, True))
    ]
    yield Race(
        "elastic-net",
        "net",
        "elastic net, 100 penalties x 5 folds, 200,000 x 100",
        ours,
        [Entrant("glmnet", glmnet)],
        Goal(faster=20, loss=0.0003),
    )
    yield Race(
        "elastic-net-small",
        "net-small",
        "elastic net, 100 penalties x 5 folds, 20,000 x 100 (a tenth, for scikit-learn's sake)",
        ours,
        [Entrant("scikit-learn-path", [dict(PATH)], repeats=1)],
        Goal(faster=20, loss=0.0003),
    )


def wide_and_tall():
    for columns in (500, 2000):
        yield Race(
            f"wide{columns}",
            f"wide{columns}",
            f"stumps, 100,000 x {columns:,}, 500 rounds",
            Entrant("limpet", [stumps(500)]),
            [lightgbm(500)],
            Goal(faster=1, loss=0.001, memory=2),
        )
    yield Race(
        "tall",
        "tall",
        "peak memory beyond the table, 10,000,000 x 40, 100 rounds",
        Entrant("limpet", [stumps(100)], repeats=1),
        [lightgbm(100, repeats=1)],
        Goal(memory=1),
    )


def all_races():
    sparse_work = "stumps, 100,000 x 200, half of the columns sparse, 2,000 rounds"
    return [
        *main_races(),
        time_to_loss(),
        Race(
            "rounds10000",
            "independent",
            "stumps, 1,000,000 x 40, independent columns, 10,000 rounds",
            Entrant("limpet", [stumps(10_000)]),
            [lightgbm(10_000, repeats=1)],
            Goal(faster=150, loss=0.0003),
        ),
        Race(
            "sparse",
            "sparse",
            sparse_work,
            Entrant("limpet", [stumps(2000)]),
            [
                lightgbm(2000),
                Entrant("xgboost", [boosted(2000, wait=w) for w in WAITS], probe={"rounds": 100}),
            ],
            Goal(faster=10, loss=0.001),
        ),
        small(),
        *additive_models(),
        *linear_models(),
        *wide_and_tall(),
    ]
