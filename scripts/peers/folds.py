"""Limpet beside its peers on the folds of a flat table."""

import numpy as np

from measures import PEERS, Prediction, sigmoid
from models import FITS
from tables import BAD_DATA, Features, fail, read_table, two_classes


def target_of(table, options):
    text = table.text(options.target)
    values = sorted(set(text))
    if len(values) != 2 or options.positive not in values:
        fail(
            BAD_DATA,
            f"{table.path}: expected two values in '{options.target}', one of them '{options.positive}', "
            f"found {', '.join(values[:5])}",
        )
    return np.array([int(value == options.positive) for value in text])


def read_folds(path, ids):
    """Returns for each repeat the folds of the table's rows, and Limpet's probabilities if there are any."""
    table = read_table(path)
    places = {name: row for row, name in enumerate(ids)}
    given = table.probabilities("probability") if "probability" in table.columns else None
    repeats = {}
    for row, (name, repeat, fold) in enumerate(
        zip(table.text("id"), table.text("repeat"), table.text("fold"))
    ):
        folds, probabilities = repeats.setdefault(repeat, ([None] * len(ids), np.empty(len(ids))))
        if name not in places:
            fail(BAD_DATA, f"{table.where(row)}: expected an id of the table, found '{name}'")
        place = places[name]
        if folds[place] is not None:
            fail(BAD_DATA, f"{table.where(row)}: expected id '{name}' once in repeat {repeat}")
        folds[place] = fold
        probabilities[place] = np.nan if given is None else given[row]
    for repeat, (folds, _) in repeats.items():
        check_folds(folds, repeat, ids, path)
    return repeats, given is not None


def check_folds(folds, repeat, ids, path):
    if None in folds:
        fail(BAD_DATA, f"{path}: expected every id in repeat {repeat}, '{ids[folds.index(None)]}' is missing")
    if len(set(folds)) < 2:
        fail(BAD_DATA, f"{path}: expected at least two folds in repeat {repeat}")


def compare_folds(options):
    table = read_table(options.table)
    ids = table.text(options.id)
    if len(set(ids)) != len(ids):
        fail(BAD_DATA, f"{table.path}: expected each value of '{options.id}' once")
    labels = target_of(table, options)
    names = [name for name in table.header if name not in (options.id, options.target)]
    numeric = {name for name in names if table.is_numeric(name)}
    features = Features.of(table, names, numeric)
    repeats, with_limpet = read_folds(options.folds, ids)
    models = (("limpet",) if with_limpet else ()) + PEERS
    results, chosen = {name: [] for name in models}, []
    for repeat, (folds, probabilities) in sorted(repeats.items()):
        for fold in sorted(set(folds)):
            held = np.array([one == fold for one in folds])
            outcome, settings = one_fold(
                features, labels, np.array(ids), held, probabilities, with_limpet, options
            )
            chosen.append({"repeat": repeat, "fold": fold} | settings)
            for name, values in outcome.items():
                results[name].append(values)
    return {"rows": table.count, "baseRate": float(labels.mean()),
            "features": {"numeric": len(numeric), "categorical": len(names) - len(numeric)},
            "models": {name: over_folds(values) for name, values in results.items()},
            "differences": fold_differences(results), "folds": chosen}


def one_fold(features, labels, ids, held, probabilities, with_limpet, options):
    """Returns each model's metrics on the held-out rows, and the settings that the peers chose."""
    for part in (held, ~held):
        two_classes(labels[part], options.folds, "each fold and its rest")
    truth, ones = labels[held], np.ones(int(held.sum()))
    outcome, settings = {}, {}
    if with_limpet:
        given = probabilities[held]
        outcome["limpet"] = Prediction(truth, given, given).measure(ones)
    for name in PEERS:
        scores, chosen = FITS[name](
            features.rows(~held), labels[~held], ids[~held], features.rows(held), options
        )
        outcome[name] = Prediction(truth, scores, sigmoid(scores)).measure(ones)
        settings |= {key: value for key, value in chosen.items() if key in ("c", "rounds")}
    return outcome, settings


def over_folds(values):
    return {key: summary(np.array([value[key] for value in values])) for key in ("auc", "logLoss")}


def summary(values):
    return {"mean": float(values.mean()), "median": float(np.median(values)),
            "standardDeviation": float(values.std(ddof=1)), "folds": len(values)}


def fold_differences(results):
    if "limpet" not in results:
        return {}
    pairs = {peer: zip(results["limpet"], results[peer]) for peer in PEERS}
    return {
        f"limpet - {peer}": over_folds(
            [{key: ours[key] - theirs[key] for key in ours} for ours, theirs in both]
        )
        for peer, both in pairs.items()
    }
