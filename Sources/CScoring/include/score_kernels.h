// The inner loops of scoring that Swift cannot say as fast. LimpetScoring wraps them in checked calls, and nothing
// else calls them. Most have one version for each vector unit; all give the same bits, since a step's value is looked
// up and not computed, and sums go in the order of the terms.
#ifndef LIMPET_SCORE_KERNELS_H
#define LIMPET_SCORE_KERNELS_H

#include <stdint.h>

// What a table is looked up by: a number between edges, or the code of a category.
typedef struct {
    // Places in the pool. Edges: ascending, NaN behind the last, 2^depth - 1 of them and at least 8 in all. Nodes: the
    // same as a search tree, level after level: three of 8 numbers, then one of 8 and one of 16 for depths of 4 and 5.
    int64_t edges, nodes;
    // Edges, or codes.
    int32_t count;
    // Of the search tree, at least 3; 0 for codes.
    int32_t depth;
    // The column.
    int32_t input;
    int32_t unused;
} limpet_axis;

// A table of one axis or two: values[state], or values[first * second_states + second]. States of edges: how many are
// at most the number, count + 1 where it is missing; of codes: the code, count for all others, count + 1 for missing.
typedef struct {
    limpet_axis first, second;
    int64_t values;
    // 0 where there is one axis.
    int32_t second_states;
    int32_t unused;
} limpet_table;

// The widest vector unit at hand: 0 none, 1 AVX2, 2 AVX-512.
int32_t limpet_vector_level(void);

// sum + Σ values, one row of inputs x. contributions, unless null, gets each table's value.
double limpet_add_tables_to_row(
    const limpet_table *tables, int64_t count, const double *pool, const double *x, double sum, double *contributions,
    int32_t level);

// sums[r] += the table's value for column values x[r] and, of two axes, y[r]. states: room for 2 · rows.
void limpet_add_table_to_rows(
    const limpet_table *table, const double *pool, const double *x, const double *y, int64_t rows, double *sums,
    int32_t *states, int32_t level);

// out[c * out_stride + r] = x[r * stride + c]: rows of inputs to columns.
void limpet_columns_of_rows(
    const double *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride, int32_t level);
void limpet_columns_of_single_rows(
    const float *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride, int32_t level);

// out[c * out_stride + r] = x[c * stride + r]: columns of 32 bits to columns of 64.
void limpet_columns_of_single_columns(
    const float *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride);

// out[r] = 1 / (1 + e^-x[r]), with the operations of ElementaryFunctions.logistic in their order.
void limpet_logistic(int64_t count, const double *x, double *out);

#endif
