#include "include/lane_kernels.h"
#include "clones.h"

// Without fused operations every version has the same bits, so that models do not depend on the processor.
#pragma STDC FP_CONTRACT OFF

#define LANES 8
#define NAME(function) eight_##function
#include "lane_loops.h"
#undef LANES
#undef NAME

#define LANES 16
#define NAME(function) sixteen_##function
#include "lane_loops.h"
#undef LANES
#undef NAME

void limpet_lane_add_tables(
    int32_t lanes, const limpet_lane_column *columns, int32_t column_count, const float *const *tables,
    const float *base, int64_t rows, float *scores) {
    if (lanes == 8) {
        eight_add_tables(columns, column_count, tables, base, rows, scores);
    } else {
        sixteen_add_tables(columns, column_count, tables, base, rows, scores);
    }
}

void limpet_lane_logistic(
    int32_t lanes, const float *scores, const uint8_t *labels, const float *weights, int32_t lane_weights,
    int64_t rows, float *gradients, float *hessians, double *losses) {
    if (lanes == 8) {
        eight_logistic(scores, labels, weights, lane_weights, rows, gradients, hessians, losses);
    } else {
        sixteen_logistic(scores, labels, weights, lane_weights, rows, gradients, hessians, losses);
    }
}

void limpet_lane_histogram(
    int32_t lanes, const limpet_lane_column *column, const limpet_lane_column *other, const float *gradients,
    const float *hessians, float scale, uint32_t mask, float *space, int64_t *sums, int64_t *other_sums) {
    if (lanes == 8) {
        eight_histogram(column, other, gradients, hessians, scale, mask, space, sums, other_sums);
    } else {
        sixteen_histogram(column, other, gradients, hessians, scale, mask, space, sums, other_sums);
    }
}

void limpet_lane_totals(
    int32_t lanes, int64_t rows, const float *gradients, const float *hessians, float scale, uint32_t mask,
    int64_t *sums) {
    if (lanes == 8) {
        eight_totals(rows, gradients, hessians, scale, mask, sums);
    } else {
        sixteen_totals(rows, gradients, hessians, scale, mask, sums);
    }
}
