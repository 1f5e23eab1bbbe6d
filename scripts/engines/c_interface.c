/* Loads a model through limpet.h, scores rows in all ways, and calls every function with wrong arguments.
 *
 *     c_interface MODEL FOLDER: reads FOLDER/rows.bin (doubles, [rows][inputs]), writes FOLDER/scores.bin
 *     (log-odds and probability of each row). Exits with the line of the first failed check.
 */
#include <limpet.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(CONDITION) \
    do { \
        if (!(CONDITION)) { \
            fprintf(stderr, "line %d: expected " #CONDITION "\n", __LINE__); \
            exit(1); \
        } \
    } while (0)

static limpet_model *model;
static double *numbers;
static size_t rows, width;
static double *log_odds, *probabilities;

static int same(const double *left, const double *right, size_t count) {
    return memcmp(left, right, count * sizeof *left) == 0;
}

static void *score_again(void *result) {
    double *own = malloc(2 * rows * sizeof *own);
    int round, *is_right = result;
    *is_right = 1;
    for (round = 0; round < 5; round++) {
        limpet_reasons *reasons = NULL;
        if (limpet_score_rows(model, numbers, rows, LIMPET_ROWS, 0, 2, own, own + rows) != LIMPET_OK
            || !same(own, log_odds, rows) || !same(own + rows, probabilities, rows))
            *is_right = 0;
        if (limpet_reasons_of_row(model, numbers, 3, 0, &reasons) != LIMPET_OK) *is_right = 0;
        limpet_reasons_free(reasons);
    }
    free(own);
    return NULL;
}

static void load(const char *path) {
    char message[200], tiny[8];
    limpet_model *other = NULL;
    FILE *file;
    char *bytes;
    long length;
    CHECK(limpet_abi_version() == LIMPET_ABI_VERSION);
    CHECK(strlen(limpet_version()) >= 5);
    CHECK(limpet_model_load("no such file", &other, message, sizeof message) == LIMPET_CANNOT_READ);
    CHECK(strstr(message, "no such file: ") == message && other == NULL);
    CHECK(limpet_model_load("no such file", &other, tiny, sizeof tiny) == LIMPET_CANNOT_READ);
    CHECK(strcmp(tiny, "no such") == 0);
    CHECK(limpet_model_load("no such file", &other, NULL, 0) == LIMPET_CANNOT_READ);
    CHECK(limpet_model_load(NULL, &other, message, sizeof message) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_model_load(path, NULL, message, sizeof message) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_model_load(path, &model, message, sizeof message) == LIMPET_OK);
    file = fopen(path, "rb");
    CHECK(file != NULL && fseek(file, 0, SEEK_END) == 0);
    length = ftell(file);
    rewind(file);
    bytes = malloc((size_t)length);
    CHECK(fread(bytes, 1, (size_t)length, file) == (size_t)length);
    fclose(file);
    CHECK(limpet_model_load_bytes(bytes, (size_t)length, &other, NULL, 0) == LIMPET_OK);
    CHECK(strcmp(limpet_model_hash(other), limpet_model_hash(model)) == 0);
    limpet_model_free(other);
    other = NULL;
    bytes[length / 2] ^= 1;
    CHECK(limpet_model_load_bytes(bytes, (size_t)length, &other, message, sizeof message)
          == LIMPET_BAD_MODEL);
    CHECK(other == NULL && strlen(message) > 20);
    CHECK(limpet_model_load_bytes(NULL, 5, &other, message, sizeof message) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_model_load_bytes(bytes, 0, &other, message, sizeof message) == LIMPET_BAD_MODEL);
    CHECK(limpet_model_load_bytes(bytes, (size_t)-1, &other, message, sizeof message) != LIMPET_OK);
    free(bytes);
}

static void look(void) {
    size_t input, place[2];
    width = limpet_input_count(model);
    CHECK(width > 0 && limpet_input_count(NULL) == 0);
    for (input = 0; input < width; input++) {
        size_t code, count = limpet_level_count(model, input);
        CHECK(strlen(limpet_input_name(model, input)) > 0);
        CHECK(limpet_input_is_category(model, input) || count == 0);
        for (code = 0; code < count; code++) {
            CHECK(limpet_code(model, input, limpet_level(model, input, code)) == (double)code);
        }
        CHECK(limpet_code(model, input, "\x01 no such text") == (double)count);
        CHECK(isnan(limpet_code(model, input, NULL)) && isnan(limpet_code(model, input, "")));
        CHECK(limpet_level(model, input, count) == NULL);
    }
    CHECK(limpet_input_name(model, width) == NULL && limpet_input_name(model, (size_t)-1) == NULL);
    CHECK(limpet_input_is_category(model, width) == 0 && limpet_level_count(model, width) == 0);
    CHECK(isnan(limpet_code(model, width, "x")) && isnan(limpet_threshold(NULL)));
    CHECK(limpet_model_hash(NULL) == NULL && strlen(limpet_model_hash(model)) == 64);
    CHECK(limpet_term_inputs(model, 0, place) >= 1 && place[0] < width);
    CHECK(limpet_term_inputs(model, limpet_term_count(model), place) == 0);
}

static void score(const char *folder) {
    char path[4096];
    FILE *file;
    size_t row, column;
    double *columns;
    float *single;
    snprintf(path, sizeof path, "%s/rows.bin", folder);
    file = fopen(path, "rb");
    CHECK(file != NULL && fseek(file, 0, SEEK_END) == 0);
    rows = (size_t)ftell(file) / sizeof(double) / width;
    rewind(file);
    numbers = malloc(rows * width * sizeof(double));
    CHECK(rows > 0 && fread(numbers, sizeof(double), rows * width, file) == rows * width);
    fclose(file);
    log_odds = malloc(rows * sizeof(double));
    probabilities = malloc(rows * sizeof(double));
    CHECK(limpet_score_rows(model, numbers, rows, LIMPET_ROWS, 0, 2, log_odds, probabilities) == LIMPET_OK);
    for (row = 0; row < rows; row++) {
        double one, other;
        CHECK(limpet_score_row(model, numbers + row * width, &one, &other) == LIMPET_OK);
        CHECK(same(&one, log_odds + row, 1) && same(&other, probabilities + row, 1));
    }
    /* Columns with a gap between them, one result at a time. */
    columns = malloc((rows + 3) * width * sizeof(double));
    single = malloc(rows * width * sizeof(float));
    for (row = 0; row < rows; row++) {
        for (column = 0; column < width; column++) {
            columns[column * (rows + 3) + row] = numbers[row * width + column];
            single[row * width + column] = (float)numbers[row * width + column];
        }
    }
    {
        double *found = malloc(rows * sizeof(double));
        CHECK(limpet_score_rows(model, columns, rows, LIMPET_COLUMNS, rows + 3, 3, found, NULL) == LIMPET_OK);
        CHECK(same(found, log_odds, rows));
        CHECK(limpet_score_rows(model, columns, rows, LIMPET_COLUMNS, rows + 3, 1, NULL, found) == LIMPET_OK);
        CHECK(same(found, probabilities, rows));
        CHECK(limpet_score_single_rows(model, single, rows, LIMPET_ROWS, 0, 2, found, NULL) == LIMPET_OK);
        free(found);
    }
    free(columns);
    free(single);
    snprintf(path, sizeof path, "%s/scores.bin", folder);
    file = fopen(path, "wb");
    CHECK(file != NULL);
    for (row = 0; row < rows; row++) {
        fwrite(log_odds + row, sizeof(double), 1, file);
        fwrite(probabilities + row, sizeof(double), 1, file);
    }
    CHECK(fclose(file) == 0);
}

static void explain(void) {
    limpet_reasons *reasons = NULL;
    double *contributions = malloc(limpet_term_count(model) * sizeof(double)), sum = limpet_intercept(model);
    size_t term;
    CHECK(limpet_contributions(model, numbers, contributions) == LIMPET_OK);
    for (term = 0; term < limpet_term_count(model); term++) sum += contributions[term];
    CHECK(sum == log_odds[0]);
    free(contributions);
    CHECK(limpet_reasons_of_row(model, numbers, 3, 0, &reasons) == LIMPET_OK);
    CHECK(limpet_reason_count(reasons) == 3 && limpet_reason_at(reasons, 3) == NULL);
    CHECK(strlen(limpet_reason_at(reasons, 0)->sentence) > 3);
    CHECK(strlen(limpet_reason_at(reasons, 0)->topic) > 0);
    CHECK(fabs(limpet_reason_at(reasons, 0)->contribution)
          >= fabs(limpet_reason_at(reasons, 2)->contribution));
    limpet_reasons_free(reasons);
    {
        limpet_topic_contribution topics[3];
        size_t found = 9, place;
        double one, other;
        limpet_reasons *same_ones = NULL;
        CHECK(limpet_strongest_topics(model, numbers, 3, 0, topics, &found, &one, &other) == LIMPET_OK);
        CHECK(found == 3 && one == log_odds[0] && other == probabilities[0]);
        CHECK(limpet_reasons_of_row(model, numbers, 3, 0, &same_ones) == LIMPET_OK);
        for (place = 0; place < found; place++) {
            const limpet_reason *reason = limpet_reason_at(same_ones, place);
            CHECK(strcmp(limpet_topic(model, (size_t)topics[place].topic), reason->topic) == 0);
            CHECK(topics[place].contribution == reason->contribution);
        }
        limpet_reasons_free(same_ones);
        CHECK(limpet_topic(model, limpet_topic_count(model)) == NULL);
        CHECK(limpet_strongest_topics(model, numbers, 0, 0, topics, &found, NULL, NULL) == LIMPET_OK);
        CHECK(found == 0);
        CHECK(limpet_strongest_topics(model, numbers, 3, 0, topics, NULL, NULL, NULL) == LIMPET_BAD_ARGUMENT);
    }
    CHECK(limpet_reason_count(NULL) == 0 && limpet_reason_at(NULL, 0) == NULL);
}

static void refuse(void) {
    double result[2];
    limpet_reasons *reasons;
    CHECK(limpet_score_row(NULL, numbers, result, NULL) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_score_row(model, NULL, result, NULL) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_score_row(model, numbers, NULL, NULL) == LIMPET_OK);
    CHECK(limpet_score_rows(model, NULL, 1, LIMPET_ROWS, 0, 1, result, NULL) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_score_rows(model, numbers, 0, LIMPET_ROWS, 0, 1, result, NULL) == LIMPET_OK);
    CHECK(limpet_score_rows(model, numbers, 1, (limpet_layout)7, 0, 1, result, NULL) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_score_rows(model, numbers, 1, LIMPET_ROWS, width - 1, 1, result, NULL)
          == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_score_rows(model, numbers, 2, LIMPET_COLUMNS, 1, 1, result, NULL) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_score_rows(model, numbers, 1, LIMPET_ROWS, 0, 0, result, NULL) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_score_rows(model, numbers, (size_t)-1, LIMPET_ROWS, 0, 1, result, NULL)
          == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_score_rows(model, numbers, (size_t)1 << 60, LIMPET_ROWS, 0, 1, result, NULL)
          == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_score_rows(model, numbers, 1, LIMPET_ROWS, (size_t)-8, 1, result, NULL)
          == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_contributions(model, numbers, NULL) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_reasons_of_row(model, numbers, 3, 0, NULL) == LIMPET_BAD_ARGUMENT);
    CHECK(limpet_reasons_of_row(model, numbers, (size_t)-1, 0, &reasons) == LIMPET_BAD_ARGUMENT);
    limpet_model_free(NULL);
    limpet_reasons_free(NULL);
}

int main(int argc, char **argv) {
    pthread_t threads[8];
    int place, is_right[8];
    CHECK(argc == 3);
    load(argv[1]);
    look();
    score(argv[2]);
    explain();
    refuse();
    for (place = 0; place < 8; place++) {
        CHECK(pthread_create(&threads[place], NULL, score_again, &is_right[place]) == 0);
    }
    for (place = 0; place < 8; place++) {
        CHECK(pthread_join(threads[place], NULL) == 0);
        CHECK(is_right[place]);
    }
    limpet_model_free(model);
    return 0;
}
