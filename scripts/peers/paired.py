"""Differences of Limpet from its peers on the same rows, with intervals over draws of whole users."""

import numpy as np

from measures import Prediction, sigmoid, user_draws

METRICS = ("auc", "logLoss")
CLOSE = 0.002  # how much better the best peer may be


def prediction(labels, log_odds, probabilities=None):
    return Prediction(labels, log_odds, sigmoid(log_odds) if probabilities is None else probabilities)


def drawn(predictions, users, seed):
    """Returns the metrics of each model in each draw, the same draws for all: [draws] by model and metric."""
    found = {(name, metric): [] for name in predictions for metric in METRICS}
    for weights in user_draws(users, seed):
        for name, one in predictions.items():
            for metric, value in one.measure(weights).items():
                found[name, metric].append(value)
    return {key: np.array(values) for key, values in found.items()}


def best_of(metric, values):
    """Returns the name of the best model."""
    return (max if metric == "auc" else min)(values, key=lambda name: values[name][metric])


def is_close(metric, difference):
    return difference >= -CLOSE if metric == "auc" else difference <= CLOSE


def measured(predictions, users, peers, seed):
    """Returns each model's metrics, and Limpet's differences from each peer and from the best of them."""
    whole = {name: one.measure(np.ones(len(users))) for name, one in predictions.items()}
    draws = drawn({name: predictions[name] for name in ("limpet", *peers)}, users, seed)
    differences = {
        peer: {metric: difference(whole, draws, peer, metric) for metric in METRICS} for peer in peers
    }
    best = {}
    for metric in METRICS:
        peer = best_of(metric, {name: whole[name] for name in peers})
        found = differences[peer][metric]
        best[metric] = {"peer": peer, **found, "isClose": is_close(metric, found["value"])}
    return {"models": whole, "differences": differences, "best": best}


def difference(whole, draws, peer, metric):
    low, high = np.nanpercentile(draws["limpet", metric] - draws[peer, metric], [2.5, 97.5])
    value = whole["limpet"][metric] - whole[peer][metric]
    return {"value": value, "low": float(low), "high": float(high)}
