/* Scores rows with a file of `limpet export --to c`; rows.py describes the files of rows and scores.
 *
 *     cc -std=c99 -O2 -I FOLDER_OF_MODEL_C scripts/engines/c_scores.c -o scores && ./scores FOLDER
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.c"

static void *contents(const char *folder, const char *name, size_t *size)
{
    char path[4096];
    FILE *file;
    char *bytes = NULL;
    size_t got;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (file == NULL) exit(66);
    *size = 0;
    do {
        bytes = realloc(bytes, *size + (1 << 20));
        if (bytes == NULL) exit(71);
        got = fread(bytes + *size, 1, 1 << 20, file);
        *size += got;
    } while (got > 0);
    fclose(file);
    return bytes;
}

int main(int argc, char **argv)
{
    size_t number_bytes, place_bytes, dictionary_bytes, rows, words = 0, i, j;
    double *numbers, *log_odds, *probabilities;
    int *places;
    char *dictionary, path[4096];
    const char **word, **texts;
    FILE *file;
    if (argc != 2) return 64;
    numbers = contents(argv[1], "numbers.bin", &number_bytes);
    places = contents(argv[1], "texts.bin", &place_bytes);
    dictionary = contents(argv[1], "dictionary.bin", &dictionary_bytes);
    rows = LIMPET_NUMBERS > 0 ? number_bytes / 8 / (LIMPET_NUMBERS + (LIMPET_NUMBERS == 0))
                              : place_bytes / 4 / (LIMPET_TEXTS + (LIMPET_TEXTS == 0));
    word = malloc((dictionary_bytes + 1) * sizeof *word);
    for (i = 0; i < dictionary_bytes; i += strlen(dictionary + i) + 1) word[words++] = dictionary + i;
    texts = malloc((rows * LIMPET_TEXTS + 1) * sizeof *texts);
    for (i = 0; i < rows * LIMPET_TEXTS; i++) texts[i] = places[i] < 0 ? NULL : word[places[i]];
    log_odds = malloc(rows * sizeof *log_odds);
    probabilities = malloc(rows * sizeof *probabilities);
    limpet_score_rows(rows, numbers, texts, log_odds, probabilities);
    /* Scores from codes must be the same. */
    for (i = 0; i < rows; i++) {
        int codes[LIMPET_TEXTS + 1];
        limpet_score score;
        for (j = 0; j < LIMPET_TEXTS; j++) codes[j] = limpet_code((int)j, texts[i * LIMPET_TEXTS + j]);
        score = limpet_score_codes(numbers + i * LIMPET_NUMBERS, codes);
        if (memcmp(&score.log_odds, &log_odds[i], sizeof(double)) != 0) return 70;
    }
    snprintf(path, sizeof path, "%s/scores.bin", argv[1]);
    file = fopen(path, "wb");
    if (file == NULL) return 73;
    for (i = 0; i < rows; i++) {
        fwrite(&log_odds[i], 8, 1, file);
        fwrite(&probabilities[i], 8, 1, file);
    }
    return fclose(file) == 0 ? 0 : 73;
}
