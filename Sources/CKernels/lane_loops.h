// The loops over rows for one number of lanes; included once for each, with LANES and NAME(function) defined.

#include "lane_vectors.h"

LIMPET_CLONES
static void NAME(add_tables)(
    const limpet_lane_column *columns, int32_t column_count, const float *const *tables, const float *base,
    int64_t rows, float *scores) {
    const limpet_lane_column *dense[4];
    const float *dense_tables[4];
    int32_t waiting = 0;
    V start = CONST_AT(base);
    for (int64_t row = 0; row < rows; row++) AT(scores + row * LANES) += start;
    for (int32_t c = 0; c < column_count; c++) {
        if (columns[c].is_listed) {
            const float *table = tables[c];
            for (int64_t i = 0; i < columns[c].count; i++) {
                float *row = scores + (int64_t)columns[c].rows[i] * LANES;
                AT(row) += CONST_AT(table + columns[c].bins[i] * LANES);
            }
            continue;
        }
        dense[waiting] = &columns[c];
        dense_tables[waiting++] = tables[c];
        if (waiting < 4) continue;
        waiting = 0;
        const uint8_t *b0 = dense[0]->bins, *b1 = dense[1]->bins, *b2 = dense[2]->bins, *b3 = dense[3]->bins;
        const float *t0 = dense_tables[0], *t1 = dense_tables[1];
        const float *t2 = dense_tables[2], *t3 = dense_tables[3];
        for (int64_t row = 0; row < rows; row++) {
            AT(scores + row * LANES) +=
                (CONST_AT(t0 + b0[row] * LANES) + CONST_AT(t1 + b1[row] * LANES))
                + (CONST_AT(t2 + b2[row] * LANES) + CONST_AT(t3 + b3[row] * LANES));
        }
    }
    for (int32_t c = 0; c < waiting; c++) {
        for (int64_t row = 0; row < rows; row++) {
            AT(scores + row * LANES) += CONST_AT(dense_tables[c] + dense[c]->bins[row] * LANES);
        }
    }
}

LIMPET_CLONES
static void NAME(logistic)(
    const float *scores, const uint8_t *labels, const float *weights, int32_t lane_weights, int64_t rows,
    float *gradients, float *hessians, double *losses) {
    NAME(doubles) sums = *(const NAME(doubles_in_memory) *)losses;
    for (int64_t row = 0; row < rows; row++) {
        V x = CONST_AT(scores + row * LANES), one = (V){0} + 1, zero = {0};
        VI is_negative = x < zero;
        V u = PICK(is_negative, -x, x);
        NAME(exp_of_negative)(&u);
        V inverse = one / (one + u);
        V p = PICK(is_negative, u * inverse, inverse);
        V y = zero + (float)labels[row];
        V w = !weights ? one : lane_weights ? CONST_AT(weights + row * LANES) : zero + weights[row];
        // log(1 + u), by the series of the inverse hyperbolic tangent.
        VI is_large = u > 0.41421357f;
        V f = PICK(is_large, (u - 1) * 0.5f, u);
        V s = f / (2 + f), z = s * s;
        V log1p = 2 * s * (1 + z * (0.33333334f + z * (0.2f + z * (0.14285715f + z * 0.11111111f))));
        log1p += PICK(is_large, zero + 0.69314718f, zero);
        V loss = w * (log1p + PICK(is_negative, zero, x) - y * x);
        sums += __builtin_convertvector(loss, NAME(doubles));
        AT(gradients + row * LANES) = (p - y) * w;
        AT(hessians + row * LANES) = u * inverse * inverse * w;
    }
    *(NAME(doubles_in_memory) *)losses = sums;
}

// Adds one bin's sums, of gradients or of Hessians, to fixed-point numbers, and leaves zeros.
static inline __attribute__((always_inline)) void NAME(flush)(
    float *sum, float scale, const NAME(longs) *mask, int64_t *target) {
    NAME(doubles) scaled = __builtin_convertvector(AT(sum), NAME(doubles)) * scale;
    NAME(longs) whole = __builtin_convertvector(__builtin_elementwise_rint(scaled), NAME(longs));
    *(NAME(longs_in_memory) *)target += whole & *mask;
    AT(sum) = (V){0};
}

static inline __attribute__((always_inline)) void NAME(expand_mask)(uint32_t mask, NAME(longs) *all) {
    for (int lane = 0; lane < LANES; lane++) (*all)[lane] = (mask >> lane) & 1 ? -1 : 0;
}

static inline __attribute__((always_inline)) void NAME(flush_column)(
    const limpet_lane_column *column, float scale, const NAME(longs) *mask, float *space, int64_t *sums) {
    for (int64_t i = 0; i < 2 * column->used_bins; i++) {
        NAME(flush)(space + i * LANES, scale, mask, sums + i * LANES);
    }
}

LIMPET_CLONES
static void NAME(histogram)(
    const limpet_lane_column *column, const limpet_lane_column *other, const float *gradients,
    const float *hessians, float scale, uint32_t mask, float *space, int64_t *sums, int64_t *other_sums) {
    NAME(longs) all;
    NAME(expand_mask)(mask, &all);
    float *space_b = space + 512 * LANES;
    const uint8_t *a = column->bins;
    if (column->is_listed) {
        for (int64_t i = 0; i < column->count; i++) {
            int64_t row = column->rows[i];
            float *bin = space + a[i] * 2 * LANES;
            AT(bin) += CONST_AT(gradients + row * LANES);
            AT(bin + LANES) += CONST_AT(hessians + row * LANES);
        }
    } else if (other) {
        // Two columns share each load of the rows' numbers.
        const uint8_t *b = other->bins;
        for (int64_t row = 0; row < column->count; row++) {
            V g = CONST_AT(gradients + row * LANES), h = CONST_AT(hessians + row * LANES);
            float *bin = space + a[row] * 2 * LANES, *bin_b = space_b + b[row] * 2 * LANES;
            AT(bin) += g;
            AT(bin + LANES) += h;
            AT(bin_b) += g;
            AT(bin_b + LANES) += h;
        }
        NAME(flush_column)(other, scale, &all, space_b, other_sums);
    } else {
        for (int64_t row = 0; row < column->count; row++) {
            float *bin = space + a[row] * 2 * LANES;
            AT(bin) += CONST_AT(gradients + row * LANES);
            AT(bin + LANES) += CONST_AT(hessians + row * LANES);
        }
    }
    NAME(flush_column)(column, scale, &all, space, sums);
}

LIMPET_CLONES
static void NAME(totals)(
    int64_t rows, const float *gradients, const float *hessians, float scale, uint32_t mask, int64_t *sums) {
    V g = {0}, h = {0};
    for (int64_t row = 0; row < rows; row++) {
        g += CONST_AT(gradients + row * LANES);
        h += CONST_AT(hessians + row * LANES);
    }
    NAME(longs) all;
    NAME(expand_mask)(mask, &all);
    NAME(flush)((float *)&g, scale, &all, sums);
    NAME(flush)((float *)&h, scale, &all, sums + LANES);
}

#undef V
#undef VI
#undef AT
#undef CONST_AT
#undef PICK
