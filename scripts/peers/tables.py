"""Tables of text, read with an error for each field that is not as expected."""

import csv
import gzip
import sys
import zlib

import numpy as np

BAD_DATA = 65
CANNOT_READ = 66


def fail(code, message):
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)


def read_table(path):
    """Reads the header and the columns of a CSV, as lists of text; row i is on line lines[i]."""
    opener = gzip.open if str(path).endswith(".gz") else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
            return read_stream(csv.reader(stream, strict=True), path)
    except UnicodeDecodeError as error:
        fail(BAD_DATA, f"{path}: expected UTF-8 text: {error}")
    except (OSError, EOFError, zlib.error) as error:
        fail(CANNOT_READ, f"{path}: expected a readable file: {getattr(error, 'strerror', None) or error}")


def read_stream(reader, path):
    rows, lines = [], []
    try:
        header = next(reader, None)
        if not header or len(set(header)) != len(header):
            fail(BAD_DATA, f"{path}:1: expected a header of distinct names")
        for row in reader:
            if row and len(row) != len(header):
                fail(BAD_DATA, f"{path}:{reader.line_num}: expected {len(header)} fields, found {len(row)}")
            if row:
                rows.append([sys.intern(value.strip()) for value in row])
                lines.append(reader.line_num)
    except csv.Error as error:
        fail(BAD_DATA, f"{path}:{reader.line_num}: expected well-formed CSV: {error}")
    if not rows:
        fail(BAD_DATA, f"{path}:2: expected at least one row")
    return Table(path, header, rows, lines)


class Table:
    def __init__(self, path, header, rows, lines):
        self.path, self.header, self.lines = path, header, lines
        self.columns = dict(zip(header, (list(column) for column in zip(*rows))))
        self.count = len(rows)

    def text(self, name):
        if name not in self.columns:
            fail(BAD_DATA, f"{self.path}:1: expected a column '{name}', found {', '.join(self.header[:12])}")
        return self.columns[name]

    def where(self, row):
        return f"{self.path}:{self.lines[row]}"

    def numbers(self, name):
        """Returns the column as numbers, empty fields as NaN."""
        text = self.text(name)
        result = np.empty(self.count)
        for row, value in enumerate(text):
            number = as_number(value)
            if number is None:
                fail(
                    BAD_DATA,
                    f"{self.where(row)}: expected a finite number or nothing in '{name}', found '{value}'",
                )
            result[row] = number
        return result

    def is_numeric(self, name):
        return all(as_number(value) is not None for value in set(self.columns[name]))

    def complete(self, name):
        """Returns the column as numbers, without missing ones."""
        result = self.numbers(name)
        if np.isnan(result).any():
            row = int(np.flatnonzero(np.isnan(result))[0])
            fail(BAD_DATA, f"{self.where(row)}: expected a number in '{name}', found nothing")
        return result

    def probabilities(self, name):
        result = self.complete(name)
        for row in np.flatnonzero((result < 0) | (result > 1))[:1]:
            fail(BAD_DATA, f"{self.where(row)}: expected a probability in '{name}', found {result[row]}")
        return result


def as_number(text):
    """Returns a finite number, NaN for an empty text, None for anything else."""
    if text == "":
        return np.nan
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def labels_of(table, name):
    text = table.text(name)
    for row, value in enumerate(text):
        if value not in ("0", "1"):
            fail(BAD_DATA, f"{table.where(row)}: expected 0 or 1 in '{name}', found '{value}'")
    return two_classes(np.array([int(value) for value in text]), table.path, name)


def two_classes(labels, path, name):
    if labels.min() == labels.max():
        fail(BAD_DATA, f"{path}: expected both outcomes in '{name}', found one")
    return labels


class Features:
    """The columns for training: numbers, and texts of the categorical ones."""

    def __init__(self, numbers, texts):
        self.numbers, self.texts = numbers, texts

    @classmethod
    def of(cls, table, names, numeric):
        numbers = [table.numbers(name) for name in names if name in numeric]
        texts = [np.array(table.text(name), dtype=object) for name in names if name not in numeric]
        return cls(stack(numbers, table.count, float), stack(texts, table.count, object))

    def rows(self, chosen):
        return Features(self.numbers[chosen], self.texts[chosen])


def stack(columns, count, kind):
    return np.column_stack(columns).astype(kind) if columns else np.empty((count, 0), dtype=kind)
