// The inner loops of scoring that are slower when written in Swift. LimpetScoring wraps them in checked
// calls, and nothing else calls them. Most have one version for each vector unit; all give the same bits,
// since the value of a step is looked up and not computed, and sums are added in the order of the terms.
#ifndef LIMPET_SCORE_KERNELS_H
#define LIMPET_SCORE_KERNELS_H

#include <stdint.h>

// One axis of a table: a number between edges, or the code of a category.
typedef struct {
    // Offsets in the pool. Edges: ascending, NaN after the last, padded to 2^depth numbers, of which depth is
    // at least 3. Nodes: the edges as a binary search tree, level by level: three levels of 8 numbers, then
    // one of 8 and one of 16 for depths of 4 and 5.
    int64_t edges, nodes;
    // The number of edges, or of codes.
    int32_t count;
    // The depth of the search tree, at least 3; 0 for codes.
    int32_t depth;
    // The index of the column.
    int32_t input;
    int32_t unused;
} limpet_axis;

// A table of one axis or two: values[state], or values[first * second_states + second]. A state is a bin of
// an axis: for a number the number of edges at or below it, count + 1 where it is missing; for a category its
// code, count for all other texts, count + 1 for missing.
typedef struct {
    limpet_axis first, second;
    int64_t values;
    // The number of bins of the second axis; 0 where there is one axis.
    int32_t second_states;
    int32_t unused;
} limpet_table;

// Returns the widest vector unit of this machine: 0 none, 1 AVX2, 2 AVX-512.
int32_t limpet_vector_level(void);

// Returns sum + Σ values for one row of inputs x. contributions, unless null, receives each table's value.
double limpet_add_tables_to_row(
    const limpet_table *tables, int64_t count, const double *pool, const double *x, double sum,
    double *contributions, int32_t level);

// Adds the table's value to sums[r] for the column values x[r] and, with two axes, y[r]. states is a buffer
// of 2 · rows.
void limpet_add_table_to_rows(
    const limpet_table *table, const double *pool, const double *x, const double *y, int64_t rows,
    double *sums, int32_t *states, int32_t level);

// Transposes rows of inputs to columns: out[c * out_stride + r] = x[r * stride + c].
void limpet_columns_of_rows(
    const double *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride,
    int32_t level);
void limpet_columns_of_single_rows(
    const float *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride,
    int32_t level);

// Converts columns of 32 bits to columns of 64: out[c * out_stride + r] = x[c * stride + r].
void limpet_columns_of_single_columns(
    const float *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride);

// Computes out[r] = 1 / (1 + e^-x[r]), with the operations of ElementaryFunctions.logistic in their order.
void limpet_logistic(int64_t count, const double *x, double *out);

// Computes out[r] = ln x[r], with the operations of ElementaryFunctions.log in their order.
void limpet_log(int64_t count, const double *x, double *out);

#endif
