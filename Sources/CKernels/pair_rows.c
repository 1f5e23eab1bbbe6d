#include "include/pair_kernels.h"
#include "clones.h"

#include <string.h>

// Without fused operations every version has the same bits, so that models do not depend on the processor.
#pragma STDC FP_CONTRACT OFF

#define LANES 16
#define NAME(function) pair_##function
#include "lane_vectors.h"

// Not cloned: with wide vector units a compiler makes gathers of this loop.
void limpet_step_cells(const uint16_t *cells, const float *steps, int64_t rows, float *scores) {
    for (int64_t row = 0; row < rows; row++) scores[row] += steps[cells[row]];
}

// Derivatives of 16 rows: a gradient in the upper half of each number, a Hessian in the lower one.
static inline __attribute__((always_inline)) void derive(
    const float *scores, const uint8_t *labels, const float *weights, float scale, int64_t *packed) {
    V x = CONST_AT(scores), one = (V){0} + 1, zero = {0}, y, w;
    for (int lane = 0; lane < LANES; lane++) y[lane] = labels[lane];
    w = weights ? CONST_AT(weights) * scale : zero + scale;
    VI is_negative = x < zero;
    V u = PICK(is_negative, -x, x);
    pair_exp_of_negative(&u);
    V inverse = one / (one + u);
    V p = PICK(is_negative, u * inverse, inverse);
    V g = __builtin_elementwise_rint((p - y) * w), h = __builtin_elementwise_rint(u * inverse * inverse * w);
    pair_longs high = __builtin_convertvector(__builtin_convertvector(g, VI), pair_longs) << 32;
    pair_longs low = __builtin_convertvector(__builtin_convertvector(h, VI), pair_longs);
    *(pair_longs_in_memory *)packed = high + low;
}

LIMPET_CLONES
void limpet_pack_derivatives(
    const float *scores, const uint8_t *labels, const float *weights, int64_t rows, float scale,
    int64_t *packed) {
    int64_t row = 0;
    for (; row + LANES <= rows; row += LANES) {
        derive(scores + row, labels + row, weights ? weights + row : 0, scale, packed + row);
    }
    if (row == rows) return;
    float some_scores[LANES] = {0}, some_weights[LANES] = {0};
    uint8_t some_labels[LANES] = {0};
    int64_t some_packed[LANES];
    size_t rest = (size_t)(rows - row);
    memcpy(some_scores, scores + row, rest * sizeof(float));
    memcpy(some_labels, labels + row, rest);
    if (weights) memcpy(some_weights, weights + row, rest * sizeof(float));
    derive(some_scores, some_labels, weights ? some_weights : 0, scale, some_packed);
    memcpy(packed + row, some_packed, rest * sizeof(int64_t));
}
