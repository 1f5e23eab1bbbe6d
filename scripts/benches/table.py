"""Evaluates and formats a race: medians, ratios, goals, losses, memory."""

from statistics import median


def middle(runs, key):
    values = [run[key] for run in runs if run.get(key) is not None]
    return median(values) if values else None


def beyond(runs):
    values = [run["peakBytes"] - run["baseBytes"] for run in runs]
    return max(median(values), 1)


def compared(ours, theirs):
    """Returns ratios and differences of medians, ours against one peer."""
    result = {
        "ourSeconds": middle(ours, "seconds"),
        "peerSeconds": middle(theirs, "seconds"),
        "faster": middle(theirs, "seconds") / middle(ours, "seconds"),
        "ourBytes": beyond(ours),
        "peerBytes": beyond(theirs),
        "memory": beyond(ours) / beyond(theirs),
    }
    for name, key in (("loss", "testLogLoss"), ("auc", "testAuc"), ("objective", "objective")):
        mine, other = middle(ours, key), middle(theirs, key)
        result[name] = None if mine is None or other is None else mine - other
    return result


def gap_to(optimum, runs):
    value = middle(runs, "objective")
    return None if value is None else value / optimum - 1


def verdicts(goal, result, ours, optimum):
    """Returns, for each goal, what it refers to, its bound, and whether it is met."""
    found = []
    if goal.faster is not None:
        found.append(("ratio", f">= {goal.faster:g}", result["faster"] >= goal.faster))
    if goal.loss is not None:
        met = result["loss"] is not None and result["loss"] <= goal.loss
        found.append(("log loss", f"<= +{goal.loss:g}", met))
    if goal.auc is not None:
        met = result["auc"] is not None and result["auc"] >= -goal.auc
        found.append(("AUC", f">= -{goal.auc:g}", met))
    if goal.memory is not None:
        found.append(("memory", f"<= {goal.memory:g} x", result["memory"] <= goal.memory))
    if goal.objective is not None:
        gap = gap_to(optimum, ours)
        found.append(("objective", f"<= {goal.objective:g}", gap is not None and gap <= goal.objective))
    return [{"of": of, "asked": asked, "met": bool(met)} for of, asked, met in found]


QUIET = 0.05


def is_disturbed(runs):
    """Returns whether other processes used more than a twentieth of the machine during a run."""
    return any(run["wholeProcess"]["shareOfMachineUsedByOthers"] > QUIET for run in runs)


def seconds(value):
    return "-" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def megabytes(value):
    return f"{value / 1e6:,.0f}"


def signed(value, digits):
    return "-" if value is None else f"{value:+.{digits}f}"


def goal_text(verdict):
    return f"{verdict['of']} {verdict['asked']} {'met' if verdict['met'] else 'MISSED'}"


DISTURBED = (
    "* Something else used more than 5 % of the machine during a run: these times are not to be trusted."
)
HEAD = ["race", "peer", "ours s", "peer s", "ratio", "log loss -", "AUC -", "memory MB", "goals"]


def why_not(race, peer):
    """Returns the text in place of the goals where there is nothing to compare."""
    for part in (race["ours"], peer):
        if part and part.get("failure"):
            return f"FAILED: {part['engine']}"
        if part and part.get("missedTarget"):
            return f"MISSED: {part['missedTarget']}"
    return "-"


def row(race, peer):
    ours = race["ours"]["runs"] if race["ours"] else []
    name = race["name"] + (" *" if is_disturbed(ours + peer["runs"]) else "")
    label = peer["engine"] + (" (shown only)" if peer["shown"] else "")
    result = peer.get("compared")
    if result is None:
        return [
            name,
            label,
            "-",
            seconds(middle(peer["runs"], "seconds")),
            "-",
            "-",
            "-",
            "-",
            why_not(race, peer),
        ]
    return [
        name,
        label,
        seconds(result["ourSeconds"]),
        seconds(result["peerSeconds"]),
        f"{result['faster']:.3g}",
        signed(result["loss"], 5),
        signed(result["auc"], 4),
        f"{megabytes(result['ourBytes'])} / {megabytes(result['peerBytes'])}",
        ", ".join(goal_text(v) for v in peer["goals"]) or "-",
    ]


def text_table(races):
    """Returns all races, one row for each peer; differences are ours - peer, memory is beyond the table."""
    rows = [HEAD] + [row(race, peer) for race in races for peer in race["peers"]]
    widths = [max(len(r[c]) for r in rows) for c in range(len(HEAD) - 1)]
    lines = ["  ".join([*(cell.ljust(w) for cell, w in zip(r, widths)), r[-1]]) for r in rows]
    if any(r[0].endswith("*") for r in rows):
        lines.append(DISTURBED)
    return "\n".join(line.rstrip() for line in lines)
