"""Measures Limpet's default command against tuned peers: whole jobs, on rows that nobody has seen.

compare.py fits simple peers to the very rows of Limpet's predictions; here each side does the whole job with
what it can choose itself. Limpet is `limpet train` with nothing but the table, its target and, for a log,
what is predicted of whom at which times; `limpet score` then gives the predictions. For reference the same
is done with `--model stumps`. The peers (tuned.py) are LightGBM with random trials, CatBoost with a choice
of depths, both stopped early by 5 folds of users and fitted again on all rows, and logistic regression with
a chosen penalty. All have the same inputs: of a log the peers get the table that `limpet features extract`
writes with the model's features.

The tasks (whole_tasks.py):
    telco hillstrom cookie_cats      public tables, split 70 / 30 by a seeded permutation
    cdnow retail oulad               public logs, measured at snapshot times after those of training
    interactions wide small levels   generated tables with a known truth (generators.py)
    drifting                         a generated log whose hazard drifts (drifting.py)
    --table NAME=FILE:TARGET[:POSITIVE]   tables of one's own, split as the public ones; POSITIVE is 1

Public data are looked for in $LIMPET_DATA, or ../shared/data beside the project; what is missing is named
and skipped.

Seconds are those of `limpet train` as a process, reading and for a log extraction included; those of a peer
are its tuning, last fit and nothing else; the JSON also has those of a log's extraction for it, and the
machine's load before each task, for a busy machine slows small fits many times.

Differences are Limpet - peer, with intervals of 95 % from 500 bootstrap draws of whole users of the test
rows, the same for all models. The best peer is the one with the best value on the test rows, for AUC and log
loss apart, which nobody could know before: that is stern. "within 0.002" says whether Limpet is at most that
much worse, in both.

--small measures the same on small data: the mean over draws of 600 to 1,500 users of the public tasks and
of one's own tables (small_draws.py), with cheap tuning: 8 trials and depths 4 and 6.

Writes JSON to --output and a Markdown table beside it, after each task, and the table to the standard output
at the end. The exit code is 1 if a command of Limpet failed; its task is then named in the JSON. Needs
scripts/setup --engines, and a release build of limpet.
"""

import argparse
import json
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

from job import JobFailure, Limpet  # before all that imports compare.py, see there

import compare  # noqa: F401  sets the threads of libraries before they are imported
import report
from paired import measured, prediction
from small_draws import Pool, one_draw, summary
from tuned import FITS, PEERS
from whole_tasks import GENERATED, PUBLIC, Table, case_of, missing_file

EXAMPLES = """
examples:
    out/engines/bin/python scripts/peers/defaults.py
    out/engines/bin/python scripts/peers/defaults.py --tasks telco wide --trials 10
    out/engines/bin/python scripts/peers/defaults.py --tasks mine --table mine=customers.csv:churned:yes \\
        --drop mine=id --group mine=customer --missing '?'
    out/engines/bin/python scripts/peers/defaults.py --small
    out/engines/bin/python scripts/peers/defaults.py --small 5 --tasks telco
"""
TRIALS, SMALL_TRIALS = 30, 8
DEPTHS, SMALL_DEPTHS = (4, 6, 8), (4, 6)
FAILED = 1
NO_PROGRAM = 69


def say(message):
    print(message, file=sys.stderr, flush=True)


# The peers and Limpet

def fits(train, options):
    """Fits all peers; returns for each its predictions as a function, what it chose, and its seconds."""
    found = {}
    for name, fit in FITS.items():
        start = time.monotonic()
        predict, chosen = fit(train, options)
        found[name] = (predict, chosen, time.monotonic() - start)
    return found


def trained(case, limpet, folder):
    """Trains by the default command and, for reference, stumps."""
    kinds = {"limpet": [], "limpet stumps": ["--model", "stumps"]}
    return {kind: limpet.train(case.arguments + flags, folder / f"{case.name}-{kind.replace(' ', '-')}.json")
            for kind, flags in kinds.items()}


def whole_job(name, limpet, folder, options):
    """Yields the name and the result of each test of a task."""
    case = case_of(name, folder, options)
    models = trained(case, limpet, folder)
    say(f"  limpet: {models['limpet'].seconds:.1f} s, {models['limpet'].chosen}")
    data = case.data(limpet, models["limpet"].file)
    peers = fits(data.train, options)
    for peer, (_, chosen, seconds) in peers.items():
        say(f"  {peer}: {seconds:.1f} s, {chosen}")
    for test in data.tests:
        result = measured_test(test, models, peers, folder, options)
        result["trainRows"], result["extractSeconds"] = len(data.train.labels), data.extract_seconds
        yield test.name, result


def measured_test(test, models, peers, folder, options):
    labels = test.rows.labels
    predictions = {
        kind: prediction(labels, *test.score(model.file, folder / "scores.csv"))
        for kind, model in models.items()
    }
    for peer, (predict, _, _) in peers.items():
        predictions[peer] = prediction(labels, predict(test.rows.features))
    if test.truth is not None:
        predictions["truth"] = prediction(labels, test.truth, test.truth)
    result = {"testRows": len(labels), "baseRate": float(labels.mean())}
    result |= measured(predictions, test.rows.users, PEERS, options.seed)
    result["seconds"] = {name: model.seconds for name, model in models.items()}
    result["seconds"] |= {name: seconds for name, (_, _, seconds) in peers.items()}
    result["chosen"] = {name: model.chosen for name, model in models.items()}
    result["chosen"] |= {name: chosen for name, (_, chosen, _) in peers.items()}
    return result


def small_data(name, limpet, folder, options):
    """Yields the name and the result of a task on small data."""
    case = case_of(name, folder, options)
    model = limpet.train(case.arguments + ["--model", "stumps"], folder / f"{name}.json")
    pool = Pool(case.data(limpet, model.file))
    draws = []
    for number in range(options.small):
        values, seconds, count = one_draw(pool, number, limpet, fits, options, folder)
        draws.append((values, seconds, count))
        losses = ", ".join(f"{model} {one['logLoss']:.4f}" for model, one in values.items())
        say(f"  draw {number + 1} of {options.small}, {count} users: {losses}")
    yield name, summary(draws)


# The command

def named_table(text):
    """Returns the name and the table of NAME=FILE:TARGET[:POSITIVE]."""
    name, _, rest = text.partition("=")
    file, *fields = rest.split(":")
    if not name or not file or len(fields) not in (1, 2) or not fields[0]:
        raise argparse.ArgumentTypeError(f"expected NAME=FILE:TARGET[:POSITIVE], found '{text}'")
    return name, Table(Path(file), *fields)


def named_columns(text):
    name, separator, columns = text.partition("=")
    if not separator or not columns:
        raise argparse.ArgumentTypeError(f"expected NAME=COLUMN, found '{text}'")
    return name, columns


def parser():
    made = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--limpet", default=".build/release/limpet", help="the binary (%(default)s)")
    made.add_argument("--tasks", nargs="+", metavar="TASK",
                      help="default: all; with --small no generated one")
    made.add_argument("--table", action="append", default=[], type=named_table,
                      metavar="NAME=FILE:TARGET[:POSITIVE]", help="a table of one's own; repeatable")
    made.add_argument("--group", action="append", default=[], type=named_columns, metavar="NAME=COLUMN",
                      help="the column of the user in the table NAME")
    made.add_argument("--drop", action="append", default=[], type=named_columns, metavar="NAME=COLUMN,…",
                      help="columns that are left out of the table NAME")
    made.add_argument("--missing", nargs="+", default=[], metavar="TEXT",
                      help="texts that mean a missing value in tables, beside NA and NaN")
    made.add_argument("--small", nargs="?", type=int, const=20, metavar="DRAWS",
                      help="small data: how many draws (20)")
    made.add_argument("--trials", type=int,
                      help=f"trials of LightGBM ({TRIALS}, or {SMALL_TRIALS} with --small)")
    made.add_argument("--threads", type=int, default=2, help="threads of each side (%(default)s)")
    made.add_argument("--seed", type=int, default=1,
                      help="of splits, generators, folds and trials (%(default)s)")
    made.add_argument("--output", type=Path, help="the JSON file (out/peers/defaults.json or small.json)")
    made.add_argument("--keep", type=Path, metavar="FOLDER", help="keep tables, logs and models there")
    return made


def arguments():
    made = parser()
    options = made.parse_args()
    tables = options.table = dict(options.table)
    for name, _ in options.group + options.drop:
        if name not in tables:
            made.error(f"{name}=…: expected the name of a --table")
    for name, column in options.group:
        tables[name] = tables[name]._replace(group=column)
    for name, columns in options.drop:
        tables[name] = tables[name]._replace(drop=(*tables[name].drop, *columns.split(",")))
    own = [*PUBLIC, *tables]
    options.tasks = options.tasks or (own if options.small else [*own, *GENERATED])
    for name in options.tasks:
        if name not in own + GENERATED:
            made.error(f"--tasks {name}: expected {', '.join(own + GENERATED)}")
    if options.small is not None and options.small < 2:
        made.error("--small: expected at least two draws")
    options.trials = options.trials or (SMALL_TRIALS if options.small else TRIALS)
    options.depths = SMALL_DEPTHS if options.small else DEPTHS
    options.output = options.output or Path("out/peers", "small.json" if options.small else "defaults.json")
    return options


def write(document, options):
    """Writes the JSON and the Markdown table; returns the latter."""
    shown = (report.small_data if options.small else report.whole_jobs)(document["tasks"])
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    options.output.with_suffix(".md").write_text(shown, encoding="utf-8")
    return shown


def measure_all(limpet, folder, options):
    document = {"versions": versions(), "settings": settings(options)}
    document |= {"tasks": {}, "skipped": {}, "failed": {}}
    measure = small_data if options.small else whole_job
    for name in options.tasks:
        absent = missing_file(name)
        if absent:
            say(f"SKIPPED: {name}: {absent} is not there; set LIMPET_DATA to measure on public data")
            document["skipped"][name] = str(absent)
            continue
        load = os.getloadavg()[0]
        say(f"{name} (load of the machine before it: {load:.1f})")
        try:
            for test, result in measure(name, limpet, folder, options):
                document["tasks"][test] = {"loadBefore": load} | result
        except JobFailure as failure:
            say(f"FAILED: {name}: {failure}")
            document["failed"][name] = str(failure)
        write(document, options)
    return document


def versions():
    import catboost
    return compare.versions() | {"catboost": catboost.__version__}


def settings(options):
    return {"trials": options.trials, "depths": options.depths, "threads": options.threads,
            "seed": options.seed, "draws": options.small}


def main():
    options = arguments()
    warnings.filterwarnings("ignore", category=UserWarning, module="lightgbm")
    if not Path(options.limpet).is_file():
        say(f"error: {options.limpet}: expected Limpet's binary; build it, or name it with --limpet")
        sys.exit(NO_PROGRAM)
    limpet = Limpet(options.limpet, options.threads)
    with tempfile.TemporaryDirectory(prefix="limpet-peers-") as made:
        folder = options.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        document = measure_all(limpet, folder, options)
    print(write(document, options), end="")
    sys.exit(FAILED if document["failed"] else 0)


if __name__ == "__main__":
    main()
