"""Races the jobs that a person waits for: whole processes from file to file, ours and the usual scripts.

A side is started as a person would start it, with its imports, and reads and writes files; nothing is
timed inside only. Inputs are made once, from a seed, and both sides get the same files. A row shows
medians of wall time, processor time and peak memory over the runs, the test AUC and log loss of the
scores that it wrote, by labels that no side has seen, for the ids that all sides scored, and the stages
that it told of.

    ratio     the side's wall time / ours
    loss -    our test log loss - the side's

A side that fails is shown with its message, and the exit code is 1; a peer that took more than 120 s
runs once. A star marks a side beside one of whose runs other processes used more than 5 % of the
machine: such times say little. Threads of OpenMP wait by short spins (GOMP_SPINCOUNT=1000), unless the
caller sets it: that is as fast as long ones on an idle machine, and many times as fast on a busy one.
"""

import argparse
import fnmatch
import json
import os
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

# Only Python's own modules: what this process holds would count as the peak of the processes that it starts.
sys.path.insert(0, str(Path(__file__).parent.parent))
import shown  # noqa: E402
from cases import HERE, Job, all_cases  # noqa: E402
from engines import EngineFailure, run_process  # noqa: E402
from machine import machine, revision, say  # noqa: E402

NO_DATA = 66
LONG = 120  # seconds beyond which a peer runs once
PACKAGES = ("polars", "duckdb", "lightgbm", "scikit-learn", "numpy")
EXAMPLES = """
examples:
    scripts/bench job --quick                        all cases, tiny, once each
    scripts/bench job log-simulated-2m               one case, 3 runs
    scripts/bench job 'log-*-2m' --sides limpet 'polars+lgb31*'
    scripts/bench job table-folds-1m --before ../old/.build/release/limpet
"""


def parsed(cases):
    parser = argparse.ArgumentParser(
        prog="scripts/bench job",
        description=__doc__,
        epilog=EXAMPLES + "\ncases:\n" + "\n".join(f"    {c.name:21} {c.work}" for c in cases),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help="names or patterns of cases; default: all")
    parser.add_argument("--quick", action="store_true", help="tiny inputs, one run each")
    parser.add_argument("--runs", type=int, default=3, help="runs of each side (default 3)")
    parser.add_argument("--sides", nargs="+", metavar="SIDE", help="only sides of these names or patterns")
    parser.add_argument("--ours-only", action="store_true", help="leave the peers out")
    parser.add_argument("--peers-only", action="store_true", help="leave ours out")
    parser.add_argument("--limpet", default=".build/release/limpet", help="our binary")
    parser.add_argument("--before", help="an older binary of ours, raced as well")
    parser.add_argument("--threads", type=int, default=2, help="threads of each side (default 2)")
    parser.add_argument("--data", default="out/bench/job", help="where inputs are made and kept")
    parser.add_argument("--json", default="out/bench/job.json", help="where all runs are written")
    arguments = parser.parse_args()
    for pattern in arguments.cases:
        if not any(fnmatch.fnmatchcase(case.name, pattern) for case in cases):
            parser.error(f"no case is called {pattern}; there are: {', '.join(c.name for c in cases)}")
    return arguments


def matches(name, patterns):
    return not patterns or any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def facts_of(text):
    """Returns the stages and facts that a process printed: one document, or lines of JSON."""
    stages, facts = {}, {}
    try:
        documents = [json.loads(text)]
    except json.JSONDecodeError:
        documents = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    for document in documents:
        if "stage" in document:
            stages[document["stage"]] = stages.get(document["stage"], 0) + document["seconds"]
            continue
        stages |= document["seconds"] if isinstance(document.get("seconds"), dict) else {}
        facts |= {name: value for name, value in document.items() if isinstance(value, (int, float, str))}
        if isinstance(document.get("chosen"), dict):
            facts |= document["chosen"]
    return stages, facts


class Race:
    """What the cases of one call share."""

    def __init__(self, arguments):
        self.arguments, self.root = arguments, Path(arguments.data)
        self.binaries = {"limpet": str(Path(arguments.limpet).resolve())}
        if arguments.before:
            self.binaries["before"] = str(Path(arguments.before).resolve())

    def input(self, case):
        """Returns the folder of the case's input, or None where public data are missing."""
        size = case.quick if self.arguments.quick else case.size
        command = [sys.executable, HERE / "inputs.py", case.kind, str(size), "--into", self.root]
        command += ["--limpet", self.binaries["limpet"]]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode == NO_DATA:
            say(f"SKIPPED: {result.stderr.strip()}")
            return None
        if result.returncode != 0:
            raise EngineFailure(f"no input: {result.stderr.strip()[-600:]}")
        folder = Path(result.stdout.strip())
        for file in folder.glob("*.csv"):  # all sides find the input in the system's cache
            with open(file, "rb") as stream:
                while stream.read(1 << 24):
                    pass
        return folder

    def run_side(self, side):
        """Runs the commands of a side in sequence; returns their times, memory, stages and facts."""
        if side.output:
            side.output.unlink(missing_ok=True)
        total = {"seconds": 0, "processorSeconds": 0, "peakBytes": 0, "others": 0, "stages": {}, "facts": {}}
        for name, command in side.steps:
            text, measured = run_process([str(part) for part in command], self.arguments.threads)
            whole = measured["wholeProcess"]
            for key in ("seconds", "processorSeconds"):
                total[key] += whole[key]
            total["peakBytes"] = max(total["peakBytes"], whole["peakBytes"])
            total["others"] = max(total["others"], whole["shareOfMachineUsedByOthers"])
            stages, facts = facts_of(text)
            if name:
                stages = {f"{name}": whole["seconds"]} | {f"{name}/{k}": v for k, v in stages.items()}
            total["stages"] |= stages
            total["facts"] |= facts
        return total

    def wants(self, ours):
        return not (self.arguments.peers_only if ours else self.arguments.ours_only)

    def sides(self, case, job):
        """Returns the sides that are asked for, once what they need is made."""
        all_sides = [side for side in case.sides(job) if self.wants(side.ours)]
        found = [side for side in all_sides if matches(side.name, self.arguments.sides)]
        if not found:
            raise EngineFailure(f"no such side; there are: {', '.join(side.name for side in all_sides)}")
        for ours, command in case.before(job) if case.before else []:
            if self.wants(ours):
                run_process([str(part) for part in command], self.arguments.threads)
        return found

    def enter(self, part, side, number):
        """Runs a side once more, unless it failed, or is a peer that takes long."""
        runs = part["runs"]
        if "failure" in part or (runs and not side.ours and runs[0]["seconds"] > LONG):
            return
        try:
            runs.append(self.run_side(side))
            line = f"{runs[-1]['seconds']:.2f} s, {runs[-1]['peakBytes'] / 1e6:,.0f} MB"
        except (EngineFailure, OSError) as failure:
            part["failure"] = str(failure)
            line = f"FAILED: {failure}"
        say(f"  {number + 1}. {side.name}: {line}")

    def losses(self, case, folder, sides, parts):
        """Adds the test losses of all sides that wrote scores, for the ids that all of them hold."""
        known = [(side, part) for side, part in zip(sides, parts) if side.output and part["runs"]]
        known = [(side, part) for side, part in known if "failure" not in part]
        if case.truth is None or not known:
            return None
        truth = case.truth if case.truth.startswith("--") else folder / case.truth
        command = [sys.executable, HERE / "losses.py", truth, *(side.output for side, _ in known)]
        text, _ = run_process([str(part) for part in command], self.arguments.threads)
        found = json.loads(text)
        for (_, part), scores in zip(known, found.pop("scores")):
            part |= {"test": scores}
        return found

    def hold(self, case):
        say(f"\n== {case.name}: {case.work}")
        report = {"name": case.name, "work": case.work, "sides": []}
        try:
            folder = self.input(case)
            if folder is None:
                return report | {"skipped": "public data are missing"}
            place = self.root / "work" / case.name
            place.mkdir(parents=True, exist_ok=True)
            job = Job(folder, place, self.binaries, self.arguments.threads)
            sides = self.sides(case, job)
        except (EngineFailure, OSError) as failure:
            say(f"FAILED: {failure}")
            return report | {"failure": str(failure)}
        report["inputBytes"] = {file.name: file.stat().st_size for file in sorted(folder.glob("*.csv"))}
        parts = [{"name": side.name, "ours": side.ours, "runs": []} for side in sides]
        for number in range(1 if self.arguments.quick else self.arguments.runs):
            for side, part in zip(sides, parts):
                self.enter(part, side, number)
        try:
            report["test"] = self.losses(case, folder, sides, parts)
        except EngineFailure as failure:
            report["failure"] = f"losses: {failure}"
        for file in place.iterdir():  # copies of the log, which nothing needs
            if file.suffix in (".limpetlog", ".duckdb", ".parquet"):
                file.unlink()
        return report | {"sides": parts}


def versions(binaries):
    found = {name: metadata.version(name) for name in PACKAGES}
    for name, binary in binaries.items():
        try:
            result = subprocess.run([binary, "--version"], capture_output=True, text=True)
            found[name] = result.stdout.strip()
        except OSError as error:
            found[name] = str(error)
    return found | {"python": sys.version.split()[0]}


def main():
    cases = all_cases()
    arguments = parsed(cases)
    os.environ["POLARS_MAX_THREADS"] = str(arguments.threads)
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    race, start = Race(arguments), time.monotonic()
    facts = machine(arguments.threads)
    for name in ("POLARS_MAX_THREADS", "GOMP_SPINCOUNT"):
        facts["environment"][name] = os.environ[name]
    if facts["loadBefore"] > 0.5:
        say("the machine is busy with something else: the times below will say less")
    report = {"revision": revision(), "quick": arguments.quick, "machine": facts}
    report |= {"versions": versions(race.binaries), "cases": []}
    file = Path(arguments.json)
    file.parent.mkdir(parents=True, exist_ok=True)
    for case in cases:
        if matches(case.name, arguments.cases):
            found = race.hold(case)
            report["cases"].append(found)
            file.write_text(json.dumps(report, indent=1) + "\n")
            print(shown.text(found), flush=True)
    say(f"\n{time.monotonic() - start:.0f} s in all; every run is in {file}")
    failed = [c for c in report["cases"] if "failure" in c or any("failure" in s for s in c["sides"])]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
