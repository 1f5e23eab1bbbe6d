#!/usr/bin/env python3
"""Scores the rows of a table with the Python binding.

    python_interface.py BINDING_FOLDER MODEL TABLE FOLDER

TABLE is a CSV with a column for each input; an empty field is missing. Writes FOLDER/scores.bin: log-odds and
probability of each row, 64-bit floats.
"""

import csv
import sys
import threading

import numpy as np


def main():
    binding, path, table, folder = sys.argv[1:]
    sys.path.insert(0, binding)
    import limpet

    model = limpet.Model(path)
    with open(path, "rb") as file:
        assert limpet.Model(file.read()).hash == model.hash and len(model.hash) == 64
    with open(table, newline="", encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    columns = {
        column.name: [record[column.name] or None for record in records]
        if column.is_category
        else [float(record[column.name] or "nan") for record in records]
        for column in model.inputs
    }
    rows = model.matrix(columns)
    log_odds, probability = model.score(rows)
    for other in (model.score(rows, threads=2), model.score(np.asfortranarray(rows)), model.score(rows[::1])):
        assert np.array_equal(other[0], log_odds) and np.array_equal(other[1], probability)
    assert np.array_equal(model.score(rows[::2])[0], log_odds[::2])
    single = model.score(rows.astype(np.float32))[0]
    assert np.array_equal(single, model.score(rows.astype(np.float32).astype(float))[0])
    assert np.array_equal(model.probability(rows, threads=2), probability)
    assert np.array_equal(model.predict_proba(rows)[:, 1], probability)
    for row in rows[:20]:
        parts = model.contributions(row)
        total = model.intercept
        for part in parts:
            total += part
        assert total == model.score(row[None])[0][0] and len(model.term_inputs()) == len(parts)
        reasons = model.reasons(row, count=3, raising_only=False)
        assert len(reasons) == 3 and all(reason.sentence and reason.topic for reason in reasons)
    print(reasons[0].sentence)

    for call, error in [
        (lambda: limpet.Model("no such file"), limpet.LimpetError),
        (lambda: limpet.Model(b"{}"), limpet.LimpetError),
        (lambda: model.score(rows[:, 1:]), ValueError),
        (lambda: model.score(rows, threads=0), limpet.LimpetError),
        (lambda: model.matrix({}), KeyError),
        (lambda: model.contributions(rows[:2]), ValueError),
    ]:
        try:
            call()
        except error as problem:
            assert str(problem)
        else:
            raise AssertionError("expected an error")

    results = []
    threads = [
        threading.Thread(target=lambda: results.append(model.score(rows, threads=2)[0])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8 and all(np.array_equal(result, log_odds) for result in results)
    np.column_stack([log_odds, probability]).astype("<f8").tofile(folder + "/scores.bin")


if __name__ == "__main__":
    main()
