"""The library of the Python binding: where it is found, the types of its functions, and its errors."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from ctypes import POINTER, c_char_p, c_double, c_int, c_size_t, c_void_p
from pathlib import Path

ABI_VERSION = 1

_STATUS = {1: "an argument is wrong", 2: "the file cannot be read", 3: "this is no model"}


class LimpetError(Exception):
    """An error of the library; `status` is its limpet_status."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message or _STATUS.get(status, f"status {status}"))
        self.status = status

    def __reduce__(self) -> tuple[type[LimpetError], tuple[int, str]]:
        return type(self), (self.status, str(self))


class ReasonRecord(ctypes.Structure):
    _fields_ = [
        ("topic", c_char_p), ("sentence", c_char_p), ("input", c_char_p), ("value", c_char_p),
        ("second_input", c_char_p), ("second_value", c_char_p), ("contribution", c_double),
    ]


def _places() -> Iterable[str]:
    if path := os.environ.get("LIMPET_LIBRARY"):
        yield path
        return
    here = Path(__file__).resolve().parent
    for folder in (here, here.parent / "lib"):
        if (path := folder / "liblimpet.so").exists():
            yield str(path)
    yield "liblimpet.so"


def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(next(iter(_places())))
    message = [c_char_p, c_size_t]
    batch = [c_size_t, c_int, c_size_t, c_int, c_void_p, c_void_p]
    for name, result, arguments in [
        ("abi_version", c_int, []),
        ("version", c_char_p, []),
        ("model_load_bytes", c_int, [c_char_p, c_size_t, POINTER(c_void_p), *message]),
        ("model_free", None, [c_void_p]),
        ("model_hash", c_char_p, [c_void_p]),
        ("threshold", c_double, [c_void_p]),
        ("intercept", c_double, [c_void_p]),
        ("input_count", c_size_t, [c_void_p]),
        ("input_name", c_char_p, [c_void_p, c_size_t]),
        ("input_is_category", c_int, [c_void_p, c_size_t]),
        ("level_count", c_size_t, [c_void_p, c_size_t]),
        ("level", c_char_p, [c_void_p, c_size_t, c_size_t]),
        ("code", c_double, [c_void_p, c_size_t, c_char_p]),
        ("term_count", c_size_t, [c_void_p]),
        ("term_inputs", c_size_t, [c_void_p, c_size_t, POINTER(c_size_t)]),
        ("score_rows", c_int, [c_void_p, c_void_p, *batch]),
        ("score_single_rows", c_int, [c_void_p, c_void_p, *batch]),
        ("contributions", c_int, [c_void_p, c_void_p, c_void_p]),
        ("reasons_of_row", c_int, [c_void_p, c_void_p, c_size_t, c_int, POINTER(c_void_p)]),
        ("reason_count", c_size_t, [c_void_p]),
        ("reason_at", POINTER(ReasonRecord), [c_void_p, c_size_t]),
        ("reasons_free", None, [c_void_p]),
    ]:
        function = getattr(library, "limpet_" + name)
        function.restype, function.argtypes = result, arguments
    if (found := library.limpet_abi_version()) != ABI_VERSION:
        raise LimpetError(1, f"the library has interface {found}, this file needs {ABI_VERSION}")
    return library


library = _load()
