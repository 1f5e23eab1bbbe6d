"""The tasks that whole jobs are measured on: public data, tables of one's own, and generated ones.

`case_of` writes the files of one into a folder. The cuts in time, horizons and features of logs are those of
`Tests/EngineTests/PublicDataTests.swift`; the rows of tables are split by a seeded permutation, 70 to 30.

    telco        who has left
    hillstrom    who visits the shop after a mail, or none
    cookie_cats  who plays again after seven days
    cdnow        no purchase within 273 days, learnt from 153 days
    retail       no purchase within 60 days, at two later months
    oulad        withdrawal within 28 days, in the course a year later and in another course
"""

import csv
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

import drifting
import generators
from cases import FlatCase, LogCase, LogTest
from tables import BAD_DATA, CANNOT_READ, fail, read_table

ROOT = Path(__file__).resolve().parents[2]
MISSING = ("NA", "NaN")  # what Limpet takes for missing beside the empty text
GENERATED = [*generators.TABLES, "drifting"]


def data_folder():
    return Path(os.environ.get("LIMPET_DATA") or ROOT.parent / "shared" / "data")


class Table(NamedTuple):
    """A flat table: its file, target, the column of the user, and the columns that are left out."""

    file: Path
    target: str
    positive: str = "1"
    group: str | None = None
    drop: tuple = ()


PUBLIC_TABLES = {
    "telco": Table(Path("telco/Telco-Customer-Churn.csv"), "Churn", "Yes", drop=("customerID",)),
    "hillstrom": Table(Path("hillstrom/hillstrom.csv"), "visit", drop=("conversion", "spend")),
    "cookie_cats": Table(
        Path("cookie_cats/cookie_cats.csv"), "retention_7", "True", drop=("", "userid")
    ),
}


# Flat tables

def split_places(table, users, seed):
    """Returns the rows to train on and those to measure on, whole users in either."""
    names, places = np.unique(users, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    first = np.zeros(len(names), bool)
    first[order[: int(generators.SHARE * len(names))]] = True
    return np.flatnonzero(first[places]), np.flatnonzero(~first[places])


def write_part(table, names, missing, rows, path):
    columns = [table.text(name) for name in names]
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow("" if column[row] in missing else column[row] for column in columns)


def table_case(name, given, folder, options):
    """Splits a table into two files; fields that mean a missing value become empty ones in both."""
    table = read_table(given.file)
    for column in (given.target, *given.drop, *([given.group] if given.group else [])):
        table.text(column)
    if given.positive not in table.text(given.target):
        fail(BAD_DATA, f"{given.file}: expected '{given.positive}' in '{given.target}'")
    users = np.array(table.text(given.group)) if given.group else np.arange(table.count)
    names = [column for column in table.header if column not in given.drop]
    files = [folder / f"{name}-train.csv", folder / f"{name}-test.csv"]
    for rows, file in zip(split_places(table, users, options.seed), files):
        write_part(table, names, {*MISSING, *options.missing}, rows, file)
    return FlatCase(name, *files, given.target, given.positive, given.group)


def generated_case(name, folder, options):
    made, train = generators.make(name, options.seed)
    files = [folder / f"{name}-train.csv", folder / f"{name}-test.csv"]
    for rows, file in zip((slice(train), slice(train, None)), files):
        generators.write(made, rows, file)
    return FlatCase(name, *files, "label", truth=made.probabilities[train:])


# Logs

def script(name, arguments):
    command = [sys.executable, ROOT / "scripts" / "datasets" / name, *arguments]
    environment = {**os.environ, "LIMPET_DATA": str(data_folder())}
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        fail(CANNOT_READ, done.stderr.strip()[-800:])


def cdnow(folder):
    log = ["--events", data_folder() / "cdnow/CDNOW_master.txt", "--user-column", "customer_id"]
    log += ["--time-column", "date", "--value-column", "dollar_value", "--event-name", "purchase"]
    test = LogTest("cdnow", log, ["--at", "1997-10-01"], ["--churn-after", "273d"])
    label = ["--churn-after", "153d"]
    return LogCase("cdnow", log, ["--active-within", "none"], label, ["--at", "1997-05-01"], [test], folder)


def retail(folder):
    file = folder / "retail-log.csv"
    script("online_retail.py", ["--output", file])
    log, months = ["--events", file], ["2011-03-01", "2011-04-01", "2011-05-01", "2011-06-01"]
    tests = [LogTest(f"retail {day}", log, ["--at", day], []) for day in ("2011-09-01", "2011-10-01")]
    setting = ["--has-done", "purchase", "--active-within", "none"]
    label = ["--churn-after", "60d", "--churn-events", "purchase"]
    return LogCase("retail", log, setting, label, ["--at", *months], tests, folder)


def weeks(first, last):
    """Returns day 0, 7, … `last` of a course, each seen at the following midnight."""
    return [str(date.fromisoformat(first) + timedelta(day)) for day in range(0, last + 1, 7)]


def course(folder, *presentations):
    file = folder / f"oulad-{presentations[0]}.csv"
    flags = [part for name in presentations for part in ("--presentation", name)]
    script("oulad.py", [*flags, "--output", file])
    return ["--events", file]


def oulad(folder):
    setting = ["--features", ROOT / "scripts" / "datasets" / "oulad.yaml", "--has-done", "registered"]
    setting += ["--has-not-done", "withdrawn", "course_end"]
    label = ["--target-event", "withdrawn", "--horizon", "28d"]
    other = [*weeks("2013-10-02", 210), *weeks("2014-10-02", 210)]
    tests = [
        LogTest("oulad a", course(folder, "BBB-2013J"), ["--at", *weeks("2013-10-02", 105)], []),
        LogTest("oulad b", course(folder, "AAA-2013J", "AAA-2014J"), ["--at", *other], []),
    ]
    times = ["--at", *weeks("2013-02-02", 210)]
    return LogCase("oulad", course(folder, "BBB-2013B"), setting, label, times, tests, folder)


PUBLIC_LOGS = {
    "cdnow": (cdnow, "cdnow/CDNOW_master.txt"), "retail": (retail, "online_retail/onlineretail.csv.gz"),
    "oulad": (oulad, "oulad/studentVle_first1048575.tsv.gz"),
}
PUBLIC = [*PUBLIC_TABLES, *PUBLIC_LOGS]


def drifting_case(folder, options):
    made = drifting.make(options.seed)
    files = [folder / "drifting-train.csv", folder / "drifting-all.csv"]
    drifting.write(made, drifting.CUT_DAY, files[0])
    drifting.write(made, drifting.WEEKS * drifting.WEEK, files[1])
    times = ["--at", *(drifting.day(number) for number in drifting.TEST_DAYS)]
    end = ["--data-until", drifting.day(drifting.WEEKS * drifting.WEEK)]
    test = LogTest("drifting", ["--events", files[1], *end], times, [])
    label = ["--target-event", "cancelled", "--horizon", f"{drifting.HORIZON}d"]
    return LogCase("drifting", ["--events", files[0]], [], label, [], [test], folder)


# All of them

def missing_file(name):
    """Returns the file of a public task that is not there, or None."""
    if name not in PUBLIC:
        return None
    file = data_folder() / (PUBLIC_TABLES[name].file if name in PUBLIC_TABLES else PUBLIC_LOGS[name][1])
    return None if file.exists() else file


def case_of(name, folder, options):
    """Writes the files of a task into the folder; `options.table` holds the tables of one's own."""
    if name in options.table:
        return table_case(name, options.table[name], folder, options)
    if name in PUBLIC_TABLES:
        given = PUBLIC_TABLES[name]
        return table_case(name, given._replace(file=data_folder() / given.file), folder, options)
    if name in PUBLIC_LOGS:
        return PUBLIC_LOGS[name][0](folder)
    return drifting_case(folder, options) if name == "drifting" else generated_case(name, folder, options)
