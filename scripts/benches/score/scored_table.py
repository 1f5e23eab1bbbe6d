"""Makes the table and the model that all engines score, with the seed of the training races."""

import json
import subprocess
import sys
from pathlib import Path

import lightgbm
import numpy as np
import pandas

sys.path.insert(0, str(Path(__file__).parent.parent))
import data as tables  # noqa: E402

ROUNDS = 1_000
WIDE = 200


def stumps(x, y, rounds):
    parameters = {
        "objective": "binary",
        "num_leaves": 2,
        "learning_rate": 0.1,
        "verbose": -1,
        "num_threads": 2,
    }
    return lightgbm.train(parameters, lightgbm.Dataset(x, y), rounds)


def rows_of(folder, count):
    """Returns rows in C order, as services and data frames hold them, and their labels."""
    x = np.load(folder / "dense" / "train.npy", mmap_mode="r")[:count]
    return np.ascontiguousarray(x), np.load(folder / "dense" / "train_y.npy")[:count]


def make(root, into, rows, limpet):
    """Makes a folder with rows.npy, LightGBM's model.txt, Limpet's model.json, and both for 200 features."""
    into.mkdir(parents=True, exist_ok=True)
    done = into / "made.json"
    wanted = {"rows": rows, "rounds": ROUNDS, "version": 2}
    if done.exists() and json.loads(done.read_text()) == wanted:
        return into
    tables.make("dense", root)
    x, y = rows_of(root, rows)
    np.save(into / "rows.npy", x)
    # The shortest form of numbers and empty fields, as data frames write them.
    pandas.DataFrame(x, columns=[f"Column_{k}" for k in range(x.shape[1])]).to_csv(
        into / "rows.csv", index=False
    )
    booster = stumps(x[:200_000], y[:200_000], ROUNDS)
    booster.save_model(into / "model.txt")
    random = np.random.default_rng(1)
    wide = random.lognormal(1, 1, (20_000, WIDE)).round(2)
    label = random.random(len(wide)) < 1 / (1 + np.exp(-np.log(wide[:, ::10]).sum(axis=1) / 5))
    stumps(wide, label, 5_000).save_model(into / "wide.txt")
    for name in ("model", "wide"):
        subprocess.run(
            [limpet, "import-model", into / f"{name}.txt", "--output", into / f"{name}.json"], check=True
        )
    done.write_text(json.dumps(wanted))
    return into
