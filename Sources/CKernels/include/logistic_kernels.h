// The inner loops of logistic regression that Swift does not compile to equally fast code. Each has one
// version for every width of vector unit, chosen when the program starts. All take plain arrays;
// LimpetLinearAlgebra wraps them in checked calls, and nothing else calls them. Additions go in eight lanes
// of fixed order, so that no result depends on threads; versions with fused multiply-add may differ from
// those without in the last bits.
#ifndef LIMPET_LOGISTIC_KERNELS_H
#define LIMPET_LOGISTIC_KERNELS_H

#include <stdint.h>

// For each row, in place: values[r] is replaced, the log-odds η by the residual w·(p − y), p = 1 / (1 +
// e^−η). curvature_roots[r], unless null, becomes the root of w·p·(1 − p). weights may be null for ones.
// Returns the sum of w·(log(1 + e^η) − y·η).
double limpet_logistic_losses(
    int64_t rows, const double *labels, const double *weights, double *values, double *curvature_roots);

// out[c * rows + r] = x[c * rows + r] * factors[r].
void limpet_scale_rows(int64_t rows, int64_t columns, const double *x, const double *factors, double *out);

// out[r] = sign(x[r])·log(1 + |x[r]|); NaN stays NaN.
void limpet_signed_log(int64_t count, const double *x, double *out);

// out[r] = (f(x[r]) − mean) · factor, or 0 where x[r] is NaN; f is the signed log or the identity. Row r
// reads x[rows[r]], or x[r] where rows is null.
void limpet_standardise(
    int64_t count, const double *x, const int64_t *rows, double mean, double factor, int32_t takes_log,
    double *out);

// limpet_standardise with results rounded to 32 bits.
void limpet_standardise_single(
    int64_t count, const double *x, const int64_t *rows, double mean, double factor, int32_t takes_log,
    float *out);

// out[r] = x[r], rounded to 32 bits, and the conversion back.
void limpet_to_single(int64_t count, const double *x, float *out);
void limpet_to_double(int64_t count, const float *x, double *out);

// sums[0] = Σ (x[r] − shift), sums[1] = Σ (x[r] − shift)², in lanes of fixed order.
void limpet_sums(int64_t count, const double *x, double shift, double sums[2]);

// Coordinate descent on ½ δ'Hδ + g'δ + Σ [l1·|b| + ½ l2·b²] with b between its bounds and δ the change of b.
// h: the full symmetric matrix [dimension][dimension]. gradient: on entry g + Hδ for the given b, on return
// for the b found. Stops after a full pass in which every coordinate's h·move² is at most the tolerance.
// Returns the number of passes over coordinates, at most sweep_limit.
int64_t limpet_coordinate_descent(
    int64_t dimension, const double *h, double *gradient, double *b, const double *l1, const double *l2,
    const double *lower, const double *upper, double tolerance, int64_t sweep_limit);

#endif
