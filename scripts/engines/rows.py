"""The files in which the tests exchange rows and scores with other programs.

    numbers.bin     64-bit floats `[rows][numbers]`; NaN is missing
    texts.bin       32-bit indices in the dictionary, `[rows][texts]`; -1 is missing
    dictionary.bin  texts in UTF-8, each followed by a NUL
    scores.bin      the other program's log-odds and probability of each row, 64-bit floats
"""

import os

import numpy as np


def read(folder, number_count, text_count):
    """Returns numbers `[rows][number_count]` and texts `[rows][text_count]`, missing ones empty."""
    numbers = np.fromfile(os.path.join(folder, "numbers.bin"), "<f8")
    places = np.fromfile(os.path.join(folder, "texts.bin"), "<i4")
    rows = len(numbers) // number_count if number_count else len(places) // text_count
    with open(os.path.join(folder, "dictionary.bin"), "rb") as file:
        words = [word.decode("utf-8") for word in file.read().split(b"\0")[:-1]]
    texts = np.array(words + [""], dtype=object)[places]
    return numbers.reshape(rows, number_count), texts.reshape(rows, text_count)


def write(folder, numbers, texts):
    """Writes the files that `read` reads; a missing text is None."""
    words = sorted({text for row in texts for text in row if text is not None})
    place = {word: index for index, word in enumerate(words)}
    np.ascontiguousarray(numbers, "<f8").tofile(os.path.join(folder, "numbers.bin"))
    np.array([[place.get(text, -1) for text in row] for row in texts], "<i4").tofile(
        os.path.join(folder, "texts.bin")
    )
    with open(os.path.join(folder, "dictionary.bin"), "wb") as file:
        file.write(b"".join(word.encode("utf-8") + b"\0" for word in words))


def write_scores(folder, log_odds, probabilities):
    scores = np.column_stack([np.asarray(log_odds, "<f8"), np.asarray(probabilities, "<f8")])
    scores.tofile(os.path.join(folder, "scores.bin"))
