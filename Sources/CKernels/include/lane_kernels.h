// The inner loops of boosting several models side by side: each model is a lane of a vector, so that one pass
// over the rows' bins serves all of them. LimpetLinearAlgebra wraps them in checked calls, and nothing else
// calls them.
//
// `lanes` is 8 or 16. Numbers of rows are [rows][lanes], tables [columns][256][lanes].
#ifndef LIMPET_LANE_KERNELS_H
#define LIMPET_LANE_KERNELS_H

#include <stdint.h>

// The bins of a block of rows in one column: bins[r] of every row, or, where most rows share one bin, those
// of the listed rows alone.
typedef struct {
    const uint8_t *bins;
    const uint16_t *rows; // of listed rows
    int32_t is_listed;    // 0 where bins are of every row
    int64_t count;
    int32_t used_bins; // bins are below it
} limpet_lane_column;

// score[r] += base + tables[c][bin] of every column; a column of listed rows adds to these alone.
void limpet_lane_add_tables(
    int32_t lanes, const limpet_lane_column *columns, int32_t column_count, const float *const *tables,
    const float *base, int64_t rows, float *scores);

// For each row and lane: weight · (p − y) and weight · p · (1 − p). Adds weight · log loss to losses[lane].
// weights is null for ones, else one for each row, or, with lane_weights, one for each row and lane.
void limpet_lane_logistic(
    int32_t lanes, const float *scores, const uint8_t *labels, const float *weights, int32_t lane_weights,
    int64_t rows, float *gradients, float *hessians, double *losses);

// sums[column][bin][0] += gradients, sums[column][bin][1] += hessians of the column's rows, as fixed-point
// numbers: a block's sum times `scale`, rounded. Lanes outside the mask are left alone. `space` holds
// 4 · 256 · lanes zeros, and does so again afterwards.
void limpet_lane_histogram(
    int32_t lanes, const limpet_lane_column *column, const limpet_lane_column *other, const float *gradients,
    const float *hessians, float scale, uint32_t mask, float *space, int64_t *sums, int64_t *other_sums);

// sums[0] += all gradients, sums[1] += all Hessians, as fixed-point numbers like those of a histogram.
void limpet_lane_totals(
    int32_t lanes, int64_t rows, const float *gradients, const float *hessians, float scale, uint32_t mask,
    int64_t *sums);

// A quadratic model of one lane over sets of rows. The sets of an input with numbers are its first 1, 2, …
// bins, then its missing rows; those of an input with levels are its bins.
typedef struct {
    int32_t first;       // the first set
    int32_t count;       // the number of sets, without that of missing rows
    int32_t missing;     // the set of missing rows, or −1
    int32_t spare_first; // the first spare split: with missing rows on the left, or of ordered levels
    int32_t is_levels;
} limpet_lane_feature;

typedef struct {
    int32_t feature;
    int32_t position;     // the number of bins on the left
    int32_t missing_left;
    double left, right, fall;
} limpet_lane_stump;

typedef struct {
    int64_t sets; // a multiple of 16, and every array of sets is 16 longer
    const limpet_lane_feature *features;
    int32_t feature_count;
    const int16_t *correlations; // [sets][sets], in 1/32767
    const int32_t *order;      // at the place of each set of levels, the set that has this place in order
    float *gradients;          // of each set
    const float *hessians;     // of each set
    const float *deviations;   // of each set: the root of its Hessian's variance
    const float *inverse_left, *inverse_right;             // of each set's split; 0 where it is not allowed
    const float *spare_inverse_left, *spare_inverse_right; // of each spare split
    // 1 for steps that may only rise, −1 that may only fall, else 0; 1 for splits that are allowed, else 0.
    // All null where nothing is constrained.
    const float *directions, *allowed, *spare_directions, *spare_allowed;
    double total_gradient, total_hessian;
    double l1, l2, rate;
} limpet_lane_model;

// Finds the best stump. Returns 0 where no stump lowers the loss of the model.
int32_t limpet_lane_search(const limpet_lane_model *model, limpet_lane_stump *stump);

// Adds a stump to the gradients. `space` holds as many numbers as an array of sets.
void limpet_lane_take(limpet_lane_model *model, const limpet_lane_stump *stump, float *space);

// A correlation of 1: half a unit is a hundredth of what the sample leaves unknown.
#define LIMPET_WHOLE_CORRELATION 32767

// One column's sets.
typedef struct {
    int32_t bins; // with the one of missing values
    int32_t is_levels;
    int32_t has_missing;
    const double *weights; // of each set
    const double *scales;  // of each set: one divided by its deviation, or 0
} limpet_set_axis;

// The correlations of the sets of two columns, from the summed weights by pairs of bins, which it cumulates:
// out[r * out_stride + c] = (weight of both sets − rows.weights[r] · columns.weights[c] / total)
// · rows.scales[r] · columns.scales[c]. `table` has `stride` numbers for each bin of the rows.
void limpet_expand_sets(
    float *table, int32_t stride, limpet_set_axis rows, limpet_set_axis columns, double total,
    int16_t *out, int64_t out_stride);

// out[c * stride + r] = in[r * stride + c]
void limpet_transpose_correlations(
    const int16_t *in, int64_t rows, int64_t columns, int64_t stride, int16_t *out);

#endif
