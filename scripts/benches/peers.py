"""Prints how the constants of the public tasks' peers differ from those that are kept.

Each line is one measure of one peer on one task: the kept value, the new one, and their
difference. Tasks whose tables are others, and packages of another version, are named; a
task that could not be trained here is as it was kept. A difference is no error.
"""

import argparse
import json
from pathlib import Path


def leaves(value, path=()):
    """Yields the path and the value of each number, text and list of an object."""
    if not isinstance(value, dict):
        yield path, value
        return
    for name, member in value.items():
        yield from leaves(member, (*path, name))


def line(path, kept, new):
    """Returns the line of a constant that differs."""
    name = " / ".join(path)
    if path[-1] == "tables" and kept and new:
        return f"{name}: made of other tables than those that the kept constants are of"
    if isinstance(kept, (int, float)) and isinstance(new, (int, float)):
        return f"{name}: {kept:.6f} -> {new:.6f} ({new - kept:+.2e})"
    return f"{name}: {'nothing' if kept is None else kept} -> {'nothing' if new is None else new}"


def differences(kept, new):
    """Returns a line for each constant that differs, in the order of the kept ones, then of the new."""
    old, now = dict(leaves(kept)), dict(leaves(new))
    paths = list(old) + [path for path in now if path not in old]
    return [line(p, old.get(p), now.get(p)) for p in paths if old.get(p) != now.get(p)]


def main():
    parser = argparse.ArgumentParser(
        prog="scripts/bench peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kept", type=Path, help="the constants that are kept")
    parser.add_argument("new", type=Path, help="those that were made now")
    arguments = parser.parse_args()
    kept, new = (json.loads(file.read_text()) for file in (arguments.kept, arguments.new))
    found = differences(kept, new)
    count = len(list(leaves(kept)))
    for text in found:
        print(text)
    print(f"{len(found)} of {count} constants differ from those kept, of {len(kept)} tasks")


if __name__ == "__main__":
    main()
