"""The cases: what is to be done with which input, and by which commands each side does it."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
FIXED_ROUNDS = 2_000
FIRST_ORIGIN = 3  # the snapshot time at which a backtest begins


@dataclass
class Side:
    """One way to do a job: commands that run in sequence, each as a process of its own."""

    name: str
    steps: list  # (name, command)
    output: Path = None  # its scores
    ours: bool = False


@dataclass
class Case:
    name: str
    work: str
    kind: str
    size: int
    quick: int
    sides: object  # from a Job to its sides
    before: object = None  # from a Job to pairs (is it ours, command) that are run first and not timed
    truth: str = None  # a file of the input's folder, or --own


@dataclass
class Job:
    """A case's input, and the places of what is made of it."""

    folder: Path
    work: Path
    binaries: dict  # by the name of the side: ours, and the one before
    threads: int
    spec: dict = field(init=False)

    def __post_init__(self):
        self.spec = json.loads((self.folder / "spec.json").read_text())

    def peer(self, script, *arguments):
        return [sys.executable, str(HERE / script), *map(str, arguments)]

    def place(self, side, name):
        return self.work / f"{side.replace(' ', '-')}.{name}"

    def ours(self, binary, command, *arguments):
        return [binary, command, *map(str, arguments), "--threads", str(self.threads)]

    def events(self):
        flags = ["--events", self.folder / "log.csv", "--data-until", self.spec["at"]]
        return flags + (["--system-events", *self.spec["system"]] if self.spec["system"] else [])

    def label(self, snapshots=None):
        times = self.spec["snapshots"][:snapshots]
        horizon = f"{self.spec['horizonDays']}d"
        return ["--target-event", self.spec["target"], "--horizon", horizon, "--at", *times]


def train_log(job, binary, model, kind, snapshots=None):
    kind = kind or ["--model", "stumps"]
    flags = [*job.events(), *job.label(snapshots), *kind, "--output", model, "--format", "json"]
    return job.ours(binary, "train", *flags)


def score_log(job, binary, model, output, *more):
    flags = ["--model", model, "--events", job.folder / "log.csv", "--at", job.spec["at"], *more]
    return job.ours(binary, "score", *flags, "--output", output)


def log_sides(job):
    found = []
    for name, binary in job.binaries.items():
        for suffix, kind in (("", ["--model", "stumps"]), (" default", [])):
            side = name + suffix
            model, output = job.place(side, "json"), job.place(side, "csv")
            score = score_log(job, binary, model, output, "--top-reasons", "0")
            steps = [("train", train_log(job, binary, model, kind)), ("score", score)]
            found.append(Side(side, steps, output, ours=True))
    for engine, model, rate in (
        ("polars", "lgb31", 0.1), ("polars", "lgb31", 0.05), ("duckdb", "lgb31", 0.1),
        ("polars", "sklearn", 0.1), ("polars", "lgb2", 0.1),
    ):
        side = f"{engine}+{model}" + (f"@{rate}" if rate != 0.1 else "")
        output = job.place(side, "csv")
        flags = ["--rate", rate, "--save", job.place(side, "model"), "--output", output]
        found.append(Side(side, [("", job.peer("log_job.py", job.folder, engine, model, *flags))], output))
    return found


def table_flags(job):
    spec = job.spec
    flags = ["--target", spec["target"], "--positive", spec["positive"], "--id", spec["id"]]
    return flags + (["--categorical", *spec["categorical"]] if spec["categorical"] else [])


def table_side(job, name, binary, flags):
    model, output = job.place(name, "json"), job.place(name, "csv")
    train = ["--table", job.folder / "train.csv", *table_flags(job), *flags]
    train += ["--output", model, "--format", "json"]
    score = ["--model", model, "--table", job.folder / "test.csv", "--id", job.spec["id"]]
    score += ["--top-reasons", "0"]
    steps = [
        ("train", job.ours(binary, "train", *train)),
        ("score", job.ours(binary, "score", *score, "--output", output)),
    ]
    return Side(name, steps, output, ours=True)


def table_peer(job, model, way, *more):
    side = f"{model} {way}"
    output = job.place(side, "csv")
    flags = [*more, "--save", job.place(side, "model"), "--output", output]
    return Side(side, [("", job.peer("table_job.py", job.folder, model, way, *flags))], output)


def fixed_sides(job):
    flags = ["--model", "stumps", "--folds", "0", "--rounds", FIXED_ROUNDS, "--no-early-stopping"]
    found = [table_side(job, name, binary, flags) for name, binary in job.binaries.items()]
    peer = table_peer(job, "lgb2", "fixed", "--rounds", FIXED_ROUNDS)
    return [*found, peer, table_peer(job, "lgb31", "stopped")]


def folds_sides(job):
    found = [table_side(job, name, binary, ["--model", "stumps"]) for name, binary in job.binaries.items()]
    return found + [table_peer(job, model, "folds") for model in ("lgb31", "lgb2", "sklearn")]


def telco_sides(job):
    found = [table_side(job, name, binary, ["--model", "stumps"]) for name, binary in job.binaries.items()]
    return found + [table_peer(job, model, "folds") for model in ("lgb31", "lgb2")]


def read_table_sides(job):
    """No command of ours only reads: training of one round is what comes nearest."""
    found = []
    for name, binary in job.binaries.items():
        flags = ["--table", job.folder / "train.csv", *table_flags(job), "--model", "stumps", "--folds", "0"]
        flags += ["--rounds", "1", "--no-early-stopping", "--output", job.place(name, "json")]
        flags += ["--format", "json"]
        found.append(Side(name, [("train", job.ours(binary, "train", *flags))], ours=True))
    for engine in ("polars", "duckdb"):
        found.append(Side(engine, [("", job.peer("reading.py", "table", engine, job.folder / "train.csv"))]))
    return found


def import_sides(job):
    found, log = [], job.folder / "log.csv"
    for name, binary in job.binaries.items():
        command = [binary, "import", "--events", log, "--output", job.place(name, "limpetlog")]
        found.append(Side(name, [("import", [*map(str, command)])], ours=True))
    for engine, suffix in (("duckdb", "duckdb"), ("polars", "parquet")):
        output = ["--output", job.place(engine, suffix)]
        found.append(Side(engine, [("", job.peer("reading.py", "log", engine, log, *output))]))
    return found


def models_of_log(job):
    """Trains the models that are then applied, one for each binary of ours, and one of LightGBM's.

    The last snapshot time is left out, for `evaluate` looks at it.
    """
    kind, binaries = ["--model", "stumps"], job.binaries.items()
    known = len(job.spec["snapshots"]) - 1
    ours = [(True, train_log(job, file, job.place(name, "json"), kind, known)) for name, file in binaries]
    flags = ["--snapshots", known, "--save", job.place("lgb31", "model")]
    flags += ["--output", job.place("lgb31", "before.csv")]
    return [*ours, (False, job.peer("log_job.py", job.folder, "polars", "lgb31", *flags))]


def applied(job, script_flags, suffix, engine="polars"):
    side = f"{engine}+lgb31{suffix}"
    output = job.place(side, "csv")
    flags = [job.folder, engine, job.place("lgb31", "model"), *script_flags, "--output", output]
    return Side(side, [("", job.peer("score_log.py", *flags))], output)


def score_sides(job):
    found = []
    for name, binary in job.binaries.items():
        for suffix, reasons in ((" reasons", 3), ("", 0)):
            output = job.place(name + suffix, "csv")
            command = score_log(job, binary, job.place(name, "json"), output, "--top-reasons", reasons)
            found.append(Side(name + suffix, [("score", command)], output, ours=True))
    peers = [applied(job, ["--reasons"], " reasons"), applied(job, [], ""), applied(job, [], "", "duckdb")]
    return found + peers


def evaluate_sides(job):
    found, at = [], job.spec["snapshots"][-1]
    for name, binary in job.binaries.items():
        flags = ["--model", job.place(name, "json"), "--events", job.folder / "log.csv", "--at", at]
        flags += ["--data-until", job.spec["at"], "--format", "json"]
        found.append(Side(name, [("evaluate", job.ours(binary, "evaluate", *flags))], ours=True))
    return found + [applied(job, ["--evaluate"], "")]


def backtest_sides(job):
    found = []
    for name, binary in job.binaries.items():
        output, first = job.place(name, "csv"), job.spec["snapshots"][FIRST_ORIGIN]
        flags = [*job.events(), *job.label(), "--model", "stumps", "--period", f"{job.spec['horizonDays']}d"]
        flags += ["--first-origin", first, "--predictions", output, "--format", "json"]
        found.append(Side(name, [("backtest", job.ours(binary, "backtest", *flags))], output, ours=True))
    for model in ("lgb31", "lgb2"):
        side = f"polars+{model}"
        output = job.place(side, "csv")
        flags = [job.folder, "polars", model, "--first", FIRST_ORIGIN, "--output", output]
        found.append(Side(side, [("", job.peer("backtest_log.py", *flags))], output))
    return found


MILLION = 1_000_000
WORK = {
    "log": "CSV log, features at 9 snapshots, rounds by 5 folds, model, scores of all users",
    "fixed": f"CSV table, {FIXED_ROUNDS} rounds (or stopped on a tenth), model, scores of 200,000 rows",
    "folds": "CSV table, rounds by 5 folds, model, scores of 200,000 rows",
    "telco": "public CSV of 5,600 rows to a model, as it comes",
    "read": "a CSV of 1,000,000 x 40 is read",
    "import": "a CSV log of 10,000,000 events is sorted and kept",
    "score": "CSV log of 10,000,000 events, scores of all users, with and without reasons",
    "evaluate": "CSV log of 10,000,000 events, metrics with intervals at one snapshot",
    "backtest": "CSV log of 2,000,000 events, six models, each tested on what follows",
}


def log_case(kind, millions):
    name, size = f"log-{kind}-{millions}m", millions * MILLION
    return Case(name, WORK["log"], kind, size, max(size // 20, 100_000), log_sides, truth="truth.csv")


def table_case(way, name, rows):
    sides = {"fixed": fixed_sides, "folds": folds_sides}[way]
    return Case(
        f"table-{way}-{name}", WORK[way], "independent", rows, rows // 20, sides, truth="truth.csv"
    )


def log_applied(name, size, sides, before=None, truth=None):
    work = WORK[name.removesuffix("-log")]
    return Case(name, work, "simulated", size, 200_000, sides, before, truth)


def all_cases():
    return [
        *(log_case(kind, millions) for kind in ("simulated", "interacting") for millions in (2, 10, 20)),
        *(table_case(way, "100k", 100_000) for way in ("fixed", "folds")),
        *(table_case(way, "1m", MILLION) for way in ("fixed", "folds")),
        Case("telco", WORK["telco"], "telco", 7_043, 7_043, telco_sides, truth="truth.csv"),
        Case("read-table", WORK["read"], "independent", MILLION, 50_000, read_table_sides),
        log_applied("import-log", 10 * MILLION, import_sides),
        log_applied("score-log", 10 * MILLION, score_sides, models_of_log, "truth.csv"),
        log_applied("evaluate-log", 10 * MILLION, evaluate_sides, models_of_log),
        log_applied("backtest-log", 2 * MILLION, backtest_sides, truth="--own"),
    ]
