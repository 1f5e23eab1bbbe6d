/* Measures the time to score one row from C: with Limpet, LightGBM's fast single-row call, and the function
 * that lleaves compiled, in turn on the same rows.
 *
 *     one_row LIBLIMPET MODEL_JSON LIB_LIGHTGBM MODEL_TXT LLEAVES_SO ROWS.bin COLUMNS
 *
 * Prints JSON: the median nanoseconds of a call of each, in batches of 100 rows, and the milliseconds to load
 * a model.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 100, BATCHES = 2000 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void *symbol(void *library, const char *name) {
    void *found = dlsym(library, name);
    if (!found) fprintf(stderr, "no %s: %s\n", name, dlerror()), exit(70);
    return found;
}

static void *opened(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) fprintf(stderr, "%s\n", dlerror()), exit(66);
    return library;
}

static double *numbers;
static size_t rows, width;
static volatile double sink;

typedef double (*score_function)(const double *row);

static int (*limpet_row)(void *, const double *, double *, double *);
typedef struct {
    ptrdiff_t topic;
    double contribution;
} topic_contribution;

static int (*limpet_topics)(
    void *, const double *, size_t, int, topic_contribution *, size_t *, double *, double *);
static int (*limpet_why)(void *, const double *, size_t, int, void **);
static void (*limpet_free_reasons)(void *);
static int (*limpet_parts)(void *, const double *, double *);
static void *limpet;
static int (*fast_row)(void *, const double *, long long *, double *);
static void *fast;
static void (*lleaves_row)(const double *, double *, int, int);

static double score_limpet(const double *row) {
    double probability;
    limpet_row(limpet, row, NULL, &probability);
    return probability;
}

static double score_topics(const double *row) {
    topic_contribution topics[3];
    size_t found;
    double probability;
    limpet_topics(limpet, row, 3, 1, topics, &found, NULL, &probability);
    return probability + (found > 0 ? 0 * topics[0].contribution : 0);
}

static double score_reasons(const double *row) {
    double probability;
    void *reasons;
    limpet_row(limpet, row, NULL, &probability);
    limpet_why(limpet, row, 3, 1, &reasons);
    limpet_free_reasons(reasons);
    return probability;
}

static double score_contributions(const double *row) {
    static double parts[4096];
    double probability;
    limpet_row(limpet, row, NULL, &probability);
    limpet_parts(limpet, row, parts);
    return probability + parts[0];
}

static double score_lightgbm(const double *row) {
    long long length;
    double probability;
    fast_row(fast, row, &length, &probability);
    return probability;
}

static double score_lleaves(const double *row) {
    double probability;
    lleaves_row(row, &probability, 0, 1);
    return probability;
}

static double median_of(score_function score) {
    static double nanoseconds[BATCHES];
    size_t row = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
        double start = now(), sum = 0;
        for (int call = 0; call < BATCH; call++, row = row + 1 < rows ? row + 1 : 0)
            sum += score(numbers + row * width);
        nanoseconds[batch] = (now() - start) / BATCH;
        sink += sum;
    }
    qsort(nanoseconds, BATCHES, sizeof *nanoseconds, ascending);
    return nanoseconds[BATCHES / 2];
}

static double worst(score_function left, score_function right) {
    double most = 0;
    for (size_t row = 0; row < rows; row++) {
        double distance = fabs(left(numbers + row * width) - right(numbers + row * width));
        if (!(distance <= most)) most = distance;
    }
    return most;
}

int main(int argc, char **argv) {
    if (argc != 8) return 64;
    width = strtoul(argv[7], NULL, 10);
    FILE *file = fopen(argv[6], "rb");
    if (!file) return 66;
    fseek(file, 0, SEEK_END);
    rows = ftell(file) / sizeof(double) / width;
    rewind(file);
    numbers = malloc(rows * width * sizeof(double));
    if (fread(numbers, sizeof(double), rows * width, file) != rows * width) return 66;

    void *library = opened(argv[1]);
    int (*load)(const char *, void **, char *, size_t) = symbol(library, "limpet_model_load");
    void (*release)(void *) = symbol(library, "limpet_model_free");
    limpet_row = symbol(library, "limpet_score_row");
    limpet_why = symbol(library, "limpet_reasons_of_row");
    limpet_free_reasons = symbol(library, "limpet_reasons_free");
    limpet_parts = symbol(library, "limpet_contributions");
    limpet_topics = symbol(library, "limpet_strongest_topics");
    char message[500];
    if (load(argv[2], &limpet, message, sizeof message)) return fprintf(stderr, "%s\n", message), 65;

    void *boosters = opened(argv[3]);
    int (*create)(const char *, int *, void **) = symbol(boosters, "LGBM_BoosterCreateFromModelfile");
    int (*prepare)(void *, int, int, int, int, int, const char *, void **) =
        symbol(boosters, "LGBM_BoosterPredictForMatSingleRowFastInit");
    fast_row = symbol(boosters, "LGBM_BoosterPredictForMatSingleRowFast");
    void *booster;
    int rounds;
    if (create(argv[4], &rounds, &booster)) return 65;
    /* Probabilities with all rounds, from doubles; one thread is the fastest for one row. */
    if (prepare(booster, 0, 0, -1, 1, (int)width, "num_threads=1", &fast)) return 65;
    lleaves_row = symbol(opened(argv[5]), "forest_root");

    double limpet_ns[3], lightgbm_ns[3], lleaves_ns[3], reasons_ns[3], parts_ns[3], topics_ns[3];
    for (int turn = 0; turn < 3; turn++) {
        limpet_ns[turn] = median_of(score_limpet);
        lightgbm_ns[turn] = median_of(score_lightgbm);
        lleaves_ns[turn] = median_of(score_lleaves);
        parts_ns[turn] = median_of(score_contributions);
        topics_ns[turn] = median_of(score_topics);
        reasons_ns[turn] = median_of(score_reasons);
    }
    qsort(limpet_ns, 3, 8, ascending), qsort(lightgbm_ns, 3, 8, ascending);
    qsort(lleaves_ns, 3, 8, ascending);
    qsort(reasons_ns, 3, 8, ascending), qsort(parts_ns, 3, 8, ascending);
    qsort(topics_ns, 3, 8, ascending);
    printf("{\"limpet\": %.1f, \"lightgbm\": %.1f, \"lleaves\": %.1f, \"contributions\": %.1f, "
           "\"topics\": %.1f, \"reasons\": %.1f, "
           "\"lightgbmDistance\": %.3g, \"lleavesDistance\": %.3g}\n",
           limpet_ns[1], lightgbm_ns[1], lleaves_ns[1], parts_ns[1], topics_ns[1], reasons_ns[1],
           worst(score_limpet, score_lightgbm), worst(score_limpet, score_lleaves));
    release(limpet);
    return 0;
}
