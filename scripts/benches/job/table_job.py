"""The usual script: a table becomes a model and the scores of another table.

    fixed     all rounds given
    stopped   rounds by early stopping on a tenth of the rows, which the model does not learn from
    folds     rounds by five folds, then a fit on all rows

Example:
    python3 scripts/benches/job/table_job.py out/bench/job/independent-100000 lgb2 fixed --rounds 2000 \\
        --save model.txt --output scores.csv
"""

from stages import stages  # first, so that the time of all imports is seen

import argparse

from extracted import read_spec, write_scores
from models import MODELS, MOST_ROUNDS, PATIENCE, parameters


def matrix(pl, frame, spec, levels):
    """Returns float32 columns, texts as codes, and the levels of each text column."""
    np_columns, found = [], {}
    for name in [c for c in frame.columns if c not in (spec["id"], spec["target"])]:
        column = frame[name]
        if column.dtype == pl.String:
            known = levels[name] if levels else column.drop_nulls().unique().sort().to_list()
            found[name] = known
            column = column.replace_strict(known, list(range(len(known))), default=None)
        np_columns.append(column.cast(pl.Float32).alias(name))
    table = pl.DataFrame(np_columns)
    return table.columns, table.to_numpy(), found


def stopped(x, y, leaves, categorical, rate):
    """Fits a booster that stops by the loss on a tenth of the rows."""
    import lightgbm as library
    import numpy as np

    settings = parameters(leaves, rate)
    held = np.random.default_rng(1).random(len(y)) < 0.1
    data = library.Dataset(x[~held], y[~held], categorical_feature=categorical, params=settings)
    other = library.Dataset(x[held], y[held], reference=data)
    stop = library.early_stopping(PATIENCE[leaves], verbose=False)
    model = library.train(settings, data, MOST_ROUNDS[leaves], valid_sets=[other], callbacks=[stop])
    stages.done("fit")
    stages.say(rounds=model.best_iteration, version=library.__version__)
    return model


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder")
    parser.add_argument("model", choices=sorted(MODELS))
    parser.add_argument("way", choices=["fixed", "stopped", "folds"])
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--save", required=True)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    import numpy as np
    import polars as pl

    if arguments.model == "sklearn":
        import sklearn.ensemble  # noqa: F401  (its time belongs to the imports)
    else:
        import lightgbm  # noqa: F401
    spec = read_spec(arguments.folder)
    stages.done("imports")
    frame = pl.read_csv(f"{arguments.folder}/train.csv", null_values=["", " "], infer_schema_length=10_000)
    y = (frame[spec["target"]].cast(pl.String) == spec["positive"]).to_numpy().astype(np.uint8)
    names, x, levels = matrix(pl, frame, spec, None)
    del frame
    categorical = [names.index(name) for name in [*spec["categorical"], *levels]]
    stages.done("read")
    leaves = 2 if arguments.model == "lgb2" else 31
    if arguments.way == "stopped":
        model = stopped(x, y, leaves, categorical, arguments.rate)
    else:
        fold = np.random.default_rng(1).integers(0, 5, len(y), dtype=np.uint8)
        rounds = arguments.rounds if arguments.way == "fixed" else None
        fit = MODELS[arguments.model]
        model = fit(x, y, fold, categorical, stages, rate=arguments.rate, rounds=rounds)
    model.save_model(arguments.save)
    del x
    test = pl.read_csv(f"{arguments.folder}/test.csv", null_values=["", " "], infer_schema_length=10_000)
    write_scores(arguments.output, test[spec["id"]], model.predict(matrix(pl, test, spec, levels)[1]))
    stages.done("score")


if __name__ == "__main__":
    main()
