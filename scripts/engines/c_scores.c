/* Scores rows with files of `limpet export --to c`, several models in one program.
 *
 *     cc -std=c99 -O2 -I FOLDER scripts/engines/c_scores.c -o scores && ./scores FOLDER
 *
 * FOLDER/models.c holds the models, each with a prefix of its own, and behind them a line that names them:
 *
 *     #define MODELS(MODEL) MODEL(m0, M0) MODEL(m1, M1)
 *
 * The rows of the model m0 are in FOLDER/m0, in the files that rows.py describes, and its scores go there.
 */
#include "models.c"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct model {
    const char *name;
    size_t numbers, texts;
    int (*code)(int, const char *);
    void (*score_rows)(size_t, const double *, const char *const *, double *, double *);
    double (*log_odds_of_codes)(const double *, const int *);
};

#define LOG_ODDS(NAME, CAPITALS) \
    static double NAME##_log_odds(const double *numbers, const int *codes) \
    { \
        return NAME##_score_codes(numbers, codes).log_odds; \
    }
#define ENTRY(NAME, CAPITALS) \
    {#NAME, CAPITALS##_NUMBERS, CAPITALS##_TEXTS, NAME##_code, NAME##_score_rows, NAME##_log_odds},

MODELS(LOG_ODDS)

static const struct model models[] = {MODELS(ENTRY)};

static void path_of(char *path, size_t size, const char *folder, const char *model, const char *name)
{
    if ((size_t)snprintf(path, size, "%s/%s/%s", folder, model, name) >= size) exit(64);
}

static void *contents(const char *folder, const char *model, const char *name, size_t *size)
{
    char path[4096];
    FILE *file;
    char *bytes = NULL;
    size_t got;
    path_of(path, sizeof path, folder, model, name);
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

static void score(const struct model *model, const char *folder)
{
    size_t number_bytes, place_bytes, dictionary_bytes, rows, words = 0, i, j;
    double *numbers, *log_odds, *probabilities;
    int *places, *codes;
    char *dictionary, path[4096];
    const char **word, **texts;
    FILE *file;
    numbers = contents(folder, model->name, "numbers.bin", &number_bytes);
    places = contents(folder, model->name, "texts.bin", &place_bytes);
    dictionary = contents(folder, model->name, "dictionary.bin", &dictionary_bytes);
    rows = model->numbers > 0 ? number_bytes / 8 / model->numbers : place_bytes / 4 / model->texts;
    word = malloc((dictionary_bytes + 1) * sizeof *word);
    for (i = 0; i < dictionary_bytes; i += strlen(dictionary + i) + 1) word[words++] = dictionary + i;
    texts = malloc((rows * model->texts + 1) * sizeof *texts);
    for (i = 0; i < rows * model->texts; i++) texts[i] = places[i] < 0 ? NULL : word[places[i]];
    log_odds = malloc(rows * sizeof *log_odds);
    probabilities = malloc(rows * sizeof *probabilities);
    codes = malloc((model->texts + 1) * sizeof *codes);
    model->score_rows(rows, numbers, texts, log_odds, probabilities);
    /* By codes the scores are the same. */
    for (i = 0; i < rows; i++) {
        double by_codes;
        for (j = 0; j < model->texts; j++) codes[j] = model->code((int)j, texts[i * model->texts + j]);
        by_codes = model->log_odds_of_codes(numbers + i * model->numbers, codes);
        if (memcmp(&by_codes, &log_odds[i], sizeof(double)) != 0) exit(70);
    }
    path_of(path, sizeof path, folder, model->name, "scores.bin");
    file = fopen(path, "wb");
    if (file == NULL) exit(73);
    for (i = 0; i < rows; i++) {
        fwrite(&log_odds[i], 8, 1, file);
        fwrite(&probabilities[i], 8, 1, file);
    }
    if (fclose(file) != 0) exit(73);
    free(codes);
    free(probabilities);
    free(log_odds);
    free(texts);
    free(word);
    free(dictionary);
    free(places);
    free(numbers);
}

int main(int argc, char **argv)
{
    size_t place;
    if (argc != 2) return 64;
    for (place = 0; place < sizeof models / sizeof *models; place++) score(&models[place], argv[1]);
    return 0;
}
