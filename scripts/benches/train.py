"""Runs the training races and writes their results; `options.py` describes them."""

import json
import sys
import time
from pathlib import Path

import table
from data import make
from engines import EngineFailure, run
from linear_models import optimum
from machine import machine, processor_name, revision, say
from measure import Folder
from options import parsed
from races import all_races
from selection import Probes, TargetMissed, choose


def blas_kernels():
    """Returns the kernels that NumPy's own OpenBLAS chooses for this processor."""
    import numpy  # noqa: F401  (loads the library to inspect)
    from threadpoolctl import threadpool_info

    return sorted({i["architecture"] for i in threadpool_info() if i.get("internal_api") == "openblas"})


class Meeting:
    """The state that the races of one call share."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.scale = 10 if arguments.quick else 1
        self.into = Path(arguments.data) / "quick" if arguments.quick else Path(arguments.data)
        self.into.mkdir(parents=True, exist_ok=True)
        installed = Path(sys.prefix) / "installed"
        context = [processor_name(), installed.read_text().strip() if installed.exists() else ""]
        self.probes = Probes(self.into / "probes.json", context)

    def thinned(self, entrant):
        """Reduces a long grid to three of its variants with --quick."""
        if self.arguments.quick and len(entrant.variants) > 8:
            step = len(entrant.variants) // 3
            entrant.variants = entrant.variants[step // 2 :: step][:3]
        return entrant

    def repeats(self, entrant):
        return 1 if self.arguments.quick else self.arguments.repeats or entrant.repeats

    def target(self, race, folder):
        if race.target is None:
            return None
        line = self.probes.run("lightgbm", race.target, folder, self.arguments.threads, None)
        say(f"  target: log loss of {line['testLogLoss']:.5f} + {race.goal.loss:g}")
        return line["testLogLoss"] + race.goal.loss

    def ready(self, entrant, folder, target):
        """Chooses the variant of an entrant; returns its part of the report."""
        part = {"engine": entrant.engine, "shown": entrant.shown, "runs": []}
        try:
            settings, threads, tried = choose(
                self.probes,
                self.thinned(entrant),
                folder,
                self.arguments.threads,
                self.arguments.executable,
                target,
            )
            part.update(
                settings=settings, threads=threads, variantsTried=tried, repeats=self.repeats(entrant)
            )
            if tried > 1:
                say(f"  {entrant.engine}: of {tried} variants: {json.dumps(settings)}, {threads} threads")
        except TargetMissed as missed:
            part.update(missedTarget=str(missed), repeats=0)
            say(f"  {missed}")
        except EngineFailure as failure:
            part.update(failure=str(failure), repeats=0)
            say(f"  {entrant.engine} FAILED: {failure}")
        return part

    def run_once(self, part, folder):
        try:
            line = run(part["engine"], part["settings"], folder, part["threads"], self.arguments.executable)
            part["runs"].append(line)
            say(
                f"  {part['engine']}: {line['seconds']:.3f} s, "
                f"log loss {line.get('testLogLoss', float('nan')):.5f}"
            )
        except EngineFailure as failure:
            part.update(failure=str(failure), repeats=0)
            say(f"  {part['engine']} FAILED: {failure}")

    def hold(self, race):
        """Runs the entrants in turn until each has its number of runs; returns the report."""
        say(f"\n== {race.name}: {race.work}")
        folder = make(race.case, self.into, self.scale)
        target = self.target(race, folder)
        entrants = race.peers if self.arguments.peers_only else [race.ours, *race.peers]
        parts = [self.ready(entrant, folder, target) for entrant in entrants]
        for number in range(max(part["repeats"] for part in parts)):
            for part in parts:
                if number < part["repeats"]:
                    self.run_once(part, folder)
        ours = None if self.arguments.peers_only else parts.pop(0)
        report = {"name": race.name, "work": race.work, "case": race.case, "ours": ours, "peers": parts}
        report["table"] = json.loads((folder / "meta.json").read_text())
        if target is not None:
            report["targetLogLoss"] = target
        self.judge(race, report, folder, ours, parts)
        return report

    def judge(self, race, report, folder, ours, parts):
        best = None
        if race.goal.objective is not None:
            best = report["optimum"] = optimum(Folder(folder), race.ours.variants[0]["l2"])
        for part in parts:
            if ours is None or not ours["runs"] or not part["runs"]:
                continue
            part["compared"] = table.compared(ours["runs"], part["runs"])
            if target := report.get("targetLogLoss"):
                part["compared"]["loss"] = table.middle(ours["runs"], "testLogLoss") - target + race.goal.loss
            goals = table.verdicts(race.goal, part["compared"], ours["runs"], best)
            part["goals"] = [] if part["shown"] else goals


def failures(races):
    parts = [part for race in races for part in [race["ours"], *race["peers"]] if part]
    return [part for part in parts if part.get("failure")]


def main():
    arguments = parsed()
    meeting, start = Meeting(arguments), time.monotonic()
    facts = machine(arguments.threads) | {"blasKernels": blas_kernels()}
    say("machine: " + json.dumps(facts))
    if facts["loadBefore"] > 0.5:
        say("the machine is busy with something else: the times below will say less")
    report = {"revision": revision(), "quick": arguments.quick, "machine": facts, "races": []}
    wanted = [r for r in all_races() if not arguments.races or r.name in arguments.races]
    file = Path(arguments.json)
    file.parent.mkdir(parents=True, exist_ok=True)
    for race in wanted:
        report["races"].append(meeting.hold(race))
        file.write_text(json.dumps(report, indent=1) + "\n")
    print(table.text_table(report["races"]))
    if arguments.quick:
        print("\n--quick: a tenth of the rows and one run each; the goals are those of the full size.")
    say(f"\n{time.monotonic() - start:.0f} s in all; every run is in {file}")
    return 1 if failures(report["races"]) else 0


if __name__ == "__main__":
    sys.exit(main())
