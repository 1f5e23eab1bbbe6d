"""The usual script: a log becomes features at snapshot times, a model, and scores of all users.

Example:
    python3 scripts/benches/job/log_job.py out/bench/job/simulated-2000000 polars lgb31 \\
        --save model.txt --output scores.csv
"""

from stages import stages  # first, so that the time of all imports is seen

import argparse
import json

from extracted import extraction, read_spec, write_scores
from models import MODELS


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder")
    parser.add_argument("engine", choices=["polars", "duckdb"])
    parser.add_argument("model", choices=sorted(MODELS))
    parser.add_argument("--rate", type=float)
    parser.add_argument("--snapshots", type=int, help="learn from the first ones only")
    parser.add_argument("--save", required=True, help="file of the model; beside it that of its columns")
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    spec = read_spec(arguments.folder)
    if arguments.model == "sklearn":
        import sklearn.ensemble  # noqa: F401  (its time belongs to the imports)
    else:
        import lightgbm  # noqa: F401
    stages.done("imports")
    log = extraction(arguments.engine, f"{arguments.folder}/log.csv", spec)
    stages.done("read")
    rows = log.features(spec["snapshots"][: arguments.snapshots])
    stages.say(rows=len(rows.y), features=len(rows.names))
    stages.done("features")
    fit = MODELS[arguments.model]
    model = fit(rows.x, rows.y, rows.fold, rows.categorical(), stages, rate=arguments.rate)
    model.save_model(arguments.save)
    with open(arguments.save + ".columns", "w") as file:
        json.dump({"names": rows.names, "levels": rows.levels}, file)
    stages.done("save")
    latest = log.features([spec["at"]], rows.levels)
    write_scores(arguments.output, latest.users, model.predict(latest.x))
    stages.done("score")


if __name__ == "__main__":
    main()
