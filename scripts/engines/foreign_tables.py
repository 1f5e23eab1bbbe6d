"""Random tables as people's programs write them, with the values of their cells."""

import csv
import hashlib
import io
import json
import os

from foreign_texts import LEVELS, Difference, packed, run

try:
    import duckdb
except ImportError:
    duckdb = None

NAMES = ["x", "Größe", "a b", "a,b", 'say "x"', "😀", "x.y", "select", "X", "ÿ", "col;umn", "1", "true",
         "é", "e\u0301", "new\nline"]
MISSING = ["", "NA", "NaN"]
MISSING_NUMBER = -12345.678


def number(draw):
    """Returns a spelling of a number, and the number."""
    value = draw.choice([
        draw.randrange(-5, 100), round(draw.uniform(-1e3, 1e3), draw.randrange(6)), draw.randrange(10**15),
        0.0, -0.0, draw.uniform(-1, 1) * 10.0 ** draw.randrange(-20, 20),
        draw.choice([1e-300, 5e-324, 1e99, -1e99])])
    spellings = [repr(value)]
    if isinstance(value, int):
        spellings += [f"{value}.0", f"{value}.", f"{value}e0", f"{value:05d}"] + [f"+{value}"] * (value >= 0)
    else:
        spellings += [f"{value:.17e}", f"{value:.17E}"]
    text = draw.choice(spellings)
    return text, float(text)


class Table:
    """A random table with the values of its inputs."""

    def __init__(self, draw, folder):
        self.rows = draw.choice([1, 2, 3, 10, 200, 3_000])
        self.inputs = {name: draw.random() < 0.4 for name in draw.sample(NAMES, draw.randrange(1, 6))}
        self.cells = {name: [self.cell(draw, is_text) for _ in range(self.rows)]
                      for name, is_text in self.inputs.items()}
        others = {f"other{i}": [draw.choice([*LEVELS, "", "1e400", "2025-01-01"]) for _ in range(self.rows)]
                  for i in range(draw.randrange(3))}
        self.ids = [f"id{i}" for i in range(self.rows)]
        draw.shuffle(self.ids)
        columns = {name: [text for text, _ in cells] for name, cells in self.cells.items()}
        columns |= others | {"the id": self.ids}
        self.order = draw.sample(list(columns), len(columns))
        self.columns = columns
        self.delimiter = draw.choice([",", ",", ";", "\t", "|"])
        ending = draw.choice(["\n", "\r\n"])
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=ending,
                            quoting=draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        writer.writerow(self.order)
        writer.writerows(zip(*(columns[name] for name in self.order)))
        text = text.getvalue()
        if draw.random() < 0.3:
            text = text[:-len(ending)]
        self.path = packed(draw, text, os.path.join(folder, "table.csv"))

    @staticmethod
    def cell(draw, is_text):
        if draw.random() < 0.1:
            return draw.choice(MISSING), None
        if is_text:
            level = draw.choice(LEVELS)
            return level, level
        return number(draw)

    def judge(self):
        """Lets DuckDB read the table, which must find the cells that were written; returns whether it did.

        DuckDB finds no line end in a header of several lines, nor a mark within gzip.
        """
        is_hard = self.path.endswith(".gz") or any("\n" in name for name in self.order)
        if duckdb is None or self.rows > 200 or is_hard:
            return False
        found = duckdb.connect().execute(
            "SELECT * FROM read_csv(?, all_varchar=true, header=true, delim=?, quote='\"', escape='\"', "
            "nullstr='never', auto_detect=false, columns=?)",
            [self.path, self.delimiter, {f"c{i}": "VARCHAR" for i in range(len(self.order))}]).fetchall()
        written = list(zip(*(self.columns[name] for name in self.order)))
        if [tuple(cell or "" for cell in row) for row in found] != written:
            raise Difference("DuckDB reads other cells than were written")
        return True

    def compare(self, limpet, folder):
        levels = sorted(LEVELS, key=str.encode)
        for name, is_text in self.inputs.items():
            if is_text:
                values = [float(place + 1) for place in range(len(levels))]
                term = {"input": name, "type": "levels", "levels": levels, "values": values, "other": -1.0,
                        "missing": -2.0, "importance": 0.0}
            else:
                term = {"input": name, "type": "line", "transform": "identity", "coefficient": 1.0,
                        "offset": 0.0, "missing": MISSING_NUMBER, "importance": 0.0}
            model = os.path.join(folder, "model.json")
            self.write_model(model, term, levels)
            output = run(limpet, "score", "--model", model, "--table", self.path, "--id", "the id",
                         "--columns", "id", "log_odds", "--output", "-")
            found = {row["id"]: float(row["log_odds"]) for row in csv.DictReader(io.StringIO(output))}
            for identity, (text, value) in zip(self.ids, self.cells[name]):
                if is_text:
                    expected = -2.0 if value is None else float(levels.index(value) + 1)
                else:
                    expected = MISSING_NUMBER if value is None else value
                read = found.get(identity)
                if read != expected:
                    raise Difference(f"{name!r} of {identity}: {text!r} is read as {read}, not {expected}")

    def write_model(self, path, term, levels):
        def distribution(is_text):
            kind = {"levels": levels} if is_text else {"edges": []}
            return kind | {"counts": [0] * (len(levels) + 1 if is_text else 1), "missing": 0}

        model = json.dumps({
            "format": 1, "kind": "logistic", "source": {"type": "table", "target": "t", "positive": "1"},
            "inputs": [{"name": name, "type": "category" if is_text else "number"}
                       for name, is_text in self.inputs.items()],
            "intercept": 0.0, "terms": [term], "calibrator": {"type": "none"},
            "training": {"rows": 0, "users": 0, "positives": 0,
                         "inputs": [distribution(is_text) for is_text in self.inputs.values()],
                         "logOdds": distribution(False)},
            "evaluation": None, "provenance": None, "golden": {"rows": [], "histories": []},
        }, ensure_ascii=False)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'{{"sha256": "{hashlib.sha256(model.encode()).hexdigest()}",\n"model": {model}}}\n')
