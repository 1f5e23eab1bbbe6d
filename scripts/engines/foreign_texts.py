"""What random tables and logs share: texts of all kinds, files of them, and runs of Limpet."""

import gzip
import subprocess

LEVELS = ["basic", "pro", "Zürich", "Zu\u0308rich", "a,b", '"', "''", "😀👍", "true", "NULLx", "0", "1", "1.0",
          "-", "x y", "tab\tin", "new\nline", "semi;colon", "|", "ÿ", "None", "\\N"]


class Difference(Exception):
    """What was read is not what was written."""


def run(limpet, *arguments):
    done = subprocess.run([limpet, *arguments], capture_output=True, timeout=120, check=False)
    if done.returncode:
        raise Difference(f"{arguments[0]} ended with {done.returncode}: {done.stderr.decode()[-400:]}")
    return done.stdout.decode()


def packed(draw, text, path):
    """Writes a text with or without a mark and gzip; returns the file's name."""
    raw = text.encode()
    if draw.random() < 0.2:
        raw = b"\xef\xbb\xbf" + raw
    path += ".gz" if draw.random() < 0.2 else ""
    with open(path, "wb") as file:
        file.write(gzip.compress(raw) if path.endswith(".gz") else raw)
    return path
