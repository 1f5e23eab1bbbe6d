#!/usr/bin/env python3
"""Scores rows with graphs of `limpet export --to onnx` on ONNX Runtime.

    onnx_scores.py FOLDER...

Each folder holds model.onnx and the files that rows.py describes, and gets its scores; numbers and texts
stand there in the order of the graph's inputs.
"""

import os
import sys

import numpy as np
import onnxruntime

import rows

BATCH = 20_000


def score(folder):
    path = os.path.join(folder, "model.onnx")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = session.get_inputs()
    numbers = [i.name for i in inputs if i.type == "tensor(double)"]
    strings = [i.name for i in inputs if i.type == "tensor(string)"]
    assert len(numbers) + len(strings) == len(inputs)
    values, texts = rows.read(folder, len(numbers), len(strings))
    results = []
    for start in range(0, len(values), BATCH):
        batch = slice(start, start + BATCH)
        feed = {name: np.ascontiguousarray(values[batch, k]) for k, name in enumerate(numbers)}
        feed |= {name: np.ascontiguousarray(texts[batch, k]) for k, name in enumerate(strings)}
        results.append(session.run(["log_odds", "probability"], feed))
    # One row alone takes another path through some kernels.
    alone = session.run(["log_odds"], {name: value[:1] for name, value in feed.items()})[0]
    assert alone.shape == (1,) and abs(alone[0] - results[-1][0][0]) < 1e-12
    rows.write_scores(folder, *(np.concatenate(part) for part in zip(*results)))


def main():
    onnxruntime.set_default_logger_severity(3)
    for folder in sys.argv[1:]:
        score(folder)


if __name__ == "__main__":
    main()
