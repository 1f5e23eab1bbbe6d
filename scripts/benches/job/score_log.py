"""The usual script: features of all users at the end of a log, and their scores by a saved model.

With --reasons also the three inputs that raise each score most, by LightGBM's own SHAP contributions.
With --evaluate the scores are compared with what happened, at the last snapshot time whose outcome the
log holds, with intervals of 95 % from 200 draws of users.

Example:
    python3 scripts/benches/job/score_log.py out/bench/job/simulated-2000000 polars model.txt \\
        --output scores.csv
"""

from stages import stages  # first, so that the time of all imports is seen

import argparse
import json
import sys
from pathlib import Path

from extracted import extraction, read_spec, write_scores


def scored(model, x, names):
    """Returns probabilities and, for each row, the names of the three largest contributions."""
    import numpy as np

    parts = model.predict(x, pred_contrib=True)
    odds, parts = parts.sum(axis=1), parts[:, :-1]  # the last is the intercept
    best = np.argpartition(-parts, 3, axis=1)[:, :3]
    best = np.take_along_axis(best, np.argsort(-np.take_along_axis(parts, best, axis=1), axis=1), axis=1)
    reasons = ["; ".join(row) for row in np.asarray(names)[best].tolist()]
    return 1 / (1 + np.exp(-odds)), reasons


def evaluated(p, y):
    """Returns metrics with intervals; each user has one row."""
    import numpy as np

    sys.path.insert(0, str(Path(__file__).parent.parent))
    from measure import auc, log_loss, log_odds_of

    odds, random, drawn = log_odds_of(p), np.random.default_rng(1), []
    for _ in range(200):
        rows = random.integers(0, len(y), len(y))
        chosen = y[rows]
        drawn.append((auc(p[rows], chosen), log_loss(odds[rows], chosen), np.mean((p[rows] - chosen) ** 2)))
    limits = np.quantile(drawn, [0.025, 0.975], axis=0).tolist()
    return {"auc": auc(p, y), "logLoss": log_loss(odds, y), "intervals": limits, "rows": len(y)}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder")
    parser.add_argument("engine", choices=["polars", "duckdb"])
    parser.add_argument("model", help="file of a model of log_job.py; its columns are beside it")
    parser.add_argument("--reasons", action="store_true")
    parser.add_argument("--evaluate", action="store_true")
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    import lightgbm

    spec = read_spec(arguments.folder)
    stages.done("imports")
    log = extraction(arguments.engine, f"{arguments.folder}/log.csv", spec)
    stages.done("read")
    with open(arguments.model + ".columns") as file:
        columns = json.load(file)
    rows = log.features([spec["snapshots"][-1] if arguments.evaluate else spec["at"]], columns["levels"])
    x = rows.arranged(columns["names"])
    stages.done("features")
    model = lightgbm.Booster(model_file=arguments.model)
    if arguments.evaluate:
        found = evaluated(model.predict(x), rows.y)
        stages.say(**found)
        with open(arguments.output, "w") as file:
            json.dump(found, file)
    elif arguments.reasons:
        import polars as pl

        p, reasons = scored(model, x, columns["names"])
        pl.DataFrame({"id": rows.users, "probability": p, "reasons": reasons}).write_csv(arguments.output)
    else:
        write_scores(arguments.output, rows.users, model.predict(x))
    stages.done("score")


if __name__ == "__main__":
    main()
