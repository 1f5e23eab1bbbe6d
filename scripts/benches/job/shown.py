"""The table of a case: medians, ratios to ours, losses, memory and stages."""

from statistics import median

QUIET = 0.05
HEAD = ["side", "s", "cpu s", "MB", "ratio", "AUC", "log loss", "loss -", "where the time went, in s"]
FEWEST = 0.01  # a stage that takes less of the time is not shown


def middle(part, key):
    return median(run[key] for run in part["runs"])


def is_disturbed(part):
    return any(run["others"] > QUIET for run in part["runs"])


def stages(part):
    """Returns the stages of the run in the middle, by the median of each."""
    names = part["runs"][0]["stages"]
    times = {name: median(run["stages"].get(name, 0) for run in part["runs"]) for name in names}
    least = FEWEST * middle(part, "seconds")
    found = [f"{name} {seconds:.2f}" for name, seconds in times.items() if seconds >= least]
    rounds = part["runs"][-1]["facts"].get("rounds")
    return ", ".join(found) + (f"; {rounds} rounds" if rounds else "")


def number(value, text):
    return "-" if value is None else format(value, text)


def measures(part):
    """Returns log loss and AUC by the bench's own test, or else those that the side states."""
    found = part.get("test") or part["runs"][-1]["facts"]
    return found.get("logLoss"), found.get("auc")


def row(part, ours):
    if "failure" in part or not part["runs"]:
        return [part["name"], *["-"] * 7, f"FAILED: {part.get('failure', 'no run')}"]
    loss, auc = measures(part)
    ratio = difference = None
    if ours and part is not ours:
        ratio = middle(part, "seconds") / middle(ours, "seconds")
        mine = measures(ours)[0]
        difference = None if loss is None or mine is None else mine - loss
    return [
        part["name"] + (" *" if is_disturbed(part) else ""),
        f"{middle(part, 'seconds'):.2f}",
        f"{middle(part, 'processorSeconds'):.2f}",
        f"{middle(part, 'peakBytes') / 1e6:,.0f}",
        number(ratio, ".2f"),
        number(auc, ".4f"),
        number(loss, ".5f"),
        number(difference, "+.5f"),
        stages(part),
    ]


def text(case):
    """Returns the table of a case; all differences and ratios are to the first side of ours that ran."""
    lines = [f"\n{case['name']}: {case['work']}"]
    if reason := case.get("skipped") or case.get("failure"):
        lines.append(f"{'SKIPPED' if 'skipped' in case else 'FAILED'}: {reason}")
    if not case["sides"]:
        return "\n".join(lines)
    good = [part for part in case["sides"] if part["ours"] and part["runs"] and "failure" not in part]
    rows = [HEAD] + [row(part, good[0] if good else None) for part in case["sides"]]
    widths = [max(len(r[c]) for r in rows) for c in range(len(HEAD) - 1)]
    lines += ["  ".join([*(cell.ljust(w) for cell, w in zip(r, widths)), r[-1]]).rstrip() for r in rows]
    if test := case.get("test"):
        lines.append(f"test: {test['rows']:,} rows that all sides scored, {test['positives']:,} with label 1")
    return "\n".join(lines)
