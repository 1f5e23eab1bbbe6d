/* Limpet's scorer for C, and for all languages that can call C.
 *
 * Link with liblimpet.so of scripts/build-c, which is self-contained.
 *
 * A row holds one number for each input of the model, in the model's order. NAN is missing. A category is
 * given by the code of its text, see limpet_code. Scores are those of `limpet score`, bit for bit.
 *
 * Every function may be called from any number of threads at once, also on one model; only limpet_model_free
 * must be the last call on it. Nothing is written to standard output or standard error, and no argument ends
 * the program: errors are returned as a limpet_status.
 */
#ifndef LIMPET_H
#define LIMPET_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface. It rises when a function changes or is removed, not when one is added. */
#define LIMPET_ABI_VERSION 1

typedef enum {
    LIMPET_OK = 0,
    /* A null pointer, or an input, a layout or a stride that does not exist. */
    LIMPET_BAD_ARGUMENT = 1,
    /* The file cannot be read. */
    LIMPET_CANNOT_READ = 2,
    /* The bytes are not a model, were changed, or give other scores here than where they were written. */
    LIMPET_BAD_MODEL = 3
} limpet_status;

/* The order of numbers in memory: row by row, [rows][inputs], or column by column, [inputs][rows]. */
typedef enum { LIMPET_ROWS = 0, LIMPET_COLUMNS = 1 } limpet_layout;

/* A loaded model. */
typedef struct limpet_model limpet_model;

/* The strongest reasons of a row. */
typedef struct limpet_reasons limpet_reasons;

/* A topic that moves a score away from the average user's. Texts live as long as their limpet_reasons. */
typedef struct {
    /* The topic, e.g. "purchase". */
    const char *topic;
    /* A sentence that a person can read, e.g. "no purchase for 41 days". */
    const char *sentence;
    /* The input that contributes most, and its value as text; NULL where it is missing. */
    const char *input, *value;
    /* The second input where a pair contributes most, and its value; NULL otherwise. */
    const char *second_input, *second_value;
    /* The contribution to the log-odds. */
    double contribution;
} limpet_reason;

/* LIMPET_ABI_VERSION of the library, which must equal that of this header, and the release, e.g. "0.1.0". */
int limpet_abi_version(void);
const char *limpet_version(void);

/* Loads a model from a file of `limpet train`, or from its bytes, and recomputes its golden rows. On
 * success *model is set and must be freed with limpet_model_free. Otherwise message, unless NULL, receives
 * a sentence of at most message_size bytes with its NUL: the buffer is the caller's own, so that threads
 * do not share it. */
limpet_status limpet_model_load(
    const char *path, limpet_model **model, char *message, size_t message_size);
limpet_status limpet_model_load_bytes(
    const void *bytes, size_t length, limpet_model **model, char *message, size_t message_size);
void limpet_model_free(limpet_model *model);

/* The SHA-256 of the model in hexadecimal digits; NULL for no model. Texts live as long as their model. */
const char *limpet_model_hash(const limpet_model *model);
/* The threshold that the model ships with; NAN without one. */
double limpet_threshold(const limpet_model *model);

/* The inputs. For an input that does not exist: NULL, 0 and NAN. */
size_t limpet_input_count(const limpet_model *model);
const char *limpet_input_name(const limpet_model *model, size_t input);
int limpet_input_is_category(const limpet_model *model, size_t input);
/* The texts of a category that the model knows; the code of a text is its index among them. */
size_t limpet_level_count(const limpet_model *model, size_t input);
const char *limpet_level(const limpet_model *model, size_t input, size_t code);
/* The number of a text in a row: its code; limpet_level_count for one that the model does not know; NAN
 * for NULL or "". */
double limpet_code(const limpet_model *model, size_t input, const char *text);

/* The score of one row; either result may be NULL. Allocates nothing. */
limpet_status limpet_score_row(
    const limpet_model *model, const double *row, double *log_odds, double *probability);

/* The scores of many rows; either result may be NULL, otherwise it has a capacity of one number for each
 * row. stride is the distance between the starts of two rows, or of two columns, in numbers; 0 where
 * nothing lies between them. threads is at least 1. */
limpet_status limpet_score_rows(
    const limpet_model *model, const double *numbers, size_t rows, limpet_layout layout, size_t stride,
    int threads, double *log_odds, double *probabilities);
/* The scores of many rows whose numbers have 32 bits. */
limpet_status limpet_score_single_rows(
    const limpet_model *model, const float *numbers, size_t rows, limpet_layout layout, size_t stride,
    int threads, double *log_odds, double *probabilities);

/* The contribution of each term to the log-odds of a row: limpet_term_count numbers. Added to
 * limpet_intercept in their order, they give the log-odds. */
size_t limpet_term_count(const limpet_model *model);
double limpet_intercept(const limpet_model *model);
limpet_status limpet_contributions(const limpet_model *model, const double *row, double *contributions);
/* The inputs that a term reads: one or two, the number of which is returned; 0 for a term that does not
 * exist. */
size_t limpet_term_inputs(const limpet_model *model, size_t term, size_t inputs[2]);

/* The distinct topics of the terms: features of one event over different windows have one topic. */
size_t limpet_topic_count(const limpet_model *model);
const char *limpet_topic(const limpet_model *model, size_t topic);

/* The topics that move the score of a row most, strongest first, with their contributions to the log-odds:
 * at most count, *found of them; with raising_only only those that raise the risk. log_odds and
 * probability may be NULL. Allocates nothing: this is for each row of a service, and limpet_reasons_of_row
 * for those that somebody reads. */
typedef struct {
    ptrdiff_t topic;
    double contribution;
} limpet_topic_contribution;
limpet_status limpet_strongest_topics(
    const limpet_model *model, const double *row, size_t count, int raising_only,
    limpet_topic_contribution *topics, size_t *found, double *log_odds, double *probability);

/* The strongest reasons of a row, at most count, strongest first; with raising_only only those that raise
 * the risk. On success *reasons is set and must be freed with limpet_reasons_free. */
limpet_status limpet_reasons_of_row(
    const limpet_model *model, const double *row, size_t count, int raising_only, limpet_reasons **reasons);
size_t limpet_reason_count(const limpet_reasons *reasons);
/* NULL for a reason that does not exist. */
const limpet_reason *limpet_reason_at(const limpet_reasons *reasons, size_t place);
void limpet_reasons_free(limpet_reasons *reasons);

#ifdef __cplusplus
}
#endif

#endif
