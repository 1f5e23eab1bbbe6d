// The inner loops of boosted stumps that Swift does not compile to equally fast code; the arithmetic ones
// have one version for every width of vector unit, chosen when the program starts. All take plain arrays;
// LimpetLinearAlgebra wraps them in checked calls, and nothing else calls them.
#ifndef LIMPET_STUMP_KERNELS_H
#define LIMPET_STUMP_KERNELS_H

#include <stdint.h>

// The bins of numbers: out[i] is the number of edges at or below values[i], or edge_count + 1 where it is
// NaN. edges holds 256 ascending numbers; those from index edge_count on are infinite.
void limpet_bin_numbers(
    const double *values, int64_t count, const double *edges, int32_t edge_count, uint8_t *out);

// Adds tables[c * 256 + bin] of every listed column to each row's score. bins is [columns][rows], flattened;
// columns lists the numbers of the columns to add.
void limpet_add_tables(
    const uint8_t *bins, int64_t rows, const int32_t *columns, int32_t column_count, const double *tables,
    double *scores);

// For each row: weight · scale · (p − y), as a fixed-point number, and weight · scale · p · (1 − p) where
// hessians is not null; p is the probability at the row's score. Returns the sum of weight · log loss.
// weights may be null, which means 1 everywhere; gradients may be null when only the loss is needed.
double limpet_logistic_rows(
    const double *scores, const uint8_t *labels, const float *weights, int64_t rows, double scale,
    int32_t *gradients, int32_t *hessians);

// histogram[c * 256 + bin] += values[r] for every listed column; bins as for limpet_add_tables.
void limpet_add_histogram(
    const uint8_t *bins, int64_t rows, const int32_t *columns, int32_t column_count, const int32_t *values,
    int64_t *histogram);

// limpet_add_histogram for gradients and Hessians together.
void limpet_add_both_histograms(
    const uint8_t *bins, int64_t rows, const int32_t *columns, int32_t column_count, const int32_t *gradients,
    const int32_t *hessians, int64_t *gradient_sums, int64_t *hessian_sums);

// table[a[r] * stride + b[r]] += weights[r].
void limpet_add_pair(
    const uint8_t *a, const uint8_t *b, const float *weights, int64_t rows, int32_t stride, float *table);

// limpet_add_pair for two second columns, b and c, together.
void limpet_add_two_pairs(
    const uint8_t *a, const uint8_t *b, const uint8_t *c, const float *weights, int64_t rows, int32_t stride,
    float *table_b, float *table_c);

// table[a[rows[i]] * stride + b[i]] += weights[i]: b and weights hold only the listed rows.
void limpet_add_pair_at(
    const int32_t *rows, int64_t count, const uint8_t *a, const uint8_t *b, const float *weights,
    int32_t stride, float *table);

// table[a[i] * stride + b[rows[i]]] += weights[i]: a and weights hold only the listed rows.
void limpet_add_pair_transposed_at(
    const int32_t *rows, int64_t count, const uint8_t *a, const uint8_t *b, const float *weights,
    int32_t stride, float *table);

// The inner products of splits from those of bins. `table` is [bins of one feature][bins of another] and
// holds the summed weight of each pair of bins, the missing bin last in both where there is one. The splits
// of a feature are: the first 1, 2, … bins on the left; then, where a bin is missing, the same with the
// missing ones on the left too. out[s * out_stride + u] = row_factors[s] · column_factors[u] · (weight left
// of both s and u).
typedef struct {
    int32_t value_bins;
    int32_t has_missing;
    const float *factors;
} limpet_split_axis;

// Overwrites table.
void limpet_expand_pair(
    float *table, int32_t stride, limpet_split_axis row_axis, limpet_split_axis column_axis, float *out,
    int64_t out_stride);

// out[c * out_stride + r] = in[r * in_stride + c].
void limpet_transpose(
    const float *in, int64_t rows, int64_t columns, int64_t in_stride, float *out, int64_t out_stride);

typedef struct {
    float gain;
    int32_t split;
} limpet_best_split;

// One round on the quadratic model. First the last stump's effect is added to the gradient left of every
// split, left[i] += right_value * hessian[i] + difference * gram_row[i]; then the split with the largest
// left²·inverse_left + (total − left)²·inverse_right is found, the first one among equals. count is a
// multiple of 16. gram_row may be null when there is no stump to add.
limpet_best_split limpet_boost(
    int64_t count, float *left, const float *hessian, const float *gram_row, float right_value,
    float difference, const float *inverse_left, const float *inverse_right, float total);

// limpet_boost with an L1 penalty, monotonic directions (1: the right side above the left, −1: below, 0:
// either) and splits that are excluded from this round (allowed[i] 0, else 1).
limpet_best_split limpet_boost_constrained(
    int64_t count, float *left, const float *hessian, const float *gram_row, float right_value,
    float difference, const float *inverse_left, const float *inverse_right, float total, float l1,
    const float *directions, const float *allowed);

#endif
