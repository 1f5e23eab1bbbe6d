#include "include/score_kernels.h"
#include "clones.h"

#include <math.h>
#include <string.h>

// A product and a sum must not be fused into one operation: the bits are those of ElementaryFunctions.
#pragma STDC FP_CONTRACT OFF

LIMPET_CLONES
void limpet_log(int64_t count, const double *x, double *out) {
    for (int64_t row = 0; row < count; row++) {
        double value = x[row];
        // Numbers below the normal ones are scaled up, which is exact.
        int small = value < 0x1p-1022;
        double scaled = small ? value * 0x1p54 : value;
        uint64_t bits;
        memcpy(&bits, &scaled, sizeof bits);
        double exponent = (double)((int32_t)(bits >> 52) - 1023 - (small ? 54 : 0));
        bits = (bits & 0x000fffffffffffff) | 0x3ff0000000000000;
        double mantissa;
        memcpy(&mantissa, &bits, sizeof mantissa);
        int large = mantissa > 1.4142135623730951;
        mantissa = large ? mantissa * 0.5 : mantissa;
        exponent = large ? exponent + 1 : exponent;
        double f = mantissa - 1;
        double s = f / (2 + f);
        double square = s * s;
        double sum = 1.0 / 21;
        sum = sum * square + 1.0 / 19;
        sum = sum * square + 1.0 / 17;
        sum = sum * square + 1.0 / 15;
        sum = sum * square + 1.0 / 13;
        sum = sum * square + 1.0 / 11;
        sum = sum * square + 1.0 / 9;
        sum = sum * square + 1.0 / 7;
        sum = sum * square + 1.0 / 5;
        sum = sum * square + 1.0 / 3;
        double tail = 2 * square * sum;
        double rest = s * (f - tail) - exponent * 0x1.a39ef35793c76p-33;
        double result = exponent * 0x1.62e42feep-1 + (f - rest);
        result = value < INFINITY ? result : value;
        result = value == 0 ? -INFINITY : result;
        out[row] = value >= 0 ? result : NAN;
    }
}
