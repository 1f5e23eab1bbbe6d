#include "include/stump_kernels.h"
#include "clones.h"
#include "elementary.h"

#include <string.h>

#define BINS 256

// Loops that a compiler turns into gathers are not cloned for wide vector units: on processors with the
// mitigation of gather data sampling (Intel's Skylake to Ice Lake) a gather takes several times as long as
// the loads that it replaces.

void limpet_bin_numbers(
    const double *values, int64_t count, const double *edges, int32_t edge_count, uint8_t *out) {
    // A branch-free binary search of eight steps that advances the positions of 16 rows together.
    enum { WIDTH = 16 };
    int64_t row = 0;
    for (; row + WIDTH <= count; row += WIDTH) {
        int64_t position[WIDTH];
        for (int lane = 0; lane < WIDTH; lane++) position[lane] = 0;
        for (int64_t step = 128; step > 0; step /= 2) {
            for (int lane = 0; lane < WIDTH; lane++) {
                int64_t next = position[lane] + step;
                int reached = edges[next - 1] <= values[row + lane];
                position[lane] = __builtin_unpredictable(reached) ? next : position[lane];
            }
        }
        for (int lane = 0; lane < WIDTH; lane++) {
            double value = values[row + lane];
            int64_t bin = position[lane] < edge_count ? position[lane] : edge_count;
            out[row + lane] = (uint8_t)(value == value ? bin : edge_count + 1);
        }
    }
    for (; row < count; row++) {
        int64_t position = 0;
        for (int64_t step = 128; step > 0; step /= 2) {
            if (edges[position + step - 1] <= values[row]) position += step;
        }
        if (position > edge_count) position = edge_count;
        out[row] = (uint8_t)(values[row] == values[row] ? position : edge_count + 1);
    }
}

// Adds at most COLUMNS tables, the number that fits into the first-level cache beside the rows' bins.
static void add_some_tables(
    const uint8_t *bins, int64_t rows, const int32_t *columns, int32_t column_count, const double *tables,
    double *scores) {
    int64_t row = 0;
    for (; row + 8 <= rows; row += 8) {
        double sums[8];
        for (int lane = 0; lane < 8; lane++) sums[lane] = scores[row + lane];
        for (int32_t place = 0; place < column_count; place++) {
            int64_t column = columns[place];
            const double *table = tables + column * BINS;
            uint64_t eight;
            memcpy(&eight, bins + column * rows + row, 8);
            for (int lane = 0; lane < 8; lane++) sums[lane] += table[(eight >> (8 * lane)) & 255];
        }
        for (int lane = 0; lane < 8; lane++) scores[row + lane] = sums[lane];
    }
    for (; row < rows; row++) {
        double sum = scores[row];
        for (int32_t place = 0; place < column_count; place++) {
            int64_t column = columns[place];
            sum += tables[column * BINS + bins[column * rows + row]];
        }
        scores[row] = sum;
    }
}

void limpet_add_tables(
    const uint8_t *bins, int64_t rows, const int32_t *columns, int32_t column_count, const double *tables,
    double *scores) {
    enum { COLUMNS = 8 };
    for (int32_t first = 0; first < column_count; first += COLUMNS) {
        int32_t some = column_count - first < COLUMNS ? column_count - first : COLUMNS;
        add_some_tables(bins, rows, columns + first, some, tables, scores);
    }
}

LIMPET_CLONES
double limpet_logistic_rows(
    const double *scores, const uint8_t *labels, const float *weights, int64_t rows, double scale,
    int32_t *gradients, int32_t *hessians) {
    // Eight partial sums, so that the order of additions does not depend on the width of the vector unit.
    double losses[8] = {0};
    for (int64_t row = 0; row < rows; row += 8) {
        int64_t lanes = rows - row < 8 ? rows - row : 8;
        double x[8], y[8], w[8], g[8], h[8];
        for (int lane = 0; lane < 8; lane++) {
            int64_t place = lane < lanes ? row + lane : row;
            x[lane] = scores[place];
            y[lane] = labels[place];
            w[lane] = lane < lanes ? (weights ? weights[place] : 1.0) : 0;
        }
        for (int lane = 0; lane < 8; lane++) {
            double u = exp_of_negative(x[lane] < 0 ? x[lane] : -x[lane]);
            double inverse = 1 / (1 + u);
            double p = x[lane] < 0 ? u * inverse : inverse;
            losses[lane] += w[lane] * (log1p_of_share(u) + (x[lane] > 0 ? x[lane] : 0) - y[lane] * x[lane]);
            g[lane] = (p - y[lane]) * w[lane] * scale;
            h[lane] = u * inverse * inverse * w[lane] * scale;
        }
        if (gradients) {
            for (int lane = 0; lane < lanes; lane++) gradients[row + lane] = (int32_t)__builtin_rint(g[lane]);
        }
        if (hessians) {
            for (int lane = 0; lane < lanes; lane++) hessians[row + lane] = (int32_t)__builtin_rint(h[lane]);
        }
    }
    return ((losses[0] + losses[1]) + (losses[2] + losses[3]))
           + ((losses[4] + losses[5]) + (losses[6] + losses[7]));
}

// Two columns share each load of the rows' values, and each has two partial histograms: where neighbouring
// rows share a bin, one sum would wait for the previous one.
static void add_two_histograms(
    const uint8_t *a, const uint8_t *b, int64_t rows, const int32_t *values, int64_t *sums_a,
    int64_t *sums_b) {
    int64_t parts_a[2][BINS] = {0}, parts_b[2][BINS] = {0};
    int64_t row = 0;
    for (; row + 8 <= rows; row += 8) {
        uint64_t eight_a, eight_b;
        memcpy(&eight_a, a + row, 8);
        memcpy(&eight_b, b + row, 8);
        for (int lane = 0; lane < 8; lane++) {
            int64_t value = values[row + lane];
            parts_a[lane & 1][(eight_a >> (8 * lane)) & 255] += value;
            parts_b[lane & 1][(eight_b >> (8 * lane)) & 255] += value;
        }
    }
    for (; row < rows; row++) {
        parts_a[0][a[row]] += values[row];
        parts_b[0][b[row]] += values[row];
    }
    for (int i = 0; i < BINS; i++) sums_a[i] += parts_a[0][i] + parts_a[1][i];
    for (int i = 0; i < BINS; i++) sums_b[i] += parts_b[0][i] + parts_b[1][i];
}

void limpet_add_histogram(
    const uint8_t *bins, int64_t rows, const int32_t *columns, int32_t column_count, const int32_t *values,
    int64_t *histogram) {
    int64_t nowhere[BINS] = {0};
    for (int32_t place = 0; place < column_count; place += 2) {
        int64_t a = columns[place], b = place + 1 < column_count ? columns[place + 1] : a;
        int64_t *sums_b = place + 1 < column_count ? histogram + b * BINS : nowhere;
        add_two_histograms(bins + a * rows, bins + b * rows, rows, values, histogram + a * BINS, sums_b);
    }
}

// The gradient and Hessian of a row, and their sums: one vector addition takes both.
typedef int32_t row_pair __attribute__((vector_size(8)));
typedef int64_t sum_pair __attribute__((vector_size(16)));

static void add_two_pair_histograms(
    const uint8_t *a, const uint8_t *b, int64_t rows, const row_pair *values, sum_pair *sums_a,
    sum_pair *sums_b) {
    sum_pair parts_a[2][BINS] = {0}, parts_b[2][BINS] = {0};
    int64_t row = 0;
    for (; row + 8 <= rows; row += 8) {
        uint64_t eight_a, eight_b;
        memcpy(&eight_a, a + row, 8);
        memcpy(&eight_b, b + row, 8);
        for (int lane = 0; lane < 8; lane++) {
            sum_pair value = __builtin_convertvector(values[row + lane], sum_pair);
            parts_a[lane & 1][(eight_a >> (8 * lane)) & 255] += value;
            parts_b[lane & 1][(eight_b >> (8 * lane)) & 255] += value;
        }
    }
    for (; row < rows; row++) {
        sum_pair value = __builtin_convertvector(values[row], sum_pair);
        parts_a[0][a[row]] += value;
        parts_b[0][b[row]] += value;
    }
    for (int i = 0; i < BINS; i++) sums_a[i] = parts_a[0][i] + parts_a[1][i];
    for (int i = 0; i < BINS; i++) sums_b[i] = parts_b[0][i] + parts_b[1][i];
}

static void add_sum_pairs(const sum_pair *sums, int64_t column, int64_t *gradients, int64_t *hessians) {
    for (int i = 0; i < BINS; i++) gradients[column * BINS + i] += sums[i][0];
    for (int i = 0; i < BINS; i++) hessians[column * BINS + i] += sums[i][1];
}

void limpet_add_both_histograms(
    const uint8_t *bins, int64_t rows, const int32_t *columns, int32_t column_count, const int32_t *gradients,
    const int32_t *hessians, int64_t *gradient_sums, int64_t *hessian_sums) {
    enum { STRETCH = 4096 };
    row_pair values[STRETCH];
    sum_pair sums_a[BINS], sums_b[BINS];
    for (int64_t first = 0; first < rows; first += STRETCH) {
        int64_t some = rows - first < STRETCH ? rows - first : STRETCH;
        for (int64_t row = 0; row < some; row++) {
            values[row] = (row_pair){gradients[first + row], hessians[first + row]};
        }
        for (int32_t place = 0; place < column_count; place += 2) {
            int64_t a = columns[place], b = place + 1 < column_count ? columns[place + 1] : a;
            add_two_pair_histograms(
                bins + a * rows + first, bins + b * rows + first, some, values, sums_a, sums_b);
            add_sum_pairs(sums_a, a, gradient_sums, hessian_sums);
            if (place + 1 < column_count) add_sum_pairs(sums_b, b, gradient_sums, hessian_sums);
        }
    }
}

LIMPET_CLONES
void limpet_add_pair(
    const uint8_t *a, const uint8_t *b, const float *weights, int64_t rows, int32_t stride, float *table) {
    for (int64_t row = 0; row < rows; row++) table[(int32_t)a[row] * stride + b[row]] += weights[row];
}

LIMPET_CLONES
void limpet_add_two_pairs(
    const uint8_t *a, const uint8_t *b, const uint8_t *c, const float *weights, int64_t rows, int32_t stride,
    float *table_b, float *table_c) {
    for (int64_t row = 0; row < rows; row++) {
        int32_t base = (int32_t)a[row] * stride;
        float weight = weights[row];
        table_b[base + b[row]] += weight;
        table_c[base + c[row]] += weight;
    }
}

LIMPET_CLONES
void limpet_add_pair_at(
    const int32_t *rows, int64_t count, const uint8_t *a, const uint8_t *b, const float *weights,
    int32_t stride, float *table) {
    for (int64_t i = 0; i < count; i++) table[(int32_t)a[rows[i]] * stride + b[i]] += weights[i];
}

LIMPET_CLONES
void limpet_add_pair_transposed_at(
    const int32_t *rows, int64_t count, const uint8_t *a, const uint8_t *b, const float *weights,
    int32_t stride, float *table) {
    for (int64_t i = 0; i < count; i++) table[(int32_t)a[i] * stride + b[rows[i]]] += weights[i];
}

LIMPET_CLONES
void limpet_expand_pair(
    float *table, int32_t stride, limpet_split_axis row_axis, limpet_split_axis column_axis, float *out,
    int64_t out_stride) {
    int32_t row_bins = row_axis.value_bins + (row_axis.has_missing ? 1 : 0);
    int32_t values = column_axis.value_bins, plain = column_axis.has_missing ? values : values - 1;
    int32_t columns = plain + (column_axis.has_missing ? values - 1 : 0);
    int32_t row_values = row_axis.value_bins, row_plain = row_axis.has_missing ? row_values : row_values - 1;
    for (int32_t r = 0; r < row_bins; r++) {
        float *bins = table + (int64_t)r * stride;
        for (int32_t t = 1; t < values; t++) bins[t] += bins[t - 1];
    }
    // A block of columns at a time, since a thread's stack and cache may be small.
    enum { COLUMNS = 64 };
    float left[BINS * COLUMNS], sums[COLUMNS];
    for (int32_t first = 0; first < columns; first += COLUMNS) {
        int32_t some = columns - first < COLUMNS ? columns - first : COLUMNS;
        const float *factors = column_axis.factors + first;
        // First, for each row bin, the weight on the left of each column split …
        for (int32_t r = 0; r < row_bins; r++) {
            const float *bins = table + (int64_t)r * stride;
            float *row = left + r * COLUMNS, missing = column_axis.has_missing ? bins[values] : 0;
            for (int32_t i = 0; i < some; i++) {
                int32_t u = first + i;
                row[i] = u < plain ? bins[u] : bins[u - plain] + missing;
            }
        }
        // … then the sums over the bins on the left of each row split.
        for (int32_t i = 0; i < some; i++) sums[i] = 0;
        for (int32_t t = 0; t < row_plain; t++) {
            const float *row = left + t * COLUMNS;
            float factor = row_axis.factors[t], *target = out + t * out_stride + first;
            for (int32_t i = 0; i < some; i++) {
                sums[i] += row[i];
                target[i] = sums[i] * (factor * factors[i]);
            }
        }
        if (!row_axis.has_missing) continue;
        for (int32_t i = 0; i < some; i++) sums[i] = left[row_values * COLUMNS + i];
        for (int32_t t = 0; t < row_values - 1; t++) {
            const float *row = left + t * COLUMNS;
            float factor = row_axis.factors[row_plain + t];
            float *target = out + (row_plain + t) * out_stride + first;
            for (int32_t i = 0; i < some; i++) {
                sums[i] += row[i];
                target[i] = sums[i] * (factor * factors[i]);
            }
        }
    }
}

LIMPET_CLONES
void limpet_transpose(
    const float *in, int64_t rows, int64_t columns, int64_t in_stride, float *out, int64_t out_stride) {
    enum { TILE = 16 };
    for (int64_t r = 0; r < rows; r += TILE) {
        int64_t last_row = r + TILE < rows ? r + TILE : rows;
        for (int64_t c = 0; c < columns; c++) {
            for (int64_t i = r; i < last_row; i++) out[c * out_stride + i] = in[i * in_stride + c];
        }
    }
}

// Sixteen lanes, whatever the width of the vector unit, so that the order of comparisons is the same
// everywhere. Macros rather than functions, because a vector argument would tie the callers to one width.
typedef float v16f __attribute__((vector_size(64)));
typedef int32_t v16i __attribute__((vector_size(64)));
typedef float v16f_in_memory __attribute__((vector_size(64), aligned(4), may_alias));

#define LOAD(place) (*(const v16f_in_memory *)(place))
#define CHOOSE(where, yes, no) (((where) & (yes)) | (~(where) & (no)))
#define CHOOSE_NUMBERS(where, yes, no) ((v16f)CHOOSE(where, (v16i)(yes), (v16i)(no)))
#define SHRINK(value, l1) \
    CHOOSE_NUMBERS((value) > (l1), (value) - (l1), CHOOSE_NUMBERS((value) < -(l1), (value) + (l1), (v16f){0}))

static limpet_best_split first_of_largest(const float *gain, const int32_t *split) {
    limpet_best_split best = {gain[0], split[0]};
    for (int lane = 1; lane < 16; lane++) {
        if (gain[lane] > best.gain || (gain[lane] == best.gain && split[lane] < best.split)) {
            best.gain = gain[lane];
            best.split = split[lane];
        }
    }
    return best;
}

#define LANE_NUMBERS {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

LIMPET_CLONES
limpet_best_split limpet_boost(
    int64_t count, float *left, const float *hessian, const float *gram_row, float right_value,
    float difference, const float *inverse_left, const float *inverse_right, float total) {
    v16f best = (v16f){0} - 1;
    v16i split = {0}, here = LANE_NUMBERS;
    for (int64_t i = 0; i < count; i += 16) {
        v16f g = LOAD(left + i);
        if (gram_row) {
            g += right_value * LOAD(hessian + i) + difference * LOAD(gram_row + i);
            *(v16f_in_memory *)(left + i) = g;
        }
        v16f r = total - g;
        v16f gain = g * g * LOAD(inverse_left + i) + r * r * LOAD(inverse_right + i);
        v16i better = gain > best;
        best = CHOOSE_NUMBERS(better, gain, best);
        split = CHOOSE(better, here, split);
        here += 16;
    }
    return first_of_largest((const float *)&best, (const int32_t *)&split);
}

LIMPET_CLONES
limpet_best_split limpet_boost_constrained(
    int64_t count, float *left, const float *hessian, const float *gram_row, float right_value,
    float difference, const float *inverse_left, const float *inverse_right, float total, float l1,
    const float *directions, const float *allowed) {
    v16f best = (v16f){0} - 1, zero = {0};
    v16i split = {0}, here = LANE_NUMBERS;
    for (int64_t i = 0; i < count; i += 16) {
        v16f g = LOAD(left + i);
        if (gram_row) {
            g += right_value * LOAD(hessian + i) + difference * LOAD(gram_row + i);
            *(v16f_in_memory *)(left + i) = g;
        }
        v16f l = SHRINK(g, l1), other = total - g, r = SHRINK(other, l1);
        v16f left_step = l * LOAD(inverse_left + i), right_step = r * LOAD(inverse_right + i);
        // A step moves against its gradient, so the right side ends above the left where this is positive.
        v16f rise = (left_step - right_step) * LOAD(directions + i);
        v16f gain = (l * left_step + r * right_step) * LOAD(allowed + i);
        gain = CHOOSE_NUMBERS(rise < zero, zero, gain);
        v16i better = gain > best;
        best = CHOOSE_NUMBERS(better, gain, best);
        split = CHOOSE(better, here, split);
        here += 16;
    }
    return first_of_largest((const float *)&best, (const int32_t *)&split);
}
