"""Rows that the tests hand to other programs: three files in a folder.

    numbers.bin     64-bit floats, row after row; NaN is missing
    texts.bin       32-bit places in the dictionary, row after row; -1 is missing
    dictionary.bin  texts in UTF-8, each with a NUL behind it
    scores.bin      what the other program makes of them: log-odds and probability of each row, 64-bit floats
"""

import os

import numpy as np


def read(folder, number_count, text_count):
    """Numbers (rows × number_count) and texts (rows × text_count), missing ones empty."""
    numbers = np.fromfile(os.path.join(folder, "numbers.bin"), "<f8")
    places = np.fromfile(os.path.join(folder, "texts.bin"), "<i4")
    rows = len(numbers) // number_count if number_count else len(places) // text_count
    with open(os.path.join(folder, "dictionary.bin"), "rb") as file:
        words = [word.decode("utf-8") for word in file.read().split(b"\0")[:-1]]
    texts = np.array(words + [""], dtype=object)[places]
    return numbers.reshape(rows, number_count), texts.reshape(rows, text_count)


def write(folder, numbers, texts):
    """The reverse of read; a missing text is None."""
    words = sorted({text for row in texts for text in row if text is not None})
    place = {word: index for index, word in enumerate(words)}
    np.ascontiguousarray(numbers, "<f8").tofile(os.path.join(folder, "numbers.bin"))
    np.array([[place.get(text, -1) for text in row] for row in texts], "<i4").tofile(os.path.join(folder, "texts.bin"))
    with open(os.path.join(folder, "dictionary.bin"), "wb") as file:
        file.write(b"".join(word.encode("utf-8") + b"\0" for word in words))


def write_scores(folder, log_odds, probabilities):
    scores = np.column_stack([np.asarray(log_odds, "<f8"), np.asarray(probabilities, "<f8")])
    scores.tofile(os.path.join(folder, "scores.bin"))
