"""Races Limpet's trainers against well-known libraries, and prints a table.

Each run is a process of its own. It reads the table (not timed), bins and trains
(timed), and predicts the test rows (not timed). Limpet and the peers run in turn.
The table shows medians over the runs, the ratio peer / ours, ours - peer in test log
loss and AUC, the peak memory beyond the table in memory (ours / peer), and whether
each goal is met. A missed goal is printed as MISSED and is no error; a failed engine
is an error (exit code 1). All results, with each single run, are written as JSON.

Nothing else should run on the machine. The processor time of other processes is
measured during each run, and rows with a disturbed run are marked with a star.

Where a peer has several ways to do the work (histograms by column or by row, threads
that spin or sleep while they wait, solvers, 32 or 64 bits, processes, the number of
threads in the race `small`), each is tried and the fastest races. In `time-to-loss`
each engine uses the fastest of a grid of rates, bins and rounds that reaches the
target. The choices of the peers are kept in probes.json of the data folder.
"""

import argparse

from races import all_races

EXAMPLES = """
examples:
    scripts/bench train                         all races; this takes hours
    scripts/bench train --quick                 all at a tenth of the rows, once each
    scripts/bench train independent nested5     two races
    scripts/bench train small --repeats 15
    scripts/bench train logistic --peers-only   how fast the peers are here
"""


def parsed():
    names = [race.name for race in all_races()]
    parser = argparse.ArgumentParser(
        prog="scripts/bench train",
        description=__doc__,
        epilog=EXAMPLES + "\nraces:\n" + "\n".join(f"    {r.name:18} {r.work}" for r in all_races()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("races", nargs="*", metavar="CASE", help="names of races; default: all")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, one run each")
    parser.add_argument("--threads", type=int, default=2, help="threads of each engine (default 2)")
    parser.add_argument("--repeats", type=int, help="runs of each engine; default: as the race says")
    parser.add_argument("--data", default="out/bench", help="where the tables are made and kept")
    parser.add_argument("--json", default="out/bench/train.json", help="where the JSON goes")
    parser.add_argument("--peers-only", action="store_true", help="leave ours out")
    parser.add_argument(
        "--executable", default="out/bench-build/release/limpet-bench", help=argparse.SUPPRESS
    )
    arguments = parser.parse_args()
    for name in arguments.races:
        if name not in names:
            parser.error(f"no race is called {name}; there are: {', '.join(names)}")
    return arguments


if __name__ == "__main__":
    parsed()
