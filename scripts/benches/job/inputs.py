"""Makes the inputs of the jobs once, from a seed, and prints the folder of one.

A log's folder holds log.csv (sorted by time), spec.json (what a person knows of it: columns, snapshot
times, what is predicted) and truth.csv, the users who cancel in the four weeks after the time of the
scores: the log ends there. A table's folder holds train.csv, test.csv and truth.csv, the labels of the
test rows by their ids.

Example:
    python3 scripts/benches/job/inputs.py interacting 2000000 --into out/bench/job
"""

import argparse
import csv
import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

VERSION = 1  # increase it when the same arguments give different files
START, DAYS, HORIZON, SNAPSHOTS, EVERY = "2025-01-01", 272, 28, 9, 28
USER_EVENTS = 103  # events of a simulated user before the time of the scores; found by counting
BYTES = {"simulated": 75, "interacting": 50, "independent": 190, "telco": 200}  # of a row of CSV, or more
NO_DATA = 66  # exit code where public data are missing
SEED = 20261130
TEST_ROWS = 200_000
SIMULATED = {
    "names": [
        "page_viewed", "video_watched", "searched", "attempt_failed", "offer_shown", "cart_added",
        "offer_withheld", "purchased", "offer_dismissed", "ticket_opened", "offer_clicked", "ticket_closed",
        "signed_up", "newsletter_joined",
    ],
    "system": ["offer_shown", "offer_withheld"],
    "amounts": [
        ["value", "purchased"], ["value", "cart_added"], ["dwell_s", "page_viewed"],
        ["progress", "video_watched"],
    ],
    "categories": ["plan", "country", "device", "offer", "reason"],
}
INTERACTING = {
    "names": [
        "viewed", "watched", "searched", "cart_added", "purchased", "failed", "ticket", "message", "signed_up"
    ],
    "system": [],
    "amounts": [["value", "purchased"], ["value", "cart_added"]],
    "categories": ["plan", "country", "device"],
}


class NoData(Exception):
    """The error of public data that are not on this machine."""


class NoSpace(Exception):
    """The error of a disk that cannot hold an input."""


def day(number):
    return (datetime.date.fromisoformat(START) + datetime.timedelta(number)).isoformat()


def spec_of(kind):
    last = DAYS - HORIZON
    return {
        "snapshots": [day(last - EVERY * back) for back in reversed(range(SNAPSHOTS))],
        "at": day(DAYS),
        "target": "cancelled",
        "horizonDays": HORIZON,
        **(SIMULATED if kind == "simulated" else INTERACTING),
    }


def line_at(stream, place):
    stream.seek(place)
    stream.readline()
    return stream.readline()


def cut(file, time):
    """Ends a log that is sorted by time before the given one; returns the lines after it."""
    low, high = 0, file.stat().st_size
    with open(file, "r+b") as stream:
        stream.readline()
        low = stream.tell()
        while high - low > 4_096:
            middle = (low + high) // 2
            line = line_at(stream, middle)
            low, high = (middle, high) if line and line[: len(time)] < time else (low, middle)
        stream.seek(low)
        if low > 4_096:
            stream.readline()
        place = stream.tell()
        while (line := stream.readline()) and line[: len(time)] < time:
            place = stream.tell()
        stream.seek(place)
        rest = stream.read()
        stream.truncate(place)
    return rest.decode().splitlines()


def simulated(folder, events, limpet):
    """Writes the log of `limpet simulate`, and returns who cancels after its end."""
    file = folder / "log.csv"
    command = [limpet, "simulate", "--users", str(max(events // USER_EVENTS, 50)), "--start", START]
    command += ["--days", str(DAYS + HORIZON), "--seed", str(SEED), "--output", file]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    rows = csv.reader(cut(file, day(DAYS).encode()))
    return [row[1] for row in rows if row[2] == "cancelled"]


def interacting(folder, events, limpet):
    import interacting

    return interacting.write(folder / "log.csv", events, START, DAYS, HORIZON, SEED)


def log(folder, kind, events, limpet):
    leavers = {"simulated": simulated, "interacting": interacting}[kind](folder, events, limpet)
    with open(folder / "truth.csv", "w") as stream:
        stream.write("id,label\n")
        stream.writelines(f"{user},1\n" for user in sorted(leavers))
    (folder / "spec.json").write_text(json.dumps(spec_of(kind), indent=1) + "\n")


def table(folder, rows, root):
    """Writes the table `independent` of the training races as CSV, with an id and the shortest numbers."""
    import numpy as np
    import polars as pl

    import data

    # A table of 100,000 rows is the beginning of the large one, and is tested on the same 200,000 rows.
    made = data.make("independent", root, 1 if rows >= 100_000 else 1_000_000 // rows)
    categorical = json.loads((made / "meta.json").read_text())["categorical"]
    for part in ("train", "test"):
        count = rows if part == "train" else None
        x, y = np.load(made / f"{part}.npy", mmap_mode="r")[:count], np.load(made / f"{part}_y.npy")[:count]
        columns = {"id": pl.Series([f"{part}-{number}" for number in range(len(y))])}
        for place in range(x.shape[1]):
            column = pl.Series(np.asarray(x[:, place])).fill_nan(None)
            whole = (column.drop_nulls() % 1 == 0).all()
            name = f"{'level' if place in categorical else 'x'}{place}"
            columns[name] = column.cast(pl.Int64) if whole else column
        frame = pl.DataFrame(columns)
        if part == "train":
            frame.with_columns(label=pl.Series(y)).write_csv(folder / "train.csv")
        else:
            frame.write_csv(folder / "test.csv")
            pl.DataFrame({"id": columns["id"], "label": y}).write_csv(folder / "truth.csv")
    levels = [f"level{place}" for place in categorical]
    spec = {"id": "id", "target": "label", "positive": "1", "categorical": levels}
    (folder / "spec.json").write_text(json.dumps(spec) + "\n")
    shutil.rmtree(made)  # the CSV is what the jobs read


def telco(folder):
    """Parts the public table into four fifths that are learnt from, and a fifth that tests."""
    import numpy as np
    import polars as pl

    frame = pl.read_csv(telco_file(), infer_schema_length=0)
    test = np.random.default_rng(SEED).random(len(frame)) < 0.2
    frame.filter(~test).write_csv(folder / "train.csv")
    frame.filter(test).drop("Churn").write_csv(folder / "test.csv")
    label = (pl.col("Churn") == "Yes").cast(pl.Int8).alias("label")
    frame.filter(test).select(pl.col("customerID").alias("id"), label).write_csv(folder / "truth.csv")
    spec = {"id": "customerID", "target": "Churn", "positive": "Yes", "categorical": []}
    (folder / "spec.json").write_text(json.dumps(spec) + "\n")


def telco_file():
    root = Path(os.environ.get("LIMPET_DATA", "../shared/data"))
    files = sorted((root / "telco").glob("*.csv"))
    if not files:
        raise NoData(f"no telco/*.csv in {root}: set LIMPET_DATA")
    return files[0]


def check_space(into, needed):
    free = shutil.disk_usage(into).free
    if free < needed:
        has, wanted = f"{free / 1e9:.1f} GB", f"{needed / 1e9:.1f} GB"
        raise NoSpace(f"{into} has {has} free, and this input and its outputs need {wanted}")


def make(kind, size, into, limpet):
    into.mkdir(parents=True, exist_ok=True)
    folder = into / f"{kind}-{size}"
    wanted = {"version": VERSION, "kind": kind, "size": size, "seed": SEED}
    done = folder / "made.json"
    if done.exists() and json.loads(done.read_text()) == wanted:
        return folder
    # The table's own arrays, a sorted copy of a log and what lies beside it until it is merged: three times.
    rows = max(size, 1_000_000) + TEST_ROWS if kind == "independent" and size >= 100_000 else size
    check_space(into, 3 * rows * BYTES[kind] + 500_000_000)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if kind == "independent":
        table(folder, size, into)
    elif kind == "telco":
        telco(folder)
    else:
        log(folder, kind, size, limpet)
    done.write_text(json.dumps(wanted) + "\n")
    return folder


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=sorted(BYTES))
    parser.add_argument("size", type=int, help="events, or rows")
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--limpet", help="the binary that simulates")
    arguments = parser.parse_args()
    try:
        print(make(arguments.kind, arguments.size, arguments.into, arguments.limpet))
    except NoData as error:
        print(error, file=sys.stderr)
        sys.exit(NO_DATA)
    except (NoSpace, OSError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
