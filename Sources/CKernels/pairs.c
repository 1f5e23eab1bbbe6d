#include "include/pair_kernels.h"
#include "clones.h"

LIMPET_CLONES
void limpet_add_pair_derivatives(
    const uint8_t *a, const uint8_t *b, const float *gradients, const float *hessians, int64_t rows,
    int32_t stride, float *table) {
    for (int64_t row = 0; row < rows; row++) {
        float *cell = table + 2 * ((int64_t)a[row] * stride + b[row]);
        cell[0] += gradients[row];
        cell[1] += hessians[row];
    }
}

LIMPET_CLONES
void limpet_add_cells(
    const uint16_t *cells, const int32_t *gradients, const int32_t *hessians, int64_t rows, int64_t *sums) {
    for (int64_t row = 0; row < rows; row++) {
        int64_t *cell = sums + 2 * (int64_t)cells[row];
        cell[0] += gradients[row];
        cell[1] += hessians[row];
    }
}

LIMPET_CLONES
void limpet_add_cell_table(const uint16_t *cells, const double *table, int64_t rows, double *scores) {
    for (int64_t row = 0; row < rows; row++) scores[row] += table[cells[row]];
}
