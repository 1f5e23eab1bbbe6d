#!/usr/bin/env python3
"""Checks how the Python binding reads columns of lists, numpy, pandas and Polars.

    python_columns.py BINDING_FOLDER MODEL TABLE SCORES

MODEL has the inputs visits and price (numbers), device (android, ios, web), plan (1, 2, 3), is_new (False,
True), zone (001, 1.0, 2, 2.0), note (no level), code (-1, 1, 2.5: numbers) and whole (0, 1, 2: numbers cut to
whole ones). SCORES are those of `limpet score` for TABLE.
"""

import copy
import datetime
import decimal
import io
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl

sys.path.insert(0, sys.argv[1])
import limpet  # noqa: E402

NAN = float("nan")
model = limpet.Model(sys.argv[2])


def filled(name, values, rows):
    """Returns all columns, all missing but one."""
    return {column.name: [None] * rows for column in model.inputs} | {name: values}


def numbers(name, values):
    place = [column.name for column in model.inputs].index(name)
    return model.matrix(filled(name, values, len(values)))[:, place]


def expect(name, values, wanted):
    found = numbers(name, values)
    assert np.array_equal(found, np.array(wanted, dtype=float), equal_nan=True), (name, values, found, wanted)


def refused(call, kind, *parts):
    try:
        found = call()
    except kind as problem:
        assert all(part in str(problem) for part in parts), (str(problem), parts)
    else:
        raise AssertionError(f"found {found}, expected {kind.__name__} with {parts}")


def missing_values():
    everything = [None, NAN, np.nan, np.float32("nan"), pd.NA, pd.NaT, "", "  ", "NA", "NaN", np.ma.masked]
    for name in ("visits", "device"):
        expect(name, everything, [NAN] * len(everything))
        expect(name, np.array(everything, dtype=object), [NAN] * len(everything))
        expect(name, pd.Series(everything, dtype=object), [NAN] * len(everything))
        for column in (
            pd.Series([None, None]), pd.Series([NAN, NAN]), pl.Series([None, None]),
            pl.Series([None, None], dtype=pl.String), pl.Series([None, None], dtype=pl.Categorical),
            pl.Series([None, None], dtype=pl.Float32), pd.Series([None, None], dtype="Int64"),
            pd.Series([None, None], dtype="category"), pd.Series([None, None], dtype="string"),
            pd.Series([pd.NaT, pd.NaT], dtype=object), np.ma.masked_all(2),
            pd.Series([None] * 2, dtype="null[pyarrow]"),
        ):
            expect(name, column, [NAN, NAN])
    assert not np.isnan(numbers("device", ["nan", "None", "<NA>"])).any()
    assert np.array_equal(numbers("device", ["nan"]), [3])
    every = model.matrix(filled("device", ["NA", "NaN", "-", ""], 4), missing=("-",))[:, 2]
    assert np.array_equal(every, [3, 3, NAN, NAN], equal_nan=True)


def texts():
    values, wanted = ["ios", None, "web", "android", " ios\t", "", "other"], [1, NAN, 2, 0, 1, NAN, 3]
    levels = ["other", "ios", "web", "android", " ios\t", ""]
    expect("device", values, wanted)
    expect("device", tuple(values), wanted)
    expect("device", [NAN if value is None else value for value in values], wanted)
    expect("device", np.array(values, dtype=object), wanted)
    expect("device", np.array([value or "" for value in values]), wanted)
    expect("device", np.array([(value or "").encode() for value in values]), wanted)
    expect("device", np.array([value or "" for value in values], dtype=np.dtypes.StringDType()), wanted)
    expect("device", ["ios", np.ma.masked, "web", NAN], [1, NAN, 2, NAN])
    expect("device", np.ma.array(["ios", "ios", "web"], mask=[False, True, False]), [1, NAN, 2])
    for dtype in [
        object, "str", "string", "string[python]", "string[pyarrow]", "large_string[pyarrow]", "category",
        pd.CategoricalDtype(levels, ordered=True), "dictionary<values=string, indices=int32>[pyarrow]",
    ]:
        if str(dtype).startswith("dictionary"):
            import pyarrow as pa

            dtype = pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string()))
        expect("device", pd.Series(values, dtype=dtype), wanted)
    for dtype in (pl.String, pl.Categorical, pl.Enum(levels), pl.Object):
        expect("device", pl.Series(values, dtype=dtype), wanted)
    expect("device", pd.Series(["ios", "web"], index=[7, 3]).iloc[::-1], [2, 1])
    expect("device", pd.Index(["ios", "web"]), [1, 2])
    expect("device", ["ios\0x", "gr\u00fc\u00df"], [3, 3])
    assert np.isnan(model.code("device", None)) and model.code("device", "web") == 2


def plain_numbers():
    values, wanted = [3, None, 2.5, True], [3, NAN, 2.5, 1]
    expect("visits", values, wanted)
    expect("visits", [3, NAN, np.float32(2.5), np.int8(1)], wanted)
    expect("visits", [decimal.Decimal("3"), None, decimal.Decimal("2.5"), np.True_], wanted)
    for dtype in (float, "Float64", "float[pyarrow]", "category", object, "float32", "Float32"):
        expect("visits", pd.Series([3, None, 2.5, 1], dtype=dtype), wanted)
    for dtype in ("Int64", "UInt8", "Int16", "int64[pyarrow]", "category", "Sparse[float]"):
        expect("visits", pd.Series([3, None, 2], dtype=dtype), [3, NAN, 2])
    for dtype in ("boolean", "bool[pyarrow]", object):
        expect("visits", pd.Series([True, None, False], dtype=dtype), [1, NAN, 0])
    for dtype in (pl.Int8, pl.UInt64, pl.Float32, pl.Float64, pl.Decimal(10, 2), pl.Int128):
        expect("visits", pl.Series([3, None, 2]).cast(dtype), [3, NAN, 2])
    expect("visits", pl.Series([True, None, False]), [1, NAN, 0])
    expect("visits", np.ma.array([3, 4], mask=[False, True]), [3, NAN])
    for dtype in ("f2", "f4", "f8", "i1", "u8", ">i4", ">f8"):
        expect("visits", np.array([3, 2], dtype=dtype), [3, 2])
    expect("visits", np.arange(6)[::2], [0, 2, 4])
    expect("visits", range(3), [0, 1, 2])
    expect("visits", [2**60, -(2**70)], [2.0**60, -(2.0**70)])


def spellings():
    expect("plan", [1, 2, 17, None], [0, 1, 3, NAN])
    for column in (
        pd.Series([1, None, 3]), pd.Series([1, None, 3], dtype="Int64"), pl.Series([1, None, 3]),
        pl.Series([1.0, None, 3.0]), pd.Series([1, None, 3], dtype="int64[pyarrow]"), [1.0, NAN, 3.0],
        pd.Series([1, None, 3], dtype="category"), pd.Series(["1", None, "3"]), [1, "", "3"],
        np.array([1, np.nan, 3], dtype=np.float32), pd.Series([1, None, "3"], dtype=object),
    ):
        expect("plan", column, [0, NAN, 2])
    expect("plan", [1.5, 17.0], [3, 3])
    expect("is_new", [True, False, None], [1, 0, NAN])
    expect("is_new", pl.Series([True, None, False]), [1, NAN, 0])
    expect("is_new", pd.Series([True, None, False], dtype="boolean"), [1, NAN, 0])
    expect("is_new", np.array([True, False]), [1, 0])
    # 1, 1.0 and True are equal, and not the same.
    expect("zone", [2, "2.0", "001"], [2, 3, 0])
    expect("note", [1.0, True, 3, "x", None], [0, 0, 0, 0, NAN])
    for name, values, row in [
        ("zone", [2, 2.0], 1), ("zone", [2, 1], 1), ("zone", pd.Series([NAN, 2.0]), 1),
        ("device", pl.Series([None, 1.0]), 1), ("device", ["ios", True], 1), ("plan", [2, "x", False], 2),
        ("zone", pd.Series([3, 2.0], dtype="category"), 1),
    ]:
        kind = limpet.ValueProblem
        refused(lambda: numbers(name, values), kind, f"column {name}, row {row}: ", "convert the column")


def refusals():
    day = datetime.date(2025, 1, 31)
    moments = pd.Series(pd.to_datetime(["2025-01-31", None]))
    for name, kind in (("visits", "numbers"), ("device", "texts")):
        for column in (
            moments, moments.dt.tz_localize("UTC"), pl.Series([day, None]), np.array([day], dtype="M8[D]"),
            moments.astype("timestamp[us][pyarrow]"), moments - moments, np.array([1j]), pl.Series([b"x"]),
            pl.Series([[1], [2]]), pl.Series([{"a": 1}]), pl.Series([datetime.timedelta(1)]),
        ):
            refused(lambda: numbers(name, column), TypeError, f"column {name} holds", f"expected {kind}")
        for value in (day, pd.Timestamp(day), b"x", [1], {}, (1,), 1j, np.datetime64("NaT"), object()):
            refused(lambda: numbers(name, [None, 1, value]), ValueError, f"column {name}, row 2: found")
        refused(lambda: numbers(name, moments.dt.to_period("D")), ValueError, f"column {name}, row 0: found")
        refused(lambda: model.score(filled(name, "text", 4)), TypeError, f"column {name} is a str")
        refused(lambda: model.score(filled(name, 3, 1)), TypeError, f"column {name} is a int")
        refused(lambda: numbers(name, np.zeros((2, 2))), TypeError, f"column {name} has 2 dimensions")
        refused(lambda: model.score(filled(name, [None] * 3, 2)), ValueError, " values, visits has")
    for column in (
        [None, 1, "two", "three"], np.array(["", "NA", "two", "x"]), pd.Series(["", None, "two", "x"]),
        pl.Series(["", None, "two", "x"]), pl.Series(["", None, "two", "x"], dtype=pl.Categorical),
        pd.Series(["", None, "two", "x"], dtype="category"), [1.5, 2, "two", day],
        [1, 2, "two", float("inf")],
    ):
        words = "column price, row 2: found 'two', expected a number"
        refused(lambda: numbers("price", column), limpet.ValueProblem, words)
    for infinite in (
        [1, float("inf")], np.array([1, -np.inf]), np.array([1, 1e101]), [None, 10**400],
        pl.Series([1.0, np.inf]), pd.Series([1, np.inf], dtype="category"),
        pd.Series([1, np.inf], dtype=object),
    ):
        for name in ("price", "plan"):
            refused(lambda: numbers(name, infinite), ValueError, f"column {name}, row 1: ", "finite")
    complete = filled("visits", [1], 1)
    refused(lambda: model.score({"visits": [1], "device": ["ios"]}), KeyError, "price, plan, is_new, zone")
    refused(lambda: model.score(pd.DataFrame({"visits": [1]})), KeyError, "device")
    twice = pd.DataFrame(complete).rename(columns={"zone": "plan"})
    refused(lambda: model.score(twice.assign(zone=1)), TypeError, "column plan is there 2 times")
    refused(lambda: model.score(pl.DataFrame(complete).lazy()), TypeError, "collect()")
    refused(lambda: model.score(np.array([["1"] * 9])), TypeError, "expected numbers")


def frames():
    columns = {
        "other": ["x", "y", "z"], "device": ["ios", None, "new"], "visits": [1, 5, None],
        "note": ["a", None, ""], "plan": [1, 2, 3], "is_new": [True, False, True],
        "price": [1.5, NAN, 2.0], "zone": ["001", None, "2"], "code": [None] * 3, "whole": [None] * 3,
    }
    wanted = np.array([
        [1, 1.5, 1, 0, 1, 0, 0, NAN, NAN], [5, NAN, NAN, 1, 0, NAN, NAN, NAN, NAN],
        [NAN, 2, 3, 2, 1, 2, NAN, NAN, NAN],
    ])
    structured = np.array(
        list(zip(*(columns | {"visits": [1, 5, NAN]}).values())),
        dtype=[(name, "f8" if name in ("visits", "price") else "O") for name in columns])
    scores = model.score(wanted)
    # By hand: -1 + 1.5 - 0.5 of the first row; 0 - 2 of the second, whose device is missing; 0.5 + 2 + 2.
    assert scores[0].tolist() == [0.0, -2.0, 4.5], scores
    for frame in (
        columns, pd.DataFrame(columns), pl.DataFrame(columns), structured, structured.view(np.recarray),
        pd.DataFrame(columns).convert_dtypes(), pd.DataFrame(columns).astype({"device": "category"}),
        pl.from_pandas(pd.DataFrame(columns)), pd.DataFrame(columns, index=[5, 5, 1]),
    ):
        assert np.array_equal(model.matrix(frame), wanted, equal_nan=True), model.matrix(frame)
        for found, expected in zip(model.score(frame, threads=2), scores):
            assert np.array_equal(found, expected)
        assert np.array_equal(model.probability(frame), scores[1])
        assert np.array_equal(model.predict_proba(frame)[:, 1], scores[1])
    for empty in (pd.DataFrame(columns)[:0], pl.DataFrame(columns)[:0], {name: [] for name in columns}):
        assert model.score(empty)[0].shape == (0,)


def files(table, scores):
    """The table of a file has the scores of `limpet score`, by whatever it was read."""
    wanted = pd.read_csv(scores, dtype=str)["probability"].astype(float).to_numpy()
    with open(table, "rb") as file:
        data = file.read()
    texts, numbers = {"device": str, "zone": str, "note": str}, {"visits": ["NA", ""], "price": ["NaN", ""]}
    for frame in (
        pd.read_csv(table, dtype=texts), pd.read_csv(table, dtype=texts, dtype_backend="pyarrow"),
        pd.read_csv(table, dtype=texts, keep_default_na=False, na_values=numbers | {"plan": [""]}),
        pl.read_csv(
            io.BytesIO(data), schema_overrides={name: pl.String for name in texts},
            null_values={name: words[0] for name, words in numbers.items()}),
    ):
        assert np.array_equal(model.probability(frame), wanted), frame
    assert len(wanted) > 100


def codes():
    """All spellings of a number are one level where the model says that texts are codes."""
    spellings = ["1", "1.0", "01", "+1", "1.", decimal.Decimal("1.0"), 1, 1.0, np.float32(1), np.int8(1)]
    expect("code", spellings, [1] * len(spellings))
    expect("code", ["-1.0", "2.50", 2.5, -1, "x", "1e0", "1\0", 7, None], [0, 2, 2, 0, 3, 3, 3, 3, NAN])
    expect("whole", ["1.7", 1.7, -0.5, "2", 2.999, "x", 9, NAN], [1, 1, 0, 2, 2, 3, 3, NAN])
    expect("code", pd.Categorical(["1.0", "2.5", None]), [1, 2, NAN])
    expect("code", np.array([1.0, 2.5, NAN]), [1, 2, NAN])
    expect("code", pl.Series([1, -1, None]), [1, 0, NAN])
    assert model.code("code", "01.0") == 1 and model.code("code", "1\0") == 3


def pickles():
    frame = filled("device", ["ios", "web", None], 3)
    for other in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model), copy.copy(model)):
        assert other.hash == model.hash and other.inputs == model.inputs
        assert np.array_equal(other.score(frame), model.score(frame))
    with open(sys.argv[2], "rb") as file:
        assert pickle.loads(pickle.dumps(limpet.Model(file.read()))).hash == model.hash
    for problem in (limpet.LimpetError(2, "gone"), limpet.ValueProblem("a", 3, "found x")):
        found = pickle.loads(pickle.dumps(problem))
        assert str(found) == str(problem) and vars(found) == vars(problem)
    refused(lambda: limpet.Model("no such file"), limpet.LimpetError, "no such file: ")
    refused(lambda: limpet.Model(__file__), limpet.LimpetError, __file__)


def without_packages():
    """The binding is imported without numpy and pandas, and names numpy when it is needed."""
    program = (
        "import sys\n"
        "sys.modules.update(numpy=None, pandas=None, polars=None)\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "import limpet\n"
        "model = limpet.Model(sys.argv[2])\n"
        "assert model.code('device', 'ios') == 1 and len(model.hash) == 64\n"
        "try: model.score([[0.0] * 9])\n"
        "except ImportError as problem: assert 'numpy' in str(problem)\n"
        "else: raise AssertionError('expected an error')\n")
    subprocess.run([sys.executable, "-c", program, *sys.argv[1:3]], check=True)


if __name__ == "__main__":
    for check in (missing_values, texts, plain_numbers, spellings, codes, refusals, frames, pickles):
        check()
    without_packages()
    files(*sys.argv[3:])
