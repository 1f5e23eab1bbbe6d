#include "include/lane_kernels.h"

#pragma STDC FP_CONTRACT OFF

void limpet_expand_sets(
    float *table, int32_t stride, limpet_set_axis rows, limpet_set_axis columns, double total, int16_t *out,
    int64_t out_stride) {
    int32_t row_values = rows.bins - (rows.has_missing && !rows.is_levels);
    int32_t column_values = columns.bins - (columns.has_missing && !columns.is_levels);
    int32_t row_sets = rows.is_levels ? rows.bins : rows.bins - 1;
    int32_t column_sets = columns.is_levels ? columns.bins : columns.bins - 1;
    if (!columns.is_levels) {
        for (int32_t r = 0; r < rows.bins; r++) {
            float *bins = table + (int64_t)r * stride;
            for (int32_t c = 1; c + 1 < column_values; c++) bins[c] += bins[c - 1];
        }
    }
    if (!rows.is_levels) {
        for (int32_t r = 1; r + 1 < row_values; r++) {
            float *bins = table + (int64_t)r * stride, *before = bins - stride;
            for (int32_t c = 0; c < columns.bins; c++) bins[c] += before[c];
        }
    }
    for (int32_t r = 0; r < row_sets; r++) {
        // The last bin of numbers ends no set of its own: all values are what is not missing.
        int32_t row_bin = !rows.is_levels && r >= row_values - 1 ? row_values : r;
        const float *bins = table + (int64_t)row_bin * stride;
        double weight = rows.weights[r] / total, scale = rows.scales[r];
        int16_t *target = out + r * out_stride;
        for (int32_t c = 0; c < column_sets; c++) {
            int32_t bin = !columns.is_levels && c >= column_values - 1 ? column_values : c;
            double share = (bins[bin] - weight * columns.weights[c]) * (scale * columns.scales[c]);
            // Rounding may leave a correlation a little above 1.
            double whole = LIMPET_WHOLE_CORRELATION * (share > 1 ? 1 : share < -1 ? -1 : share);
            target[c] = (int16_t)(whole < 0 ? whole - 0.5 : whole + 0.5);
        }
    }
}

void limpet_transpose_correlations(
    const int16_t *in, int64_t rows, int64_t columns, int64_t stride, int16_t *out) {
    enum { TILE = 16 };
    for (int64_t r = 0; r < rows; r += TILE) {
        int64_t last_row = r + TILE < rows ? r + TILE : rows;
        for (int64_t c = 0; c < columns; c++) {
            for (int64_t i = r; i < last_row; i++) out[c * stride + i] = in[i * stride + c];
        }
    }
}
