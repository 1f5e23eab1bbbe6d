#!/usr/bin/env python3
"""Writes random tables and logs as people's programs do, and compares what Limpet reads with what was meant.

    foreign_files.py LIMPET FOLDER SEED COUNT

A table is scored by models whose log-odds say which number or text stands in a cell; a log goes through
features that say how many events of a name a user has, the sum of the amounts and the last text, read as it
is and as a columnar log. Delimiters, quoting, line ends, marks, gzip, orders of columns, spellings of numbers
and of times, texts, repeated message ids and shapes of JSON are drawn anew for each. DuckDB, where it is
there, has to read the same cells, so that a table says what its writer meant. Prints each difference with its
seed, and ends with 1.
"""

import random
import sys

from foreign_logs import Log
from foreign_tables import Table
from foreign_texts import Difference


def main():
    limpet, folder, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    differences = judged = 0
    for place in range(seed, seed + count):
        draw = random.Random(place)
        try:
            table = Table(draw, folder)
            judged += table.judge()
            table.compare(limpet, folder)
            Log(draw, folder).compare(limpet, folder, draw)
        except Difference as difference:
            differences += 1
            print(f"seed {place}: {difference}")
    print(f"{count - differences} of {count} tables and logs are read as they were written; "
          f"DuckDB judged {judged}")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
