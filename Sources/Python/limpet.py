"""The Python binding of Limpet's scorer, on top of liblimpet.so, which `scripts/build-c` builds.

    import limpet

    model = limpet.Model("model.json")
    log_odds, probability = model.score(frame, threads=2)
    rows = model.matrix({"visits": [3, None], "device": ["ios", "an unknown one"]})
    for reason in model.reasons(rows[0], count=3):
        print(reason.sentence, reason.contribution)

A frame is a pandas or Polars DataFrame, a mapping of names to columns, or a structured array of numpy. Its
columns are found by name, and others are ignored. Missing is None, NaN, NA, null or masked; `limpet_values`
says what else a value means, and what is refused.

A row of a matrix holds a number for each input in the order of `model.inputs`: NaN is missing, and a category
is given by the code of its text (`model.code`). Scores have the same bits as those of `limpet score`. A model
may be pickled, and used by several threads at a time; the interpreter's lock is released during scoring.

The library is searched at the path in LIMPET_LIBRARY, beside this file, in ../lib from here, and in the
system's folders. Rows and scores need numpy.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Collection
from ctypes import byref, c_size_t, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import limpet_columns
from limpet_library import ABI_VERSION, LimpetError, library as _library
from limpet_values import Input, ValueProblem, np

if TYPE_CHECKING:
    import numpy.typing as npt

    Frame = Any  # a DataFrame of pandas or Polars, a mapping of names to columns, or a structured array

__all__ = ["ABI_VERSION", "Input", "LimpetError", "Model", "Reason", "ValueProblem", "version"]


@dataclass(frozen=True)
class Reason:
    """A contribution that moves a score away from that of the average user."""

    topic: str
    sentence: str
    contribution: float
    """The contribution to the log-odds."""
    input: str
    value: str | None
    second_input: str | None
    second_value: str | None


def version() -> str:
    """Returns the version of the library."""
    return _library.limpet_version().decode()


class Model:
    """A model of `limpet train`, from a path or from the bytes of its file.

    Raises LimpetError with the reason when the file cannot be read or is not a model.
    """

    def __init__(self, source: str | os.PathLike[str] | bytes) -> None:
        self._model = c_void_p()
        name = "the bytes" if isinstance(source, bytes) else os.fspath(source)
        try:
            # The bytes are kept for pickling: the file may be another one by then.
            self._bytes = source if isinstance(source, bytes) else Path(source).read_bytes()
        except OSError as problem:
            raise LimpetError(2, f"{name}: {problem.strerror}") from None
        message = ctypes.create_string_buffer(1_000)
        status = _library.limpet_model_load_bytes(
            self._bytes, len(self._bytes), byref(self._model), message, 1_000)
        if status != 0:
            sentence = message.value.decode().removeprefix("the bytes: ")
            raise LimpetError(status, f"{name}: {sentence}")
        count = _library.limpet_input_count(self._model)
        self.inputs: tuple[Input, ...] = tuple(self._input(place) for place in range(count))
        """The inputs, in the order of a row."""
        self._places = {column.name: place for place, column in enumerate(self.inputs)}

    def _input(self, place: int) -> Input:
        levels = range(_library.limpet_level_count(self._model, place))
        return Input(
            _library.limpet_input_name(self._model, place).decode(),
            bool(_library.limpet_input_is_category(self._model, place)),
            tuple(_library.limpet_level(self._model, place, code).decode() for code in levels),
            lambda text: self._code(place, text),
        )

    def _code(self, place: int, text: str) -> float:
        # A text of C ends at its first NUL; no level holds one.
        if "\0" in text:
            return float(_library.limpet_level_count(self._model, place))
        return _library.limpet_code(self._model, place, text.encode(errors="surrogatepass"))

    def __reduce__(self) -> tuple[type[Model], tuple[bytes]]:
        return type(self), (self._bytes,)

    def __del__(self) -> None:
        if getattr(self, "_model", None):
            _library.limpet_model_free(self._model)

    @property
    def hash(self) -> str:
        """The SHA-256 that identifies the model."""
        return _library.limpet_model_hash(self._model).decode()

    @property
    def threshold(self) -> float:
        """The decision threshold in the model file; NaN without one."""
        return _library.limpet_threshold(self._model)

    @property
    def intercept(self) -> float:
        """The log-odds of the average user."""
        return _library.limpet_intercept(self._model)

    def code(self, name: str, text: str | None) -> float:
        """Returns the code of a category's text in a row; NaN for None or an empty text."""
        if not text:
            return float("nan")
        return self._code(self._places[name], text)

    def matrix(self, frame: Frame, missing: Collection[str] | None = None) -> npt.NDArray[np.float64]:
        """Returns a matrix `[rows][inputs]` of the columns of a frame, found by name.

        `missing` are the texts that mean missing besides the empty one: by default NA and NaN, unless the
        model knows them as levels.
        Raises KeyError when an input has no column, TypeError for a column of a wrong type, and ValueProblem,
        a ValueError, for a value that an input does not take; rows count from 0.
        """
        return limpet_columns.matrix(frame, self.inputs, missing)

    def score(
        self, rows: npt.ArrayLike | Frame, threads: int = 1
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Returns the log-odds and the calibrated probability of each row of a frame or of a matrix.

        A frame is read as by `matrix`. A matrix `[rows][inputs]` may have 64-bit or 32-bit floats, in C or
        Fortran order.
        """
        rows = self._rows(rows)
        log_odds, probability = np.empty(len(rows)), np.empty(len(rows))
        self._score(rows, threads, log_odds.ctypes.data, probability.ctypes.data)
        return log_odds, probability

    def probability(self, rows: npt.ArrayLike | Frame, threads: int = 1) -> npt.NDArray[np.float64]:
        """Returns the calibrated probabilities alone."""
        rows = self._rows(rows)
        probability = np.empty(len(rows))
        self._score(rows, threads, None, probability.ctypes.data)
        return probability

    def _rows(self, rows: npt.ArrayLike | Frame) -> npt.NDArray[Any]:
        matrix = self.matrix(rows) if limpet_columns.is_frame(rows) else np.asarray(rows)
        if matrix.dtype.kind not in "iufbO":
            raise TypeError(f"found rows of {matrix.dtype}, expected numbers or a frame with named columns")
        if matrix.dtype != np.float32:
            matrix = matrix.astype(np.float64, copy=False)
        if matrix.ndim != 2 or matrix.shape[1] != len(self.inputs):
            raise ValueError(f"found rows of shape {matrix.shape}, expected (rows, {len(self.inputs)})")
        return matrix

    def _score(
        self, matrix: npt.NDArray[Any], threads: int, log_odds: int | None, probability: int | None
    ) -> None:
        layout = 1 if matrix.flags.f_contiguous and not matrix.flags.c_contiguous else 0
        if layout == 0:
            matrix = np.ascontiguousarray(matrix)
        single = matrix.dtype == np.float32
        function = _library.limpet_score_single_rows if single else _library.limpet_score_rows
        status = function(
            self._model, matrix.ctypes.data, len(matrix), layout, 0, threads, log_odds, probability)
        if status != 0:
            raise LimpetError(status)

    def predict_proba(self, rows: npt.ArrayLike | Frame) -> npt.NDArray[np.float64]:
        """Returns the probabilities of 0 and of 1 as two columns, as scikit-learn does."""
        probability = self.probability(rows)
        return np.column_stack([1 - probability, probability])

    def _row(self, row: npt.ArrayLike) -> npt.NDArray[np.float64]:
        values = np.ascontiguousarray(row, dtype=np.float64)
        if values.shape != (len(self.inputs),):
            raise ValueError(f"found a row of shape {values.shape}, expected ({len(self.inputs)},)")
        return values

    def term_inputs(self) -> list[tuple[str, ...]]:
        """Returns the names of the one or two inputs of each term."""
        places = (c_size_t * 2)()
        names = []
        for term in range(_library.limpet_term_count(self._model)):
            count = _library.limpet_term_inputs(self._model, term, places)
            names.append(tuple(self.inputs[place].name for place in places[:count]))
        return names

    def contributions(self, row: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Returns the contribution of each term to the log-odds of one row, in the order of `term_inputs`."""
        values = self._row(row)
        result = np.empty(_library.limpet_term_count(self._model))
        status = _library.limpet_contributions(self._model, values.ctypes.data, result.ctypes.data)
        if status != 0:
            raise LimpetError(status)
        return result

    def reasons(self, row: npt.ArrayLike, count: int = 3, raising_only: bool = True) -> list[Reason]:
        """Returns the strongest reasons of one row, the strongest first."""
        values = self._row(row)
        found = c_void_p()
        status = _library.limpet_reasons_of_row(
            self._model, values.ctypes.data, count, raising_only, byref(found)
        )
        if status != 0:
            raise LimpetError(status)
        try:
            places = range(_library.limpet_reason_count(found))
            return [self._reason(_library.limpet_reason_at(found, place).contents) for place in places]
        finally:
            _library.limpet_reasons_free(found)

    @staticmethod
    def _reason(reason: ReasonRecord) -> Reason:
        def text(value: bytes | None) -> str | None:
            return None if value is None else value.decode()

        return Reason(
            reason.topic.decode(), reason.sentence.decode(), reason.contribution, reason.input.decode(),
            text(reason.value), text(reason.second_input), text(reason.second_value))
