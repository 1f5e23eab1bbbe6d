"""Single values as the numbers of Limpet's rows: the part of the Python binding that reads one value.

The same values mean the same in every frame:

- None, NaN, NA, NaT, null, masked and the empty text are missing, and so are the texts NA and NaN unless the
  model knows them as levels; `missing` replaces these two. Spaces and tabs at the ends of a text do not
  count, as in files.
- An input of numbers takes numbers of any width, booleans as 1 and 0, and categories that are numbers. A text
  is an error, and so is a number beyond 1e100, or infinity.
- An input of texts takes texts and categories. A whole number counts as its digits, as in a CSV. A float or a
  boolean has several spellings (1 and 1.0, True and true): it counts as the level that it spells in exactly
  one way, and is an error where the spelling is open. Where the model says that texts are codes, all
  spellings of a number are one level.
- Dates, bytes, lists and other objects are errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

try:
    import numpy as np
except ImportError:

    class _NoNumpy:
        """A stand-in that names the absent package once it is needed."""

        def __getattr__(self, name: str) -> Any:
            raise ImportError("limpet needs numpy for rows and scores")

    np = _NoNumpy()

LIMIT = 1e100
"""The greatest magnitude of a number, as in files."""
MISSING = frozenset({"NA", "NaN"})
"""The texts that mean missing unless the model knows them, as in files."""
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SPELLINGS = [("False", "True"), ("false", "true"), ("FALSE", "TRUE"), ("0", "1")]


@dataclass(frozen=True)
class Input:
    """An input of a model; `levels` are the known texts of a category."""

    name: str
    is_category: bool
    levels: tuple[str, ...]
    find: Callable[[str], float] | None = field(default=None, compare=False, repr=False)
    """Returns the code of any text, which the model may compare as a number."""


class ValueProblem(ValueError):
    """A value that is not what its column must hold; rows count from 0."""

    def __init__(self, column: str, row: int, problem: str) -> None:
        super().__init__(column, row, problem)
        self.column, self.row, self.problem = column, row, problem

    def __str__(self) -> str:
        return f"column {self.column}, row {self.row}: {self.problem}"

    def at(self, row: int) -> ValueProblem:
        """Returns the same problem in another row."""
        return ValueProblem(self.column, row, self.problem)


def is_missing(kind: type) -> bool:
    """Returns true for the types whose values are all missing: those of None, NA, NaT and masked."""
    return kind is type(None) or (
        kind.__name__ in ("NAType", "NaTType", "MaskedConstant")
        and kind.__module__.partition(".")[0] in ("pandas", "numpy"))


class ValueReader:
    """A reader of the values of one input: numbers, and the codes of texts, with NaN for missing."""

    def __init__(self, column: Input, missing: Collection[str] | None = None) -> None:
        self.column = column
        self._code = {level: float(code) for code, level in enumerate(column.levels)}
        self._unknown = float(len(column.levels))
        self._missing = MISSING.difference(self._code) if missing is None else frozenset(missing)
        # The levels that are numbers, by their value.
        self._alike: dict[float, list[str]] = {}
        for level in filter(_DECIMAL.fullmatch, column.levels):
            self._alike.setdefault(float(level), []).append(level)
        self._are_codes = self._compares_numbers()

    def _compares_numbers(self) -> bool:
        """Returns true where the model takes another spelling of a level for the same."""
        level = next(filter(_DECIMAL.fullmatch, self.column.levels), None)
        if level is None or self.column.find is None:
            return False
        return self.column.find(level + ("0" if "." in level else ".0")) == self._code[level]

    def _find(self, text: str) -> float:
        if text in self._code or self.column.find is None:
            return self._code.get(text, self._unknown)
        return self.column.find(text)

    def number(self, value: Any, row: int = 0) -> float:
        """Returns the number of a value; raises ValueProblem in the given row."""
        try:
            return self._number(value)
        except ValueError as problem:
            raise ValueProblem(self.column.name, row, str(problem)) from None

    def _number(self, value: Any) -> float:
        if isinstance(value, str):
            return self._text(value)
        if is_missing(type(value)):
            return float("nan")
        if not isinstance(value, (Real, Decimal, np.bool_)):
            expected = "a text" if self.column.is_category else "a number"
            raise ValueError(f"found {value!r}, expected {expected}")
        if value != value:
            return float("nan")
        if abs(value if isinstance(value, (Integral, Decimal)) else float(value)) > LIMIT:
            raise ValueError(f"found {value}, expected a finite number of at most {LIMIT} in magnitude")
        return self._category(value) if self.column.is_category else float(value)

    def _text(self, text: str) -> float:
        if text in self._code:
            return self._code[text]
        text = text.strip(" \t")
        if not text or text in self._missing:
            return float("nan")
        if not self.column.is_category:
            raise ValueError(f"found {text!r}, expected a number; None and NaN are missing")
        return self._find(text)

    def _category(self, value: Any) -> float:
        """Returns the code of a number as a text."""
        if isinstance(value, (bool, np.bool_)):
            text = self._boolean(bool(value))
        elif self._are_codes:
            return self._find(format(Decimal(str(value)), "f"))
        elif isinstance(value, Integral):
            text = str(int(value))
            if text not in self._code and float(value) in self._alike:
                text = None
        elif isinstance(value, Decimal):
            text = str(value)
        else:
            text = self._float(str(value))
        if text is not None or not self._code:
            return self._code.get(text, self._unknown)
        levels = ", ".join(repr(level) for level in self.column.levels[:5])
        raise ValueError(
            f"found {value} of type {type(value).__name__}, which can be spelled in several ways; expected "
            f"texts such as {levels}: convert the column to texts as they are spelled there")

    def _boolean(self, value: bool) -> str | None:
        """Returns the text of a boolean in the one spelling that levels have; None where it is open."""
        pairs = [pair for pair in _SPELLINGS if not self._code.keys().isdisjoint(pair)]
        if self._alike.keys() - {0, 1} and _SPELLINGS[-1] in pairs:
            return None
        return pairs[0][value] if len(pairs) == 1 else None

    def _float(self, text: str) -> str | None:
        """Returns the level that a float spells; itself where no level is the same number, but some are
        numbers; None where the spelling is open."""
        number = float(text)
        alike = self._alike.get(number, [])
        if not alike:
            return text if self._alike else None
        written = {text, str(int(number))} if number.is_integer() else {text}
        known = [level for level in alike if level in written]
        return known[0] if len(known) == 1 else None
