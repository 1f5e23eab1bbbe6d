"""Races feature extraction: Limpet and its peers in turn, on the same events in memory."""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
import importing  # noqa: E402
import streaming  # noqa: E402
from data import DAY, END, make  # noqa: E402

HERE = Path(__file__).parent
# The last snapshot time is the end of the log; 26 weekly ones cover all of it.
RACES = {
    "one": {"snapshots": 1, "peers": [("polars", "loop", 10), ("duckdb", "loop", 20)]},
    "weekly": {
        "snapshots": 26,
        "peers": [
            ("duckdb", "loop", 50), ("duckdb", "join", 20), ("duckdb", "days", 20), ("polars", "loop", 50),
            ("polars", "days", 20),
        ],
    },
}

# The median microseconds to apply an event to a live state and read all features.
ONLINE_MICROSECONDS = 3
# The memory of the log and of the extraction of one snapshot, in bytes per event.
BYTES_PER_EVENT = 24


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command, threads):
    environment = dict(os.environ, POLARS_MAX_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    if result.returncode != 0:
        return {"failure": (result.stderr or result.stdout).strip()[-500:]}
    return json.loads(result.stdout.strip().splitlines()[-1])


def differs(ours, theirs):
    """Returns the first difference between two engines, or None.

    Sums of doubles in another order may differ in the last digits.
    """
    if ours["rows"] != theirs["rows"]:
        return f"{theirs['rows']} rows, ours {ours['rows']}"
    for place, (left, right) in enumerate(zip(ours["sums"], theirs["sums"])):
        if abs(left - right) > 1e-9 * max(1, abs(left)):
            return f"feature {place} sums to {right}, ours to {left}"
    return None


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench features", description=__doc__)
    parser.add_argument(
        "races", nargs="*", help=f"of {', '.join(RACES)}, online, import, streaming; all by default"
    )
    parser.add_argument("--limpet", default=".build/release/limpet")
    parser.add_argument("--executable", default="out/bench-build/release/limpet-bench")
    parser.add_argument("--data", default="out/bench/features")
    parser.add_argument("--json", default="out/bench/features.json")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a tenth of the events, one run each")
    arguments = parser.parse_args()
    scale = 10 if arguments.quick else 1
    folder = make(
        Path(arguments.data) / ("quick" if arguments.quick else "full"), 20_000_000 // scale, 325_000 // scale
    )
    repeats = 1 if arguments.quick else arguments.repeats
    report, start = [], time.monotonic()
    for name in arguments.races or [*RACES, "online", "import", "streaming"]:
        if name == "import":
            report.append(
                {"race": name, "runs": importing.race(folder, arguments.limpet, arguments.threads, repeats)}
            )
            continue
        if name == "streaming":
            report.append({"race": name, "runs": streaming.race(folder, arguments.limpet, END)})
            continue
        if name == "online":
            runs = [run([arguments.executable, "live", "--data", str(folder)], 1) for _ in range(repeats)]
            report.append({"race": name, "runs": runs})
            continue
        race = RACES[name]
        common = ["--data", str(folder), "--snapshots", str(race["snapshots"]), "--until", str(END),
                  "--threads", str(arguments.threads)]
        entrants = [("limpet", "", None), *race["peers"]]
        runs = {entrant: [] for entrant in entrants}
        for number in range(repeats):
            for engine, form, goal in entrants:
                # A loop of more than 20 seconds is timed only once.
                if (
                    number
                    and runs[(engine, form, goal)]
                    and runs[(engine, form, goal)][0].get("seconds", 99) > 20
                ):
                    continue
                command = (
                    [arguments.executable, "features", *common] if engine == "limpet"
                    else [sys.executable, str(HERE / "peers.py"), engine, form, *common]
                )
                line = run(command, arguments.threads)
                say(f"  {name} {engine} {form}: {line.get('seconds', line.get('failure'))}")
                runs[(engine, form, goal)].append(line)
        results = [{"engine": e, "form": f, "goal": g, "runs": r} for (e, f, g), r in runs.items()]
        report.append({"race": name, "entrants": results})
    Path(arguments.json).write_text(json.dumps(report, indent=1) + "\n")
    return shown(report, start, arguments)


def online(runs):
    """Prints the cost of an event in a live state, which has no peer; returns whether all runs succeeded."""
    bad = [line["failure"] for line in runs if "failure" in line]
    if bad:
        print(f"online   FAILED: {bad[0]}")
        return False
    middle, tail = (median(line[name] for line in runs) for name in ("medianMicroseconds", "p99Microseconds"))
    met = "met" if middle <= ONLINE_MICROSECONDS else "MISSED"
    print(f"online   an event applied and 64 features read: median {middle:.2f} us, p99 {tail:.1f} us, "
          f"{runs[0]['bytesPerUser']:.0f} bytes for {runs[0]['eventsPerUser']:.0f} events of a user; "
          f"median <= {ONLINE_MICROSECONDS} us {met}")
    return True


def shown(report, start, arguments):
    failed = False
    print(f"{'race':8} {'peer':16} {'ours s':>8} {'peer s':>8} {'ratio':>7} {'memory MB':>14}  goal")
    for race in report:
        if race["race"] == "import":
            importing.shown(race["runs"])
            continue
        if race["race"] == "streaming":
            streaming.shown(race["runs"])
            continue
        if race["race"] == "online":
            failed = not online(race["runs"]) or failed
            continue
        ours = race["entrants"][0]["runs"]
        mine = median(line["seconds"] for line in ours)
        memory = median(line["peakBytes"] - line["baseBytes"] for line in ours) / 1e6
        if race["race"] == "one":
            each = (ours[0]["logBytes"] + memory * 1e6) / ours[0]["events"]
            met = "met" if each <= BYTES_PER_EVENT else "MISSED"
            print(
                f"one      the log and what extraction takes: {each:.1f} bytes per event  "
                f"<= {BYTES_PER_EVENT} {met}"
            )
        for peer in race["entrants"][1:]:
            label = f"{peer['engine']} {peer['form']}"
            bad = [line for line in peer["runs"] if "failure" in line]
            problem = bad[0]["failure"] if bad else differs(ours[0], peer["runs"][0])
            if problem:
                failed = True
                print(f"{race['race']:8} {label:16} FAILED: {problem}")
                continue
            theirs = median(line["seconds"] for line in peer["runs"])
            other = median(line["peakBytes"] - line["baseBytes"] for line in peer["runs"]) / 1e6
            met = "met" if theirs / mine >= peer["goal"] else "MISSED"
            print(f"{race['race']:8} {label:16} {mine:8.3f} {theirs:8.3f} {theirs / mine:7.1f} "
                  f"{memory:6.0f} / {other:5.0f}  ratio >= {peer['goal']} {met}")
    if arguments.quick:
        print("--quick: a tenth of the events and one run each; the goals are those of the full size.")
    say(f"{time.monotonic() - start:.0f} s in all; every run is in {arguments.json}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
