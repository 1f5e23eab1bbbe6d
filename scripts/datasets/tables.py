"""Functions for reading and writing tables, shared by the scripts of this folder.

Reads:  CSV or TSV files with a header, gzipped when the name ends in .gz.
Writes: CSV files (UTF-8, LF), gzipped when the name ends in .gz; first under a
        temporary name beside the target, renamed when complete.
A failure prints one line that names file, line and what was expected, and exits
with 65 for bad data, 66 for an input that cannot be read, and 73 for an output
that cannot be written.

Example (the module is imported and has no command of its own):
    python3 scripts/datasets/oulad.py --presentation AAA-2013J --output events.csv
"""

import csv
import gzip
import io
import os
import sys
import tempfile
import zlib
from pathlib import Path

BAD_DATA = 65
CANNOT_READ = 66
CANNOT_WRITE = 73


def fail(code, message):
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)


def note(message):
    print(message, file=sys.stderr)


def default_data_folder():
    """Returns $LIMPET_DATA, or ../shared/data relative to the project's root."""
    named = os.environ.get("LIMPET_DATA")
    if named:
        return Path(named)
    root = Path(__file__).resolve().parents[2]
    return root.parent / "shared" / "data"


def read_rows(path, columns, delimiter=","):
    """Yields (line number, values of the named columns) for every row."""
    try:
        with _open_text(path) as stream:
            yield from _rows(stream, path, columns, delimiter)
    except UnicodeDecodeError as error:
        fail(BAD_DATA, f"{path}: expected UTF-8 text: {error}")
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        fail(CANNOT_READ, f"{path}: expected a readable file: {reason}")


def _open_text(path):
    if str(path).endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return open(path, "r", encoding="utf-8-sig", newline="")


def _rows(stream, path, columns, delimiter):
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    try:
        header = next(reader, None)
        if header is None:
            fail(BAD_DATA, f"{path}:1: expected a header with {', '.join(columns)}, found an empty file")
        places = [_place(header, column, path) for column in columns]
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                fail(BAD_DATA, f"{path}:{reader.line_num}: expected {len(header)} fields, found {len(row)}")
            yield reader.line_num, [row[place].strip() for place in places]
    except csv.Error as error:
        fail(BAD_DATA, f"{path}:{reader.line_num}: expected well-formed CSV: {error}")


def _place(header, column, path):
    if column not in header:
        fail(BAD_DATA, f"{path}:1: expected a column '{column}', found {', '.join(header)}")
    return header.index(column)


def integer(text, path, line, column):
    try:
        return int(text)
    except ValueError:
        fail(BAD_DATA, f"{path}:{line}: expected an integer in '{column}', found '{text}'")


def write_rows(path, header, rows):
    """Writes header and rows; the target appears only when it is complete."""
    path = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    except OSError as error:
        fail(CANNOT_WRITE, f"{path}: expected a writable folder: {error.strerror}")
    try:
        with os.fdopen(handle, "wb") as binary:
            _write_binary(binary, path, header, rows)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        fail(CANNOT_WRITE, f"{path}: expected to write it: {error.strerror}")
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


def _write_binary(binary, path, header, rows):
    packed = None
    if path.name.endswith(".gz"):
        packed = gzip.GzipFile(filename="", mode="wb", fileobj=binary, mtime=0)
    text = io.TextIOWrapper(packed or binary, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    text.detach()
    if packed:
        packed.close()


def _umask():
    current = os.umask(0)
    os.umask(current)
    return current
