"""The Markdown tables of whole jobs and of small data."""

from tuned import PEERS

KINDS = ("limpet", "limpet stumps", *PEERS)


def pair(values):
    return f"{values['auc']:.4f} / {values['logLoss']:.4f}" if values else "–"


def gap(found):
    return f"{found['value']:+.4f} ({found['low']:+.4f} to {found['high']:+.4f}), {found['peer']}"


def closeness(best):
    far = [name for metric, name in (("auc", "AUC"), ("logLoss", "log loss")) if not best[metric]["isClose"]]
    return "yes" if not far else f"no: {' and '.join(far)}"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def whole_rows(results):
    for name, result in results.items():
        models = result["models"]
        cells = [name, f"{result['trainRows']:,} / {result['testRows']:,}", f"{result['baseRate']:.1%}"]
        cells += [f"{pair(models[kind])}, {result['seconds'][kind]:.1f} s" for kind in KINDS]
        cells += [pair(models.get("truth")), gap(result["best"]["auc"]), gap(result["best"]["logLoss"])]
        yield [*cells, closeness(result["best"])]


def whole_jobs(results):
    header = ["task", "rows, train / test", "base rate", *KINDS, "truth", "AUC, Limpet - best peer"]
    header += ["log loss, Limpet - best peer", "within 0.002"]
    note = "AUC / log loss on the test rows, and the seconds of training, tuning included.\n\n"
    return note + table(header, whole_rows(results))


def small_rows(results):
    for name, result in results.items():
        cells = [name, str(result["draws"]), f"{result['users'][0]:,} to {result['users'][1]:,}"]
        cells += [f"{pair(result['models'][kind])}, {result['seconds'][kind]:.1f} s"
                  for kind in ("limpet", *PEERS)]
        cells += [gap(result["best"]["auc"]), gap(result["best"]["logLoss"])]
        yield [*cells, closeness(result["best"])]


def small_data(results):
    header = ["task", "draws", "users", "limpet", *PEERS, "AUC, Limpet - best peer"]
    header += ["log loss, Limpet - best peer", "within 0.002"]
    note = "Means over the draws of AUC / log loss and of the seconds of training, tuning included.\n\n"
    return note + table(header, small_rows(results))
