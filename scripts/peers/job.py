"""Limpet's commands, each a process as a person starts it, timed from its start to its end."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

# As it was before compare.py sets the threads of its own libraries: so this is imported before it.
ENVIRONMENT = dict(os.environ)


class Trained(NamedTuple):
    """A model file, the seconds of its training, and what the training says that it chose."""

    file: Path
    seconds: float
    chosen: dict


class JobFailure(Exception):
    """The error of a command that failed, with its message."""


class Limpet:
    def __init__(self, binary, threads):
        self.binary, self.threads = binary, threads

    def run(self, *arguments):
        """Runs a command; returns its standard output, and the seconds that it took."""
        command = [str(part) for part in (self.binary, *arguments, "--threads", self.threads)]
        start = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
        seconds = time.monotonic() - start
        if done.returncode != 0:
            message = done.stderr.strip()[-800:]
            raise JobFailure(f"{' '.join(command)}: exit code {done.returncode}: {message}")
        return done.stdout, seconds

    def train(self, arguments, file):
        text, seconds = self.run("train", *arguments, "--output", file, "--format", "json")
        report = json.loads(text)
        chosen = {"kind": report.get("kind"), "terms": report.get("terms")} | (report.get("chosen") or {})
        return Trained(file, seconds, chosen)

    def score(self, model, arguments, file):
        self.run("score", "--model", model, *arguments, "--top-reasons", "0", "--output", file)

    def extract(self, model, arguments, file):
        """Writes the features of a model as a table; returns the seconds."""
        return self.run("features", "extract", "--model", model, *arguments, "--output", file)[1]
