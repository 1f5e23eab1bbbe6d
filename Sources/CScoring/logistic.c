#include "include/score_kernels.h"
#include "clones.h"

#include <math.h>
#include <string.h>

// A product and a sum must not be fused into one operation: the bits are those of ElementaryFunctions.
#pragma STDC FP_CONTRACT OFF

static inline __attribute__((always_inline)) double power_of_two(int32_t exponent) {
    uint64_t bits = (uint64_t)((int64_t)exponent + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

LIMPET_CLONES
void limpet_logistic(int64_t count, const double *x, double *out) {
    for (int64_t row = 0; row < count; row++) {
        double value = x[row];
        double size = value < 0 ? -value : value;
        // e^-size; beyond the second bound it is 0, and a missing value is restored at the end.
        double power = size < 745.1332191019412 ? -size : -745.0;
        double k = rint(power * 1.4426950408889634);
        double r = (power - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
        double sum = 1.0 / 6227020800;
        sum = sum * r + 1.0 / 479001600;
        sum = sum * r + 1.0 / 39916800;
        sum = sum * r + 1.0 / 3628800;
        sum = sum * r + 1.0 / 362880;
        sum = sum * r + 1.0 / 40320;
        sum = sum * r + 1.0 / 5040;
        sum = sum * r + 1.0 / 720;
        sum = sum * r + 1.0 / 120;
        sum = sum * r + 1.0 / 24;
        sum = sum * r + 1.0 / 6;
        sum = sum * r + 0.5;
        sum = sum * r + 1;
        sum = sum * r + 1;
        int32_t exponent = (int32_t)k;
        int32_t half = exponent / 2;
        double odds = sum * power_of_two(half) * power_of_two(exponent - half);
        odds = size < 745.1332191019412 ? odds : 0;
        double result = (value < 0 ? odds : 1) / (1 + odds);
        out[row] = value == value ? result : value;
    }
}
