#include "include/lane_kernels.h"
#include "clones.h"

// Without fused operations every version has the same bits, so that models do not depend on the processor.
#pragma STDC FP_CONTRACT OFF

// Sixteen lanes, whatever the width of the vector unit, so that the order of comparisons is the same
// everywhere.
typedef float v16f __attribute__((vector_size(64)));
typedef int32_t v16i __attribute__((vector_size(64)));
typedef float v16f_in_memory __attribute__((vector_size(64), aligned(4), may_alias));
typedef int16_t v16s_in_memory __attribute__((vector_size(32), aligned(2), may_alias));

#define LOAD(place) (*(const v16f_in_memory *)(place))
#define STORE(place) (*(v16f_in_memory *)(place))
// Correlations in 1/32767.
#define LOAD_SHARES(place) __builtin_convertvector(*(const v16s_in_memory *)(place), v16f)
#define CHOOSE(where, yes, no) (((where) & (yes)) | (~(where) & (no)))
#define CHOOSE_NUMBERS(where, yes, no) ((v16f)CHOOSE(where, (v16i)(yes), (v16i)(no)))
#define SHRINK(value, l1) \
    CHOOSE_NUMBERS((value) > (l1), (value) - (l1), CHOOSE_NUMBERS((value) < -(l1), (value) + (l1), (v16f){0}))
#define LANE_NUMBERS {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

typedef struct {
    float gain;
    int32_t place;
} best_split;

static best_split first_of_largest(const float *gain, const int32_t *place) {
    best_split best = {gain[0], place[0]};
    for (int lane = 1; lane < 16; lane++) {
        if (gain[lane] > best.gain || (gain[lane] == best.gain && place[lane] < best.place)) {
            best.gain = gain[lane];
            best.place = place[lane];
        }
    }
    return best;
}

static double shrunk(double value, double l1) {
    return value > l1 ? value - l1 : value < -l1 ? value + l1 : 0;
}

// The best split of every lane so far.
typedef struct {
    v16f gain;
    v16i place;
} best_splits;

// The inverses, directions and allowances of 16 splits.
typedef struct {
    const float *left, *right, *directions, *allowed;
} split_numbers;

// Compares the gains of 16 splits, with gradients `left` on the left, with the best so far.
static inline __attribute__((always_inline)) void compare(
    best_splits *best, const limpet_lane_model *model, const v16f *left, split_numbers at, const v16i *here,
    const int is_constrained) {
    float total = (float)model->total_gradient, l1 = (float)model->l1;
    v16f g = *left, other = total - g, zero = {0}, gain;
    if (is_constrained) {
        v16f l = SHRINK(g, l1), r = SHRINK(other, l1);
        v16f left_step = l * LOAD(at.left), right_step = r * LOAD(at.right);
        // A step moves against its gradient: where this is positive, the right side ends above the left.
        v16f rise = (left_step - right_step) * LOAD(at.directions);
        gain = (l * left_step + r * right_step) * LOAD(at.allowed);
        gain = CHOOSE_NUMBERS(rise < zero, zero, gain);
    } else {
        gain = g * g * LOAD(at.left) + other * other * LOAD(at.right);
    }
    v16i better = gain > best->gain;
    best->gain = CHOOSE_NUMBERS(better, gain, best->gain);
    best->place = CHOOSE(better, *here, best->place);
}

static inline __attribute__((always_inline)) split_numbers splits_at(
    const float *left, const float *right, const float *directions, const float *allowed, int64_t first,
    const int is_constrained) {
    split_numbers at = {left + first, right + first, 0, 0};
    if (is_constrained) {
        at.directions = directions + first;
        at.allowed = allowed + first;
    }
    return at;
}

static inline __attribute__((always_inline)) best_split search_sets(
    const limpet_lane_model *model, const int is_constrained) {
    best_splits best = {(v16f){0} - 1, (v16i){0}};
    v16i here = LANE_NUMBERS;
    for (int64_t i = 0; i < model->sets; i += 16) {
        v16f g = LOAD(model->gradients + i);
        split_numbers at = splits_at(
            model->inverse_left, model->inverse_right, model->directions, model->allowed, i, is_constrained);
        compare(&best, model, &g, at, &here, is_constrained);
        here += 16;
    }
    return first_of_largest((const float *)&best.gain, (const int32_t *)&best.place);
}

static inline __attribute__((always_inline)) best_split search_missing(
    const limpet_lane_model *model, const int is_constrained) {
    best_splits best = {(v16f){0} - 1, (v16i){0}};
    for (int32_t f = 0; f < model->feature_count; f++) {
        const limpet_lane_feature feature = model->features[f];
        if (feature.is_levels || feature.missing < 0) continue;
        float missing = model->gradients[feature.missing];
        for (int32_t i = 0; i < feature.count; i += 16) {
            int32_t spare = feature.spare_first + i;
            v16f g = LOAD(model->gradients + feature.first + i) + missing;
            v16i here = (v16i)LANE_NUMBERS + spare;
            split_numbers at = splits_at(
                model->spare_inverse_left, model->spare_inverse_right, model->spare_directions,
                model->spare_allowed, spare, is_constrained);
            compare(&best, model, &g, at, &here, is_constrained);
        }
    }
    return first_of_largest((const float *)&best.gain, (const int32_t *)&best.place);
}

static best_split search_levels(const limpet_lane_model *model) {
    best_split best = {-1, 0};
    for (int32_t f = 0; f < model->feature_count; f++) {
        const limpet_lane_feature feature = model->features[f];
        if (!feature.is_levels) continue;
        double left = 0;
        for (int32_t i = 0; i + 1 < feature.count; i++) {
            left += model->gradients[model->order[feature.first + i]];
            int32_t spare = feature.spare_first + i;
            double l = shrunk(left, model->l1), r = shrunk(model->total_gradient - left, model->l1);
            float gain = (float)(l * l * model->spare_inverse_left[spare]
                                 + r * r * model->spare_inverse_right[spare]);
            if (model->spare_allowed) gain *= model->spare_allowed[spare];
            if (gain > best.gain) best = (best_split){gain, spare};
        }
    }
    return best;
}

// The feature with the last first place at or before the given one.
static int32_t feature_of(const limpet_lane_model *model, int32_t place, int is_spare) {
    int32_t found = 0;
    for (int32_t f = 0; f < model->feature_count; f++) {
        const limpet_lane_feature *feature = &model->features[f];
        if (is_spare) {
            int32_t count = feature->is_levels || feature->missing >= 0 ? feature->count : 0;
            if (place >= feature->spare_first && place < feature->spare_first + count) return f;
        } else if (place >= feature->first) {
            found = f;
        }
    }
    return found;
}

static void describe(
    const limpet_lane_model *model, best_split best, int is_spare, limpet_lane_stump *stump, double *gradient,
    double *hessian) {
    stump->feature = feature_of(model, best.place, is_spare);
    const limpet_lane_feature feature = model->features[stump->feature];
    if (!is_spare && best.place == feature.missing) {
        *stump = (limpet_lane_stump){.feature = stump->feature, .position = 0, .missing_left = 1};
        *gradient = model->gradients[feature.missing];
        *hessian = model->hessians[feature.missing];
        return;
    }
    stump->position = best.place - (is_spare ? feature.spare_first : feature.first) + 1;
    stump->missing_left = is_spare && !feature.is_levels;
    *gradient = *hessian = 0;
    if (feature.is_levels) {
        for (int32_t i = 0; i < stump->position; i++) {
            int32_t set = model->order[feature.first + i];
            *gradient += model->gradients[set];
            *hessian += model->hessians[set];
        }
        return;
    }
    *gradient = model->gradients[feature.first + stump->position - 1];
    *hessian = model->hessians[feature.first + stump->position - 1];
    if (!stump->missing_left) return;
    *gradient += model->gradients[feature.missing];
    *hessian += model->hessians[feature.missing];
}

LIMPET_CLONES
int32_t limpet_lane_search(const limpet_lane_model *model, limpet_lane_stump *stump) {
    best_split best, missing;
    if (model->directions) {
        best = search_sets(model, 1);
        missing = search_missing(model, 1);
    } else {
        best = search_sets(model, 0);
        missing = search_missing(model, 0);
    }
    best_split levels = search_levels(model);
    int is_spare = missing.gain > best.gain;
    if (is_spare) best = missing;
    if (levels.gain > best.gain) best = levels, is_spare = 1;
    double total = shrunk(model->total_gradient, model->l1);
    double parent = total * total / (model->total_hessian + model->l2);
    if (!(best.gain > parent * (1 + 1e-6) + 1e-12)) return 0;
    double gradient, hessian;
    describe(model, best, is_spare, stump, &gradient, &hessian);
    double other = model->total_gradient - gradient, other_hessian = model->total_hessian - hessian;
    stump->left = -model->rate * shrunk(gradient, model->l1) / (hessian + model->l2);
    stump->right = -model->rate * shrunk(other, model->l1) / (other_hessian + model->l2);
    stump->fall = -(gradient * stump->left + other * stump->right)
                  - 0.5 * (hessian * stump->left * stump->left + other_hessian * stump->right * stump->right);
    return 1;
}

LIMPET_CLONES
static void add_row(float *target, const int16_t *row, float factor, int64_t sets, int is_first) {
    factor /= LIMPET_WHOLE_CORRELATION;
    if (is_first) {
        for (int64_t i = 0; i < sets; i += 16) STORE(target + i) = LOAD_SHARES(row + i) * factor;
    } else {
        for (int64_t i = 0; i < sets; i += 16) {
            STORE(target + i) = LOAD(target + i) + LOAD_SHARES(row + i) * factor;
        }
    }
}

// Moves all gradients: every row takes the mean step, and sets that are correlated with the left side more.
#define ADD_STEP(load, moved, factor) \
    for (int64_t i = 0; i < model->sets; i += 16) { \
        STORE(model->gradients + i) = LOAD(model->gradients + i) + LOAD(model->hessians + i) * mean \
                                      + LOAD(model->deviations + i) * (load((moved) + i) * (factor)); \
    }

LIMPET_CLONES
static void add_step(const limpet_lane_model *model, const float *moved, float factor, float mean) {
    ADD_STEP(LOAD, moved, factor)
}

LIMPET_CLONES
static void add_row_step(const limpet_lane_model *model, const int16_t *row, float factor, float mean) {
    factor /= LIMPET_WHOLE_CORRELATION;
    ADD_STEP(LOAD_SHARES, row, factor)
}

// The Hessian of the rows that a stump's left side shares with a set of its own input of numbers.
static double shared_hessian(
    const limpet_lane_model *model, const limpet_lane_feature *feature, const limpet_lane_stump *stump,
    int32_t set) {
    if (set == feature->missing) return stump->missing_left ? model->hessians[set] : 0;
    int32_t position = set - feature->first + 1;
    if (position > stump->position) position = stump->position;
    return position > 0 ? model->hessians[feature->first + position - 1] : 0;
}

// The gradients of the input's own sets after a stump, which are known exactly.
static void own_gradients(
    const limpet_lane_model *model, const limpet_lane_feature *feature, const limpet_lane_stump *stump,
    int32_t count, float *exact) {
    double difference = stump->left - stump->right;
    for (int32_t i = 0; i < count; i++) {
        int32_t set = feature->is_levels ? model->order[feature->first + i] : feature->first + i;
        double hessian = model->hessians[set];
        double shared = !feature->is_levels ? shared_hessian(model, feature, stump, set)
                        : i < stump->position ? hessian
                                              : 0;
        exact[set - feature->first] =
            (float)(model->gradients[set] + stump->right * hessian + difference * shared);
    }
}

static const int16_t *row_of(const limpet_lane_model *model, int32_t set) {
    return model->correlations + set * model->sets;
}

void limpet_lane_take(limpet_lane_model *model, const limpet_lane_stump *stump, float *space) {
    const limpet_lane_feature feature = model->features[stump->feature];
    int32_t own = feature.count + (!feature.is_levels && feature.missing >= 0 ? 1 : 0);
    float exact[257];
    own_gradients(model, &feature, stump, own, exact);

    // The sets that the left side is made of.
    double left_hessian = 0;
    int32_t parts = feature.is_levels ? stump->position : (stump->position > 0) + (stump->missing_left != 0);
    int32_t set = 0;
    for (int32_t i = 0; i < parts; i++) {
        set = feature.is_levels                  ? model->order[feature.first + i]
              : i == 0 && stump->position > 0 ? feature.first + stump->position - 1
                                                 : feature.missing;
        left_hessian += model->hessians[set];
        if (parts > 1) add_row(space, row_of(model, set), model->deviations[set], model->sets, i == 0);
    }
    double difference = stump->left - stump->right;
    double mean = stump->right + difference * left_hessian / model->total_hessian;
    if (parts > 1) {
        add_step(model, space, (float)difference, (float)mean);
    } else {
        add_row_step(model, row_of(model, set), (float)(difference * model->deviations[set]), (float)mean);
    }
    for (int32_t i = 0; i < own; i++) model->gradients[feature.first + i] = exact[i];
    model->total_gradient += stump->right * model->total_hessian + difference * left_hessian;
}
