#include "include/logistic_kernels.h"
#include "clones.h"
#include "elementary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// The library's square root may set errno, which keeps loops from being vectorised.
#if __has_builtin(__builtin_elementwise_sqrt)
#define ROOT(x) __builtin_elementwise_sqrt(x)
#else
#define ROOT(x) sqrt(x)
#endif

enum { STRIP = 256, LANES = 8 };

INLINE double sum_of_strip(const double *values) {
    double lanes[LANES] = {0};
    for (int64_t i = 0; i < STRIP; i += LANES) {
        for (int lane = 0; lane < LANES; lane++) lanes[lane] += values[i + lane];
    }
    double sum = 0;
    for (int lane = 0; lane < LANES; lane++) sum += lanes[lane];
    return sum;
}

// The sum of log(1 + e) over a strip of values in [0, 1]: one logarithm of their product, which is at most
// 2^STRIP.
INLINE double log_of_product(const double *shares) {
    double lanes[LANES] = {1, 1, 1, 1, 1, 1, 1, 1};
    for (int64_t i = 0; i < STRIP; i += LANES) {
        for (int lane = 0; lane < LANES; lane++) lanes[lane] *= 1 + shares[i + lane];
    }
    double product = 1;
    for (int lane = 0; lane < LANES; lane++) product *= lanes[lane];
    return log(product);
}

// The losses of one strip. An argument that is null at the call is removed from the loops by inlining.
INLINE double losses_of_strip(
    int64_t count, const double *restrict y, const double *restrict weights, double *restrict value,
    double *restrict curvature_roots) {
    double losses[STRIP], shares[STRIP];
    for (int64_t i = 0; i < count; i++) {
        double eta = value[i];
        double e = exp_of_negative(-fabs(eta));
        double inverse = 1 / (1 + e);
        shares[i] = e;
        losses[i] = (eta > 0 ? eta : 0) - y[i] * eta;
        // An η that is NaN passes through; the caller finds it in the sum of losses.
        value[i] = (eta >= 0 ? inverse : e * inverse) - y[i];
        double curvature = e * inverse * inverse;
        if (curvature_roots) curvature_roots[i] = ROOT(weights ? weights[i] * curvature : curvature);
    }
    if (weights) {
        for (int64_t i = 0; i < count; i++) {
            losses[i] = weights[i] * (losses[i] + log1p_of_share(shares[i]));
            value[i] *= weights[i];
        }
    }
    for (int64_t i = count; i < STRIP; i++) losses[i] = shares[i] = 0;
    return sum_of_strip(losses) + (weights ? 0 : log_of_product(shares));
}

LIMPET_CLONES
double limpet_logistic_losses(
    int64_t rows, const double *labels, const double *weights, double *values, double *curvature_roots) {
    double total = 0;
    for (int64_t start = 0; start < rows; start += STRIP) {
        int64_t count = rows - start < STRIP ? rows - start : STRIP;
        const double *y = labels + start, *w = weights ? weights + start : NULL;
        double *value = values + start, *roots = curvature_roots ? curvature_roots + start : NULL;
        if (w && roots) {
            total += losses_of_strip(count, y, w, value, roots);
        } else if (w) {
            total += losses_of_strip(count, y, w, value, NULL);
        } else if (roots) {
            total += losses_of_strip(count, y, NULL, value, roots);
        } else {
            total += losses_of_strip(count, y, NULL, value, NULL);
        }
    }
    return total;
}

LIMPET_CLONES
void limpet_to_single(int64_t count, const double *restrict x, float *restrict out) {
    for (int64_t i = 0; i < count; i++) out[i] = (float)x[i];
}

LIMPET_CLONES
void limpet_to_double(int64_t count, const float *restrict x, double *restrict out) {
    for (int64_t i = 0; i < count; i++) out[i] = x[i];
}

LIMPET_CLONES
void limpet_scale_rows(int64_t rows, int64_t columns, const double *x, const double *factors, double *out) {
    for (int64_t column = 0; column < columns; column++) {
        const double *source = x + column * rows;
        double *target = out + column * rows;
        for (int64_t row = 0; row < rows; row++) target[row] = source[row] * factors[row];
    }
}

INLINE double signed_log(double x) {
    double a = fabs(x);
    double sum = 1 + a;
    // sum = 2^k·m with m in [√½, √2): adding the difference between the bits of 1 and of √½ makes k carry.
    int64_t bits = to_bits(sum) + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
    int64_t exponent = (bits >> 52) - 1023;
    double mantissa = from_bits((bits & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd);
    double k = from_bits(exponent + 0x4338000000000000) - 0x1.8p52;
    // Adds back the rounding error of 1 + a (Kahan), which is negligible far above 1.
    double lost = a > 0x1p53 ? 0 : (a < 1 ? a - (sum - 1) : 1 - (sum - a)) / sum;
    double log = (k * 0x1.a39ef35793c76p-33 + lost) + log_near_one(mantissa - 1) + k * 0x1.62e42feep-1;
    return a < INFINITY ? copysign(log, x) : x;
}

LIMPET_CLONES
void limpet_signed_log(int64_t count, const double *x, double *out) {
    for (int64_t i = 0; i < count; i++) out[i] = signed_log(x[i]);
}

INLINE double standardised(double x, double mean, double factor) {
    double value = (x - mean) * factor;
    return value == value ? value : 0;
}

// Each case has its own loop: a loop that selects its source per element is compiled to a gather.
INLINE void standardise_strip(
    int64_t count, const double *restrict x, const int64_t *rows, double mean, double factor,
    int32_t takes_log, double *restrict out) {
    if (!rows && !takes_log) {
        for (int64_t i = 0; i < count; i++) out[i] = standardised(x[i], mean, factor);
        return;
    }
    if (rows) {
        for (int64_t i = 0; i < count; i++) out[i] = x[rows[i]];
    } else {
        memcpy(out, x, sizeof(double) * (size_t)count);
    }
    if (takes_log) {
        for (int64_t i = 0; i < count; i++) out[i] = signed_log(out[i]);
    }
    for (int64_t i = 0; i < count; i++) out[i] = standardised(out[i], mean, factor);
}

LIMPET_CLONES
void limpet_standardise(
    int64_t count, const double *x, const int64_t *rows, double mean, double factor, int32_t takes_log,
    double *out) {
    standardise_strip(count, x, rows, mean, factor, takes_log, out);
}

LIMPET_CLONES
void limpet_standardise_single(
    int64_t count, const double *x, const int64_t *rows, double mean, double factor, int32_t takes_log,
    float *out) {
    double strip[STRIP];
    for (int64_t start = 0; start < count; start += STRIP) {
        int64_t length = count - start < STRIP ? count - start : STRIP;
        standardise_strip(
            length, rows ? x : x + start, rows ? rows + start : NULL, mean, factor, takes_log, strip);
        for (int64_t i = 0; i < length; i++) out[start + i] = (float)strip[i];
    }
}

LIMPET_CLONES
void limpet_sums(int64_t count, const double *x, double shift, double sums[2]) {
    double first[4 * LANES] = {0}, second[4 * LANES] = {0};
    int64_t i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES) {
        for (int lane = 0; lane < 4 * LANES; lane++) {
            double value = x[i + lane] - shift;
            first[lane] += value;
            second[lane] += value * value;
        }
    }
    for (; i < count; i++) {
        first[0] += x[i] - shift;
        second[0] += (x[i] - shift) * (x[i] - shift);
    }
    sums[0] = sums[1] = 0;
    for (int lane = 0; lane < 4 * LANES; lane++) {
        sums[0] += first[lane];
        sums[1] += second[lane];
    }
}

// The new value of a coordinate with derivative g at b: the minimum of the quadratic with its penalties.
INLINE double best_value(
    double b, double g, double h, double l1, double inverse, double lower, double upper) {
    double u = h * b - g;
    double shrunk = u > l1 ? u - l1 : u < -l1 ? u + l1 : 0;
    double value = shrunk * inverse;
    return value < lower ? lower : value > upper ? upper : value;
}

LIMPET_CLONES
static double sweep(
    int64_t dimension, const double *h, double *gradient, double *b, const double *l1, const double *l2,
    const double *lower, const double *upper, int only_active) {
    double largest = 0;
    for (int64_t j = 0; j < dimension; j++) {
        if (only_active && b[j] == 0) continue;
        const double *row = h + j * dimension;
        double curvature = row[j] + l2[j];
        if (!(curvature > 0)) continue;
        double value = best_value(b[j], gradient[j], row[j], l1[j], 1 / curvature, lower[j], upper[j]);
        double move = value - b[j];
        if (move == 0) continue;
        b[j] = value;
        for (int64_t i = 0; i < dimension; i++) gradient[i] += move * row[i];
        double size = curvature * move * move;
        largest = size > largest ? size : largest;
    }
    return largest;
}

LIMPET_CLONES
static void add_row(int64_t dimension, double factor, const double *row, double *out) {
    for (int64_t i = 0; i < dimension; i++) out[i] += factor * row[i];
}

// Repeats passes over the nonzero coordinates until they converge. Copies their part of the matrix where that
// is much smaller.
static int64_t sweep_active(
    int64_t dimension, const double *h, double *gradient, double *b, const double *l1, const double *l2,
    const double *lower, const double *upper, double tolerance, int64_t limit) {
    int64_t count = 0, sweeps = 0;
    for (int64_t j = 0; j < dimension; j++) count += b[j] != 0;
    double *room = NULL;
    if (count > 0 && 2 * count < dimension)
        room = malloc(sizeof(double) * (size_t)(count * count + 7 * count));
    if (!room) {
        while (sweeps < limit) {
            sweeps++;
            if (sweep(dimension, h, gradient, b, l1, l2, lower, upper, 1) <= tolerance) break;
        }
        return sweeps;
    }
    double *part = room, *slope = part + count * count, *point = slope + count, *one = point + count;
    double *two = one + count, *low = two + count, *high = low + count, *place = high + count;
    int64_t k = 0;
    for (int64_t j = 0; j < dimension; j++) {
        if (b[j] != 0) place[k++] = (double)j;
    }
    for (int64_t i = 0; i < count; i++) {
        int64_t j = (int64_t)place[i];
        slope[i] = gradient[j], point[i] = b[j], one[i] = l1[j], two[i] = l2[j];
        low[i] = lower[j], high[i] = upper[j];
        for (int64_t other = 0; other < count; other++)
            part[i * count + other] = h[j * dimension + (int64_t)place[other]];
    }
    while (sweeps < limit) {
        sweeps++;
        if (sweep(count, part, slope, point, one, two, low, high, 1) <= tolerance) break;
    }
    for (int64_t i = 0; i < count; i++) {
        int64_t j = (int64_t)place[i];
        if (point[i] != b[j]) add_row(dimension, point[i] - b[j], h + j * dimension, gradient);
        b[j] = point[i];
    }
    free(room);
    return sweeps;
}

int64_t limpet_coordinate_descent(
    int64_t dimension, const double *h, double *gradient, double *b, const double *l1, const double *l2,
    const double *lower, const double *upper, double tolerance, int64_t sweep_limit) {
    int64_t sweeps = 0;
    while (sweeps < sweep_limit) {
        sweeps++;
        if (sweep(dimension, h, gradient, b, l1, l2, lower, upper, 0) <= tolerance) break;
        sweeps += sweep_active(
            dimension, h, gradient, b, l1, l2, lower, upper, tolerance, sweep_limit - sweeps);
    }
    return sweeps;
}
