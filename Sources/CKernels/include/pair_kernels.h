// The inner loops of terms over two features. Those of terms over one feature are in stump_kernels.h.
#ifndef LIMPET_PAIR_KERNELS_H
#define LIMPET_PAIR_KERNELS_H

#include <stdint.h>

// Adds packed[r] to one of the two elements of sums that belong to a cell, sums[cells[r]] or
// sums[count + cells[r]]. A packed number holds a gradient in its upper half and a Hessian in its lower one,
// which are summed in one addition.
void limpet_add_cells(
    const uint16_t *cells, const int64_t *packed, int64_t rows, int64_t count, int64_t *sums);

// The same for the cells a[r] * stride + b[r].
void limpet_add_bin_pairs(
    const uint8_t *a, const uint8_t *b, const int64_t *packed, int64_t rows, int32_t stride, int64_t count,
    int64_t *sums);

// The same for bins, each of which has four elements: sums[256 * k + bins[r]] for k from 0 to 3.
void limpet_add_bins(const uint8_t *bins, const int64_t *packed, int64_t rows, int64_t *sums);

// Writes the derivatives of the log loss at each row's score, times its weight (none: 1) and scale, rounded:
// the gradient in the upper half of a number, the Hessian in the lower one.
void limpet_pack_derivatives(
    const float *scores, const uint8_t *labels, const float *weights, int64_t rows, float scale,
    int64_t *packed);

// scores[r] += steps[cells[r]].
void limpet_step_cells(const uint16_t *cells, const float *steps, int64_t rows, float *scores);

// The same in double precision.
void limpet_add_cell_table(const uint16_t *cells, const double *table, int64_t rows, double *scores);

#endif
