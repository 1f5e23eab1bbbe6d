"""Runs one peer on one case in a process of its own, and prints one line of JSON.

The time is that from the table in memory to the fitted model: it includes binning, but neither reading nor
prediction. Memory is the resident memory after reading (baseBytes) and the peak while training (peakBytes).

Example:
    python3 scripts/benches/peer.py lightgbm --data out/bench/small --threads 2 \\
        --settings '{"rounds": 500, "learningRate": 0.1, "bins": 255}'
"""

import argparse
import json

import boosters
import linear_models
from measure import Folder, auc, log_loss

ENGINES = {**boosters.ENGINES, **linear_models.ENGINES}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("engine", choices=sorted(ENGINES))
    parser.add_argument("--data", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--settings", type=json.loads, default={})
    parser.add_argument("--losses-at", type=json.loads, default=[], help="also the loss after these rounds")
    arguments = parser.parse_args()
    folder = Folder(arguments.data)
    measured, predict, version = ENGINES[arguments.engine](folder, arguments.settings, arguments.threads)
    y, scores = folder.labels("test"), predict()
    line = {"engine": arguments.engine, "version": version, **measured}
    line["testLogLoss"], line["testAuc"] = log_loss(scores, y), auc(scores, y)
    line["threads"], line["settings"] = arguments.threads, arguments.settings
    if arguments.losses_at:
        line["losses"] = boosters.losses_along(predict, arguments.losses_at, y, log_loss)
    print(json.dumps(line))


if __name__ == "__main__":
    main()
