// Elementary functions that loops of training call, inlined into each clone. Those of scoring are its own, in
// CScoring: they have the same bits on every processor, while a compiler may fuse operations here.
#ifndef LIMPET_ELEMENTARY_H
#define LIMPET_ELEMENTARY_H

#include <stdint.h>
#include <string.h>

// The compiler's vectoriser needs these inlined into each clone.
#define INLINE static inline __attribute__((always_inline))

INLINE double from_bits(int64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

INLINE int64_t to_bits(double value) {
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

// e^x for x <= 0: x = k·ln 2 + r with |r| <= ln 2 / 2 (Cody and Waite, 1980), Taylor to r^13.
INLINE double exp_of_negative(double x) {
    const double shift = 0x1.8p52;
    x = x < -708 ? -708 : x;
    double shifted = x * 1.4426950408889634 + shift;
    double k = shifted - shift;
    double r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
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
    // The low bits of `shifted` hold the integer k.
    return sum * from_bits((to_bits(shifted) + 1023) << 52);
}

// log(1 + f) for −0.3 <= f <= 0.415, by the series of 2·atanh(s), s = f / (2 + f), |s| <= 0.1716.
INLINE double log_near_one(double f) {
    double s = f / (2 + f);
    double q = s * s;
    double sum = 1.0 / 21;
    sum = sum * q + 1.0 / 19;
    sum = sum * q + 1.0 / 17;
    sum = sum * q + 1.0 / 15;
    sum = sum * q + 1.0 / 13;
    sum = sum * q + 1.0 / 11;
    sum = sum * q + 1.0 / 9;
    sum = sum * q + 1.0 / 7;
    sum = sum * q + 1.0 / 5;
    sum = sum * q + 1.0 / 3;
    return 2 * s * (1 + q * sum);
}

// log(1 + e) for e in [0, 1].
INLINE double log1p_of_share(double e) {
    int is_large = e > 0.41421356237309503;
    double f = is_large ? 0.5 * (e - 1) : e;
    return log_near_one(f) + (is_large ? 0.6931471805599453 : 0);
}

#endif
