"""The usual script: a model at each of several origins, from what was known by then, tested on what follows.

Features of all snapshot times are extracted once. The model of an origin learns from the snapshot times whose
outcome was known by then, with rounds chosen by five folds of users, and is tested at the origin.

Example:
    python3 scripts/benches/job/backtest_log.py out/bench/job/simulated-2000000 polars lgb31 --first 3 \\
        --output predictions.csv
"""

from stages import stages  # first, so that the time of all imports is seen

import argparse
import sys
from pathlib import Path

from extracted import extraction, read_spec
from models import MODELS

sys.path.insert(0, str(Path(__file__).parent.parent))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder")
    parser.add_argument("engine", choices=["polars", "duckdb"])
    parser.add_argument("model", choices=sorted(MODELS))
    parser.add_argument("--first", type=int, required=True, help="index of the snapshot of the first origin")
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    import lightgbm  # noqa: F401  (its time belongs to the imports)
    import numpy as np
    import polars as pl

    from measure import auc, log_loss, log_odds_of

    spec = read_spec(arguments.folder)
    stages.done("imports")
    log = extraction(arguments.engine, f"{arguments.folder}/log.csv", spec)
    stages.done("read")
    rows = log.features(spec["snapshots"])
    stages.done("features")
    ends, fit, tested = np.cumsum([0, *rows.counts]), MODELS[arguments.model], []
    for origin in range(arguments.first, len(spec["snapshots"])):
        # A snapshot one horizon before the origin is the last one whose outcome is known by then.
        known, test = ends[origin], slice(ends[origin], ends[origin + 1])
        model = fit(rows.x[:known], rows.y[:known], rows.fold[:known], rows.categorical(), stages)
        p = model.predict(rows.x[test])
        time = spec["snapshots"][origin] + "T00:00:00Z"
        columns = {"id": rows.users[test], "origin": time, "label": rows.y[test], "probability": p}
        tested.append(pl.DataFrame(columns))
    all_rows = pl.concat(tested)
    p, y = all_rows["probability"].to_numpy(), all_rows["label"].to_numpy()
    all_rows.write_csv(arguments.output)
    stages.say(logLoss=log_loss(log_odds_of(p), y), auc=auc(p, y), testedRows=len(y))
    stages.done("test")


if __name__ == "__main__":
    main()
