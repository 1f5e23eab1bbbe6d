#include "include/pair_kernels.h"
#include "clones.h"

// Rows in sequence often share a cell: with two tables an addition need not wait for the one before it.
void limpet_add_bin_pairs(
    const uint8_t *a, const uint8_t *b, const int64_t *packed, int64_t rows, int32_t stride, int64_t count,
    int64_t *sums) {
    int64_t *other = sums + count;
    int64_t row = 0;
    for (; row + 2 <= rows; row += 2) {
        sums[(int64_t)a[row] * stride + b[row]] += packed[row];
        other[(int64_t)a[row + 1] * stride + b[row + 1]] += packed[row + 1];
    }
    if (row < rows) sums[(int64_t)a[row] * stride + b[row]] += packed[row];
}

// Consecutive rows often share a cell: with two tables an addition need not wait for the one before it.
void limpet_add_cells(
    const uint16_t *cells, const int64_t *packed, int64_t rows, int64_t count, int64_t *sums) {
    int64_t *other = sums + count;
    int64_t row = 0;
    for (; row + 2 <= rows; row += 2) {
        sums[cells[row]] += packed[row];
        other[cells[row + 1]] += packed[row + 1];
    }
    if (row < rows) sums[cells[row]] += packed[row];
}

void limpet_add_bins(const uint8_t *bins, const int64_t *packed, int64_t rows, int64_t *sums) {
    int64_t *one = sums, *two = sums + 256, *three = sums + 512, *four = sums + 768;
    int64_t row = 0;
    for (; row + 4 <= rows; row += 4) {
        one[bins[row]] += packed[row];
        two[bins[row + 1]] += packed[row + 1];
        three[bins[row + 2]] += packed[row + 2];
        four[bins[row + 3]] += packed[row + 3];
    }
    for (; row < rows; row++) one[bins[row]] += packed[row];
}

LIMPET_CLONES
void limpet_add_cell_table(const uint16_t *cells, const double *table, int64_t rows, double *scores) {
    for (int64_t row = 0; row < rows; row++) scores[row] += table[cells[row]];
}
