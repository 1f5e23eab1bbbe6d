// The inner loops of logistic regression that Swift cannot say as fast: each in one version for every width of
// vector unit, chosen when the program starts. All take plain arrays; LimpetLinearAlgebra wraps them in checked
// calls, and nothing else calls them. Additions go in eight lanes of fixed order, so that no result depends on
// threads; versions with fused multiply-add may differ from those without in last bits.
#ifndef LIMPET_LOGISTIC_KERNELS_H
#define LIMPET_LOGISTIC_KERNELS_H

#include <stdint.h>

// One row each, in place: values[r] goes from the log-odds η to the residual w·(p − y), p = 1 / (1 + e^−η).
// curvatures[r], unless null, becomes the root of w·p·(1 − p). weights may be null for ones.
// Returns the sum of w·(log(1 + e^η) − y·η).
double limpet_logistic_losses(
    int64_t rows, const double *labels, const double *weights, double *values, double *curvature_roots);

// out[c * rows + r] = x[c * rows + r] * factors[r].
void limpet_scale_rows(int64_t rows, int64_t columns, const double *x, const double *factors, double *out);

// out[r] = sign(x[r])·log(1 + |x[r]|); NaN stays NaN.
void limpet_signed_log(int64_t count, const double *x, double *out);

// out[r] = (f(x[r]) − mean) · factor, or 0 where x[r] is NaN; f is the signed log or the number itself. x[r] stands
// at place rows[r] of x, or at place r where rows is null.
void limpet_standardise(
    int64_t count, const double *x, const int64_t *rows, double mean, double factor, int32_t takes_log, double *out);

// The same, rounded to 32 bits.
void limpet_standardise_single(
    int64_t count, const double *x, const int64_t *rows, double mean, double factor, int32_t takes_log, float *out);

// out[r] = x[r], rounded to 32 bits, and the other way round.
void limpet_to_single(int64_t count, const double *x, float *out);
void limpet_to_double(int64_t count, const float *x, double *out);

// sums[0] = Σ (x[r] − shift), sums[1] = Σ (x[r] − shift)², in lanes of fixed order.
void limpet_sums(int64_t count, const double *x, double shift, double sums[2]);

// Coordinate descent on ½ δ'Hδ + g'δ + Σ [l1·|b| + ½ l2·b²] with b between its bounds and δ how far b has moved.
// h: dimension² numbers, symmetric, all of them. gradient: in g + Hδ for the b given, out for the b found.
// Stops when no coordinate of a whole sweep moves so far that h·move² is above the tolerance.
// Returns the sweeps made, at most sweep_limit.
int64_t limpet_coordinate_descent(
    int64_t dimension, const double *h, double *gradient, double *b, const double *l1, const double *l2,
    const double *lower, const double *upper, double tolerance, int64_t sweep_limit);

#endif
