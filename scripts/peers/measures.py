"""Metrics of predictions, with standard errors from bootstrap draws of whole users."""

import numpy as np

DRAWS = 500
CLIP = 1e-15
PEERS = ("logistic", "stumps")


def sigmoid(log_odds):
    return 1 / (1 + np.exp(-np.clip(log_odds, -700, 700)))


def row_losses(labels, probabilities):
    clipped = np.clip(probabilities, CLIP, 1 - CLIP)
    return -np.where(labels == 1, np.log(clipped), np.log1p(-clipped))


class Prediction:
    """The scores of one model, prepared for metrics under any weights."""

    def __init__(self, labels, scores, probabilities):
        self.labels = labels
        self.order = np.argsort(scores, kind="stable")
        ordered = scores[self.order]
        self.starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        self.losses = row_losses(labels, probabilities)

    def measure(self, weights):
        return {"auc": self.auc(weights), "logLoss": float(np.average(self.losses, weights=weights))}

    def auc(self, weights):
        ordered, positive = weights[self.order], self.labels[self.order] == 1
        wins = np.add.reduceat(np.where(positive, ordered, 0.0), self.starts)
        rest = np.add.reduceat(np.where(positive, 0.0, ordered), self.starts)
        below = np.cumsum(rest) - rest
        pairs = wins.sum() * rest.sum()
        return float(((below + rest / 2) * wins).sum() / pairs) if pairs else float("nan")


def user_draws(users, seed):
    """Yields weights of the rows, one set for each bootstrap draw of whole users."""
    names, places = np.unique(users, return_inverse=True)
    generator = np.random.default_rng(seed)
    for _ in range(DRAWS):
        drawn = generator.integers(0, len(names), len(names))
        yield np.bincount(drawn, minlength=len(names))[places].astype(float)


def measured(predictions, users, seed):
    """Returns each model's metrics, and Limpet's differences from the others, with standard errors."""
    whole = {name: one.measure(np.ones(len(users))) for name, one in predictions.items()}
    draws = {(name, key): [] for name in predictions for key in ("auc", "logLoss")}
    for weights in user_draws(users, seed):
        for name, prediction in predictions.items():
            for key, value in prediction.measure(weights).items():
                draws[name, key].append(value)
    draws = {key: np.array(values) for key, values in draws.items()}
    models = {name: with_errors(values, name, draws) for name, values in whole.items()}
    return models, differences(whole, draws)


def with_errors(values, name, draws):
    return {key: {"value": value, "standardError": spread(draws[name, key])} for key, value in values.items()}


def differences(whole, draws):
    return {f"{ours} - {peer}": {
        key: {"value": whole[ours][key] - whole[peer][key],
              "standardError": spread(draws[ours, key] - draws[peer, key])}
        for key in ("auc", "logLoss")}
        for ours in whole if ours.startswith("limpet") for peer in PEERS}


def spread(values):
    return float(np.nanstd(values, ddof=1))
