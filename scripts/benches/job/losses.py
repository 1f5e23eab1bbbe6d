"""Prints the test AUC and log loss of files of scores, for the ids that all of them hold.

The truth is a file of ids and labels; an id that it does not name has label 0. With --own in its place
the files state the labels themselves, and rows are compared on whose labels they agree.

Example:
    python3 scripts/benches/job/losses.py truth.csv ours.csv theirs.csv
"""

import json
import sys
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent.parent))
from measure import auc, log_loss, log_odds_of  # noqa: E402


LABELLED = ["id", "origin", "label"]  # what the predictions of a backtest say besides


def read(file, keys):
    frame = pl.read_csv(file, columns=[*keys, "probability"], schema_overrides={"id": pl.String})
    return frame.unique(keys)


def main():
    own = sys.argv[1] == "--own"
    keys = LABELLED if own else ["id"]
    scores = [read(file, keys) for file in sys.argv[2:]]
    common = scores[0].select(keys)
    for other in scores[1:]:
        common = common.join(other.select(keys), on=keys, how="semi")
    if not own:
        truth = pl.read_csv(sys.argv[1], schema_overrides={"id": pl.String})
        common = common.join(truth, on="id", how="left").with_columns(pl.col("label").fill_null(0))
    y, found = common["label"].to_numpy(), []
    for file in scores:
        p = common.join(file, on=keys, how="left", maintain_order="left")["probability"].to_numpy()
        found.append({"rows": len(file), "logLoss": log_loss(log_odds_of(p), y), "auc": auc(p, y)})
    print(json.dumps({"rows": len(y), "positives": int(y.sum()), "scores": found}))


if __name__ == "__main__":
    main()
