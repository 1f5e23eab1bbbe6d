"""Columns of frames as the numbers of Limpet's rows: the part of the Python binding that reads whole columns.

A frame is a pandas or Polars DataFrame, a mapping of names to columns, or a structured array of numpy. Each
distinct text is read once, however many rows there are; `limpet_values` says what a value means.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

from limpet_values import LIMIT, Input, ValueProblem, ValueReader, is_missing, np

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]


def _is_of(package: str, value: object) -> bool:
    return any(kind.__module__.partition(".")[0] == package for kind in type(value).__mro__)


def is_frame(rows: object) -> bool:
    """Returns true for what holds columns by name."""
    if isinstance(rows, Mapping):
        return True
    if _is_of("pandas", rows) or _is_of("polars", rows):
        if type(rows).__name__ == "LazyFrame":
            raise TypeError("found a LazyFrame, expected a DataFrame: call collect()")
        return hasattr(rows, "columns")
    return isinstance(rows, np.ndarray) and rows.dtype.names is not None


def matrix(frame: Any, inputs: Sequence[Input], missing: Collection[str] | None) -> Numbers:
    """Returns the columns of a frame as a matrix `[rows][inputs]` in Fortran order."""
    if isinstance(frame, Mapping):
        names = frame.keys()
    else:
        names = frame.dtype.names if isinstance(frame, np.ndarray) else frame.columns
    absent = [column.name for column in inputs if column.name not in names]
    if absent:
        raise KeyError(f"no column for {', '.join(absent)}")
    result = None if isinstance(frame, Mapping) else np.empty((len(frame), len(inputs)), order="F")
    for place, column in enumerate(inputs):
        values = ColumnReader(column, missing).read(frame[column.name])
        if result is None:
            result = np.empty((len(values), len(inputs)), order="F")
        if len(values) != len(result):
            raise ValueError(
                f"column {column.name} has {len(values)} values, {inputs[0].name} has {len(result)}")
        result[:, place] = values
    return np.empty((0, 0)) if result is None else result


class ColumnReader:
    """A reader of the column of one input: values in, numbers and codes out, NaN for missing."""

    def __init__(self, column: Input, missing: Collection[str] | None = None) -> None:
        self._column = column
        self._value = ValueReader(column, missing).number

    def read(self, values: Any) -> Numbers:
        """Returns the numbers of a column.

        Raises TypeError for a column of a type that the input does not take, and ValueProblem for a value.
        """
        if isinstance(values, (str, bytes, Mapping)) or not hasattr(values, "__len__"):
            raise TypeError(
                f"column {self._column.name} is a {type(values).__name__}, expected a list or an array")
        if len(values) == 0:
            return np.empty(0)
        if _is_of("pandas", values):
            return self._pandas(values)
        if _is_of("polars", values):
            return self._polars(values)
        if hasattr(values, "__array__"):
            return self._array(values if isinstance(values, np.ndarray) else np.asarray(values))
        return self._objects(list(values))

    # Frames

    def _pandas(self, values: Any) -> Numbers:
        import pandas as pd

        if isinstance(values, pd.DataFrame):
            raise TypeError(f"column {self._column.name} is there {values.shape[1]} times, expected once")
        series = values if isinstance(values, pd.Series) else pd.Series(values)
        dtype = series.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            return self._coded(series.cat.codes.to_numpy(), series.cat.categories)
        if isinstance(dtype, np.dtype):
            return self._array(series.to_numpy())
        if isinstance(dtype, pd.SparseDtype):
            return self._array(np.asarray(series))
        if isinstance(dtype, pd.StringDtype) or dtype.kind == "U" or dtype.name.startswith("dictionary"):
            codes, distinct = pd.factorize(series)
            return self._coded(codes, np.array(distinct.tolist(), dtype=object))
        if dtype.kind in "iufb":
            zero = False if dtype.kind == "b" else 0
            plain = series.to_numpy(dtype=dtype.numpy_dtype, na_value=zero)
            return self._numbers(plain, series.isna().to_numpy())
        if dtype.kind in "mM":
            raise self._wrong_type(dtype)
        return self._objects(series.to_numpy(dtype=object).tolist())

    def _polars(self, series: Any) -> Numbers:
        import polars as pl

        dtype = series.dtype
        if dtype == pl.Null:
            return np.full(len(series), np.nan)
        if isinstance(dtype, (pl.Categorical, pl.Enum)):
            distinct = series.unique().drop_nulls()
            physical = distinct.to_physical().cast(pl.Int64).to_numpy()
            places = np.full(physical.max(initial=-1) + 2, -1)
            places[physical] = np.arange(len(physical))
            codes = series.to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
            return self._coded(places[codes], np.array(distinct.cast(pl.String).to_list(), dtype=object))
        if dtype == pl.String:
            distinct = series.unique()
            places = pl.Series(range(len(distinct)), dtype=pl.Int64)
            codes = series.replace_strict(distinct, places, return_dtype=pl.Int64).to_numpy()
            return self._coded(codes, np.array(distinct.to_list(), dtype=object))
        if dtype.is_decimal() and not self._column.is_category:
            series, dtype = series.cast(pl.Float64), pl.Float64()
        is_wide = str(dtype).endswith("128")
        if (dtype.is_integer() or dtype.is_float() or dtype == pl.Boolean) and not is_wide:
            mask = series.is_null().to_numpy() if series.null_count() else None
            plain = series.fill_null(False if dtype == pl.Boolean else 0)
            return self._numbers(plain.to_numpy(), mask)
        if dtype == pl.Object or dtype.is_decimal() or is_wide:
            return self._objects(series.to_list())
        raise self._wrong_type(dtype)

    # Arrays

    def _array(self, array: Any) -> Numbers:
        if array.ndim != 1:
            raise TypeError(f"column {self._column.name} has {array.ndim} dimensions, expected 1")
        mask = np.ma.getmaskarray(array) if isinstance(array, np.ma.MaskedArray) else None
        array, kind = np.asarray(array), array.dtype.kind
        if kind in "iufb":
            return self._numbers(array, mask)
        if kind == "S":
            try:
                array = np.char.decode(array, "utf-8")
            except UnicodeDecodeError as problem:
                raise ValueError(f"column {self._column.name} is no UTF-8: {problem}") from None
        elif kind not in "UTO":
            raise self._wrong_type(array.dtype)
        if mask is not None:
            array = array.astype(object)
            array[mask] = None
        return self._objects(array.tolist())

    def _wrong_type(self, dtype: object) -> TypeError:
        kinds = "texts or categories" if self._column.is_category else "numbers"
        return TypeError(f"column {self._column.name} holds {dtype}, expected {kinds}")

    def _numbers(self, plain: Any, mask: Any = None) -> Numbers:
        """Returns the numbers of an array of numbers, where a mask is missing."""
        if self._column.is_category:
            distinct, codes = np.unique(plain, return_inverse=True)
            return self._coded(codes if mask is None else np.where(mask, -1, codes), distinct)
        result = plain.astype(np.float64)
        if mask is not None:
            result[mask] = np.nan
        is_beyond = np.abs(result) > LIMIT
        if is_beyond.any():
            row = int(is_beyond.argmax())
            self._value(plain[row], row)
        return result

    def _coded(self, codes: Any, distinct: Any) -> Numbers:
        """Returns the numbers of values given by codes into distinct ones; a code of -1 is missing."""
        is_used = np.zeros(len(distinct) + 1, dtype=bool)
        is_used[codes] = True
        used = np.flatnonzero(is_used[:-1])
        table = np.full(len(distinct) + 1, np.nan)
        try:
            table[used] = self._distinct(distinct[used])
        except ValueProblem:
            # The first row is looked for only now.
            places, rows = np.unique(codes, return_index=True)
            for row, place in sorted(zip(rows.tolist(), places.tolist())):
                if place >= 0:
                    self._distinct(distinct[[place]], row)
            raise
        return table[codes]

    def _distinct(self, values: Any, row: int = 0) -> Numbers | list[float]:
        if values.dtype == object or isinstance(values, np.ndarray):
            return [self._value(value, row) for value in values]
        try:
            return self.read(values)
        except ValueProblem as problem:
            raise problem.at(row) from None

    # Objects

    def _objects(self, values: list[Any]) -> Numbers:
        """Returns the numbers of any objects, type by type: 1, 1.0 and True are equal, and not the same."""
        kinds = list(set(map(type, values)))
        if len(kinds) == 1:
            return self._alike(values, kinds[0])
        if all(kind in (str, float) or is_missing(kind) and kind.__hash__ for kind in kinds):
            return self._mapped(values)
        place = {kind: number for number, kind in enumerate(kinds)}
        which = np.fromiter(map(place.__getitem__, map(type, values)), np.intp, len(values))
        result, problems = np.empty(len(values)), []
        for number, kind in enumerate(kinds):
            rows = np.flatnonzero(which == number)
            try:
                result[rows] = self._alike(list(map(values.__getitem__, rows.tolist())), kind)
            except ValueProblem as problem:
                row = int(rows[problem.row])
                problems.append((row, problem.at(row)))
        if problems:
            raise min(problems, key=lambda found: found[0])[1]
        return result

    def _alike(self, values: list[Any], kind: type) -> Numbers:
        if is_missing(kind):
            return np.full(len(values), np.nan)
        if issubclass(kind, (float, np.floating)):
            return self._numbers(np.array(values, dtype=kind if issubclass(kind, np.floating) else float))
        if not issubclass(kind, (str, Real, Decimal, np.bool_)):
            self._value(values[0])
        if not self._column.is_category and issubclass(kind, (int, np.integer, np.bool_)):
            try:
                return self._numbers(np.array(values, dtype=np.float64))
            except OverflowError:
                pass
        return self._mapped(values)

    def _mapped(self, values: list[Any]) -> Numbers:
        """Returns the numbers of values of which no two are equal and not the same."""
        try:
            number = {value: self._value(value) for value in set(values)}
        except ValueProblem:
            for row, value in enumerate(values):
                self._value(value, row)
            raise
        return np.fromiter(map(number.__getitem__, values), np.float64, len(values))
