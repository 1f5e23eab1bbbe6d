"""Generates the event log of the feature races from a seed, with the same bytes each time.

user.npy, time_ms.npy, cents.npy (NaN for none) are float64, name.npy is uint8: 325,000 users over 180 days
with gamma-distributed rates, ten event names from frequent to rare, and amounts on the first two of them.
"""

import json
from pathlib import Path

import numpy as np

VERSION = 1
DAY = 86_400_000
START = 1_735_776_000_000  # 2025-01-02 00:00 UTC
DAYS = 180
END = START + DAYS * DAY
NAMES = 10


def make(into, events=20_000_000, users=325_000, seed=20261125):
    folder = Path(into)
    meta = {"version": VERSION, "events": events, "users": users, "seed": seed, "start": START, "end": END}
    file = folder / "meta.json"
    if file.exists() and json.loads(file.read_text()) == meta:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    rate = random.gamma(0.7, size=users)
    user = np.sort(random.choice(users, size=events, p=rate / rate.sum()).astype(np.int32))
    first = random.uniform(0, DAYS * 0.9, size=users)
    time = START + ((first[user] + random.beta(0.8, 1.0, size=events) * (DAYS - first[user])) * DAY).astype(
        np.int64
    )
    order = np.lexsort((time, user))
    time = np.minimum(time[order], END - 1)
    weights = 0.65 ** np.arange(NAMES)
    name = random.choice(NAMES, size=events, p=weights / weights.sum()).astype(np.uint8)
    cents = np.round(random.lognormal(7.5, 1.0, size=events))
    cents[name >= 2] = np.nan
    for column, values in (
        ("user", user.astype(np.float64)),
        ("time_ms", time.astype(np.float64)),
        ("cents", cents),
    ):
        np.save(folder / f"{column}.npy", values)
    np.save(folder / "name.npy", name)
    file.write_text(json.dumps(meta))
    return folder
