"""Chooses the variant of an engine: each is run once, and the fastest one that qualifies races."""

import json
from pathlib import Path

from engines import run
from table import is_disturbed

SHORT = 1.5  # seconds


class TargetMissed(Exception):
    """The error when no variant of an engine reached the target loss of the race."""


class Probes:
    """Runs for the choice of a variant. Short ones are repeated three times, and the fastest counts.

    Those of peers are kept on disk unless they were disturbed; those of Limpet are always repeated.
    """

    def __init__(self, file, context):
        self.file, self.context = Path(file), context
        self.kept = json.loads(self.file.read_text()) if self.file.exists() else {}

    def run(self, engine, settings, folder, threads, executable, losses_at=()):
        meta = json.loads((folder / "meta.json").read_text())
        key = json.dumps([self.context, engine, settings, threads, list(losses_at), meta], sort_keys=True)
        if engine != "limpet" and key in self.kept:
            return self.kept[key]
        found = run(engine, settings, folder, threads, executable, losses_at)
        for _ in range(2 if found["seconds"] < SHORT else 0):
            again = run(engine, settings, folder, threads, executable, losses_at)
            found = min(found, again, key=lambda line: line["seconds"])
        if engine != "limpet" and not is_disturbed([found]):
            self.kept[key] = found
            self.file.write_text(json.dumps(self.kept, indent=1) + "\n")
        return found


def shortest(line, settings, target):
    """Returns the settings with the smallest number of rounds that reaches the target, and the time."""
    for rounds, loss in sorted((int(r), loss) for r, loss in line["losses"].items()):
        if loss <= target:
            seconds = line["binSeconds"] + line["fitSeconds"] * rounds / settings["rounds"]
            return {**settings, "rounds": rounds}, seconds
    return None


def outcome(probes, entrant, settings, folder, threads, executable, target):
    """Returns the settings to race with and the seconds that they took; None if the target was missed."""
    if settings.get("untilTarget"):
        plain = {key: value for key, value in settings.items() if key != "untilTarget"}
        step = max(1, plain["rounds"] // 26)
        losses_at = range(step, plain["rounds"] + 1, step)
        line = probes.run(entrant.engine, plain, folder, threads, executable, losses_at)
        return shortest(line, plain, target)
    line = probes.run(entrant.engine, {**settings, **entrant.probe}, folder, threads, executable)
    if target is not None and line["testLogLoss"] > target:
        return None
    return settings, line["seconds"]


def choose(probes, entrant, folder, threads, executable, target=None):
    """Returns the settings, the number of threads, and the number of variants tried."""
    numbers = entrant.threads or [threads]
    only = entrant.variants[0]
    if len(entrant.variants) == len(numbers) == 1 and not only.get("untilTarget"):
        return only, numbers[0], 1
    found = []
    for settings in entrant.variants:
        for number in numbers:
            result = outcome(probes, entrant, settings, folder, number, executable, target)
            if result is not None:
                found.append((result[1], len(found), result[0], number))
    if not found:
        raise TargetMissed(f"{entrant.engine}: no variant reached a log loss of {target:.5f}")
    _, _, settings, number = min(found)
    return settings, number, len(entrant.variants) * len(numbers)
