// The inner loops of terms over two features. Those of terms over one feature are in stump_kernels.h.
#ifndef LIMPET_PAIR_KERNELS_H
#define LIMPET_PAIR_KERNELS_H

#include <stdint.h>

// table[2 * (a[r] * stride + b[r])] += gradients[r], and the next element += hessians[r].
void limpet_add_pair_derivatives(
    const uint8_t *a, const uint8_t *b, const float *gradients, const float *hessians, int64_t rows,
    int32_t stride, float *table);

// sums[2 * cells[r]] += gradients[r], and the next element += hessians[r].
void limpet_add_cells(
    const uint16_t *cells, const int32_t *gradients, const int32_t *hessians, int64_t rows, int64_t *sums);

// scores[r] += table[cells[r]].
void limpet_add_cell_table(const uint16_t *cells, const double *table, int64_t rows, double *scores);

#endif
