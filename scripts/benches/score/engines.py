"""Scores the table with one engine, and prints the seconds of each run as JSON.

    engines.py ENGINE FOLDER LIBRARY THREADS RUNS
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np


def limpet_rows(folder, library, threads, dtype=np.float64, order="C"):
    os.environ["LIMPET_LIBRARY"] = library
    sys.path.insert(0, str(Path(__file__).parents[2] / ".." / "Sources" / "Python"))
    import limpet

    model = limpet.Model(folder / "model.json")
    x = np.asarray(np.load(folder / "rows.npy"), dtype=dtype, order=order)
    return lambda: model.probability(x, threads=threads)


def limpet_columns(folder, library, threads):
    return limpet_rows(folder, library, threads, order="F")


def limpet_single(folder, library, threads):
    return limpet_rows(folder, library, threads, dtype=np.float32)


def lightgbm(folder, library, threads):
    import lightgbm as lgb

    booster = lgb.Booster(model_file=folder / "model.txt", params={"num_threads": threads})
    x = np.load(folder / "rows.npy")
    return lambda: booster.predict(x, num_threads=threads)


def lleaves(folder, library, threads):
    import lleaves as ll

    model = ll.Model(model_file=folder / "model.txt")
    model.compile(cache=folder / "lleaves.o")
    x = np.load(folder / "rows.npy")
    return lambda: model.predict(x, n_jobs=threads)


def lleaves_blocks(folder, library, threads):
    """Uses other settings of the compiler of lleaves; the faster of the two counts."""
    import lleaves as ll

    model = ll.Model(model_file=folder / "model.txt")
    model.compile(cache=folder / "lleaves-blocks.o", fblocksize=200, finline=False)
    x = np.load(folder / "rows.npy")
    return lambda: model.predict(x, n_jobs=threads)


def tl2cgen(folder, library, threads):
    import tl2cgen as compiler
    import treelite

    model = treelite.frontend.load_lightgbm_model(folder / "model.txt")
    made = folder / "tl2cgen.so"
    if not made.exists():
        compiler.export_lib(
            model, toolchain="gcc", libpath=str(made), params={"parallel_comp": 8}, verbose=False
        )
    predictor = compiler.Predictor(str(made), nthread=threads)
    x = compiler.DMatrix(np.load(folder / "rows.npy"))
    return lambda: predictor.predict(x)


def onnxruntime(folder, library, threads):
    import lightgbm as lgb
    import onnxruntime as runtime
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    made = folder / "model.onnx"
    x = np.load(folder / "rows.npy").astype(np.float32)
    if not made.exists():
        booster = lgb.Booster(model_file=folder / "model.txt")
        graph = convert_lightgbm(
            booster, initial_types=[("x", FloatTensorType([None, x.shape[1]]))], zipmap=False
        )
        made.write_bytes(graph.SerializeToString())
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    session = runtime.InferenceSession(made, options, providers=["CPUExecutionProvider"])
    return lambda: session.run(["probabilities"], {"x": x})[0][:, 1]


def bandwidth(folder, library, threads):
    """Reads the rows without scoring them, for comparison."""
    from concurrent.futures import ThreadPoolExecutor

    x = np.load(folder / "rows.npy").ravel()
    parts = np.array_split(x, threads)
    pool = ThreadPoolExecutor(threads)
    # A sum of doubles is limited by memory; numpy releases the interpreter's lock while it adds.
    return lambda: np.array(list(pool.map(np.sum, parts)))


def main():
    engine, folder, library, threads, runs = sys.argv[1:]
    folder = Path(folder)
    score = globals()[engine](folder, library, int(threads))
    result = np.asarray(score()).ravel()
    seconds = []
    for _ in range(int(runs)):
        start = time.perf_counter()
        score()
        seconds.append(time.perf_counter() - start)
    np.save(folder / f"scores-{engine}.npy", result)
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
