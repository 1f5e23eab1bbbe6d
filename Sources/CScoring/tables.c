#include "include/score_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f,avx512dq,avx512vl,avx2,popcnt")))
#define AVX2 __attribute__((target("avx2,popcnt")))
#define INLINE __attribute__((always_inline)) static inline
#endif

int32_t limpet_vector_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("popcnt")) return 0;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl"))
        return 2;
    return 1;
#else
    return 0;
#endif
}

// ---- One row

static int32_t code_state(double x, int32_t count) {
    if (x != x) return count + 1;
    if (!(x >= 0 && x < count)) return count;
    int32_t code = (int32_t)x;
    return code == x ? code : count;
}

static int32_t edge_state_plain(const double *edges, int32_t depth, double x) {
    int32_t state = 0;
    for (int32_t half = 1 << (depth - 1); half > 0; half /= 2) {
        state += edges[state + half - 1] <= x ? half : 0;
    }
    return state;
}

#if defined(__x86_64__)
// Counts up to 63 edges, eight at a time; with more edges, a binary search first finds the 63 to count.
AVX512 static int32_t edge_state_512(const double *edges, int32_t count, int32_t depth, double x) {
    int32_t state = 0;
    for (int32_t half = 1 << (depth - 1); half >= 64; half /= 2) {
        if (edges[state + half - 1] <= x) state += half;
    }
    __m512d value = _mm512_set1_pd(x);
    const double *start = edges + state;
    int32_t left = count - state < 63 ? count - state : 63;
    for (int32_t place = 0; place < left; place += 8) {
        __mmask8 reached = _mm512_cmp_pd_mask(_mm512_loadu_pd(start + place), value, _CMP_LE_OQ);
        state += __builtin_popcount(reached);
    }
    return state;
}

AVX2 static int32_t edge_state_256(const double *edges, int32_t count, int32_t depth, double x) {
    int32_t state = 0;
    for (int32_t half = 1 << (depth - 1); half >= 16; half /= 2) {
        state += edges[state + half - 1] <= x ? half : 0;
    }
    __m256d value = _mm256_set1_pd(x);
    const double *start = edges + state;
    int32_t left = count - state < 15 ? count - state : 15;
    for (int32_t place = 0; place < left; place += 4) {
        __m256d reached = _mm256_cmp_pd(_mm256_loadu_pd(start + place), value, _CMP_LE_OQ);
        state += __builtin_popcount((unsigned)_mm256_movemask_pd(reached));
    }
    return state;
}
#endif

static int32_t axis_state(const limpet_axis *axis, const double *pool, double x, int32_t level) {
    if (axis->depth == 0) return code_state(x, axis->count);
    if (x != x) return axis->count + 1;
    const double *edges = pool + axis->edges;
#if defined(__x86_64__)
    if (level == 2) return edge_state_512(edges, axis->count, axis->depth, x);
    if (level == 1) return edge_state_256(edges, axis->count, axis->depth, x);
#endif
    (void)level;
    return edge_state_plain(edges, axis->depth, x);
}

static double table_value(
    const limpet_table *table, const double *pool, const double *x, int32_t level) {
    int64_t state = axis_state(&table->first, pool, x[table->first.input], level);
    if (table->second_states > 0) {
        state = state * table->second_states
            + axis_state(&table->second, pool, x[table->second.input], level);
    }
    return pool[table->values + state];
}

#if defined(__x86_64__)
// Evaluates step functions inline, without a call for each.
AVX512 static double add_tables_512(
    const limpet_table *tables, int64_t count, const double *pool, const double *x, double sum,
    double *contributions) {
    for (int64_t place = 0; place < count; place++) {
        const limpet_table *table = tables + place;
        const limpet_axis *axis = &table->first;
        double value;
        if (axis->depth == 0 || table->second_states > 0) {
            value = table_value(table, pool, x, 2);
        } else {
            double number = x[axis->input];
            int32_t state = number != number
                ? axis->count + 1 : edge_state_512(pool + axis->edges, axis->count, axis->depth, number);
            value = pool[table->values + state];
        }
        sum += value;
        if (contributions) contributions[place] = value;
    }
    return sum;
}
#endif

double limpet_add_tables_to_row(
    const limpet_table *tables, int64_t count, const double *pool, const double *x, double sum,
    double *contributions, int32_t level) {
#if defined(__x86_64__)
    if (level == 2) return add_tables_512(tables, count, pool, x, sum, contributions);
#endif
    for (int64_t place = 0; place < count; place++) {
        double value = table_value(tables + place, pool, x, level);
        sum += value;
        if (contributions) contributions[place] = value;
    }
    return sum;
}

// ---- Many rows

static void edge_states(
    const double *edges, int32_t count, int32_t depth, const double *x, int64_t rows, int32_t *states) {
    enum { WIDTH = 16 };
    int64_t row = 0;
    for (; row + WIDTH <= rows; row += WIDTH) {
        int64_t state[WIDTH] = {0};
        for (int64_t half = (int64_t)1 << (depth - 1); half > 0; half /= 2) {
            for (int lane = 0; lane < WIDTH; lane++) {
                int64_t next = state[lane] + half;
                int reached = edges[next - 1] <= x[row + lane];
                state[lane] = __builtin_unpredictable(reached) ? next : state[lane];
            }
        }
        for (int lane = 0; lane < WIDTH; lane++) {
            states[row + lane] = x[row + lane] == x[row + lane] ? (int32_t)state[lane] : count + 1;
        }
    }
    for (; row < rows; row++) {
        states[row] = x[row] == x[row] ? edge_state_plain(edges, depth, x[row]) : count + 1;
    }
}

static void axis_states(
    const limpet_axis *axis, const double *pool, const double *x, int64_t rows, int32_t *states) {
    if (axis->depth > 0) {
        edge_states(pool + axis->edges, axis->count, axis->depth, x, rows, states);
        return;
    }
    for (int64_t row = 0; row < rows; row++) states[row] = code_state(x[row], axis->count);
}

#if defined(__x86_64__)
// Loads lane by lane rather than gathers: on processors with the mitigation of gather data sampling (Intel's
// Skylake to Ice Lake) a gather takes up to four times as long as the loads.
AVX512 INLINE __m512d eight_of(const double *base, __m512i place) {
    int64_t p[8];
    _mm512_storeu_si512(p, place);
    return _mm512_setr_pd(
        base[p[0]], base[p[1]], base[p[2]], base[p[3]], base[p[4]], base[p[5]], base[p[6]], base[p[7]]);
}

AVX2 INLINE __m256d four_of(const double *base, __m256i place) {
    int64_t p[4];
    _mm256_storeu_si256((__m256i *)p, place);
    return _mm256_setr_pd(base[p[0]], base[p[1]], base[p[2]], base[p[3]]);
}

// Searches the tree, whose upper levels are in registers: a level of eight nodes is read by one permutation,
// one of sixteen by a permutation of two registers.
AVX512 INLINE __m512i tree_state_512(
    const __m512d *upper, const double *edges, int32_t depth, __m512d x) {
    const __m512i one = _mm512_set1_epi64(1);
    __m512i state = _mm512_setzero_si512();
#pragma clang loop unroll(full)
    for (int32_t tier = 0; tier < depth; tier++) {
        __m512d node;
        if (tier < 4) {
            node = _mm512_permutexvar_pd(state, upper[tier]);
        } else if (tier == 4) {
            node = _mm512_permutex2var_pd(upper[4], state, upper[5]);
        } else {
            __m512i twice = _mm512_add_epi64(_mm512_add_epi64(state, state), one);
            __m512i place = _mm512_sub_epi64(
                _mm512_sll_epi64(twice, _mm_cvtsi32_si128(depth - 1 - tier)), one);
            node = eight_of(edges, place);
        }
        __mmask8 reached = _mm512_cmp_pd_mask(node, x, _CMP_LE_OQ);
        state = _mm512_add_epi64(state, state);
        state = _mm512_mask_add_epi64(state, reached, state, one);
    }
    return state;
}

AVX512 INLINE __m512d table_512(const __m512d *tables, const double *values, int32_t depth, __m512i state) {
    if (depth == 3) return _mm512_permutexvar_pd(state, tables[0]);
    if (depth == 4) return _mm512_permutex2var_pd(tables[0], state, tables[1]);
    if (depth == 5) {
        __m512d low = _mm512_permutex2var_pd(tables[0], state, tables[1]);
        __m512d high = _mm512_permutex2var_pd(tables[2], state, tables[3]);
        return _mm512_mask_blend_pd(_mm512_test_epi64_mask(state, _mm512_set1_epi64(16)), low, high);
    }
    return eight_of(values, state);
}

AVX512 INLINE void add_steps_512(
    const limpet_axis *axis, const double *pool, const double *values, int32_t depth, const double *x,
    int64_t rows, double *sums) {
    __m512d upper[6], tables[4];
    const double *nodes = pool + axis->nodes, *edges = pool + axis->edges;
    for (int tier = 0; tier < 4; tier++) upper[tier] = _mm512_loadu_pd(nodes + 8 * tier);
    upper[4] = _mm512_loadu_pd(nodes + 32);
    upper[5] = _mm512_loadu_pd(nodes + 40);
    int32_t wide = depth < 5 ? 1 << (depth - 3) : 4;
    for (int part = 0; part < wide; part++) tables[part] = _mm512_loadu_pd(values + 8 * part);
    __m512d missing = _mm512_set1_pd(values[axis->count + 1]);
    int64_t row = 0;
    for (; row + 32 <= rows; row += 32) {
#pragma clang loop unroll(full)
        for (int part = 0; part < 4; part++) {
            __m512d number = _mm512_loadu_pd(x + row + 8 * part);
            __m512d value = table_512(tables, values, depth, tree_state_512(upper, edges, depth, number));
            value = _mm512_mask_mov_pd(value, _mm512_cmp_pd_mask(number, number, _CMP_UNORD_Q), missing);
            double *out = sums + row + 8 * part;
            _mm512_storeu_pd(out, _mm512_add_pd(_mm512_loadu_pd(out), value));
        }
    }
    for (; row < rows; row += 8) {
        __mmask8 lanes = rows - row < 8 ? (__mmask8)((1 << (rows - row)) - 1) : 0xff;
        __m512d number = _mm512_maskz_loadu_pd(lanes, x + row);
        __m512d value = table_512(tables, values, depth, tree_state_512(upper, edges, depth, number));
        value = _mm512_mask_mov_pd(value, _mm512_cmp_pd_mask(number, number, _CMP_UNORD_Q), missing);
        __m512d sum = _mm512_add_pd(_mm512_maskz_loadu_pd(lanes, sums + row), value);
        _mm512_mask_storeu_pd(sums + row, lanes, sum);
    }
}

AVX512 static void steps_512(
    const limpet_axis *axis, const double *pool, const double *values, const double *x, int64_t rows,
    double *sums) {
    switch (axis->depth) {
    case 3: add_steps_512(axis, pool, values, 3, x, rows, sums); break;
    case 4: add_steps_512(axis, pool, values, 4, x, rows, sums); break;
    case 5: add_steps_512(axis, pool, values, 5, x, rows, sums); break;
    case 6: add_steps_512(axis, pool, values, 6, x, rows, sums); break;
    case 7: add_steps_512(axis, pool, values, 7, x, rows, sums); break;
    case 8: add_steps_512(axis, pool, values, 8, x, rows, sums); break;
    default: break;
    }
}

AVX2 INLINE void add_steps_256(
    const limpet_axis *axis, const double *pool, const double *values, int32_t depth, const double *x,
    int64_t rows, double *sums) {
    const double *edges = pool + axis->edges;
    __m256d missing = _mm256_set1_pd(values[axis->count + 1]);
    int64_t row = 0;
    for (; row + 16 <= rows; row += 16) {
#pragma clang loop unroll(full)
        for (int part = 0; part < 4; part++) {
            __m256d number = _mm256_loadu_pd(x + row + 4 * part);
            __m256i state = _mm256_setzero_si256();
#pragma clang loop unroll(full)
            for (int32_t tier = 0; tier < depth; tier++) {
                int64_t half = (int64_t)1 << (depth - 1 - tier);
                __m256d node = four_of(edges + half - 1, state);
                __m256d reached = _mm256_cmp_pd(node, number, _CMP_LE_OQ);
                __m256i step = _mm256_and_si256(_mm256_castpd_si256(reached), _mm256_set1_epi64x(half));
                state = _mm256_add_epi64(state, step);
            }
            __m256d value = four_of(values, state);
            value = _mm256_blendv_pd(value, missing, _mm256_cmp_pd(number, number, _CMP_UNORD_Q));
            double *out = sums + row + 4 * part;
            _mm256_storeu_pd(out, _mm256_add_pd(_mm256_loadu_pd(out), value));
        }
    }
    for (; row < rows; row++) {
        int32_t state = x[row] == x[row] ? edge_state_plain(edges, depth, x[row]) : axis->count + 1;
        sums[row] += values[state];
    }
}

AVX2 static void steps_256(
    const limpet_axis *axis, const double *pool, const double *values, const double *x, int64_t rows,
    double *sums) {
    switch (axis->depth) {
    case 3: add_steps_256(axis, pool, values, 3, x, rows, sums); break;
    case 4: add_steps_256(axis, pool, values, 4, x, rows, sums); break;
    case 5: add_steps_256(axis, pool, values, 5, x, rows, sums); break;
    case 6: add_steps_256(axis, pool, values, 6, x, rows, sums); break;
    case 7: add_steps_256(axis, pool, values, 7, x, rows, sums); break;
    case 8: add_steps_256(axis, pool, values, 8, x, rows, sums); break;
    default: break;
    }
}
#endif

void limpet_add_table_to_rows(
    const limpet_table *table, const double *pool, const double *x, const double *y, int64_t rows,
    double *sums, int32_t *states, int32_t level) {
    const double *values = pool + table->values;
#if defined(__x86_64__)
    if (level > 0 && table->second_states == 0 && table->first.depth > 0 && table->first.depth <= 8) {
        if (level == 2) steps_512(&table->first, pool, values, x, rows, sums);
        else steps_256(&table->first, pool, values, x, rows, sums);
        return;
    }
#endif
    (void)level;
    axis_states(&table->first, pool, x, rows, states);
    if (table->second_states == 0) {
        for (int64_t row = 0; row < rows; row++) sums[row] += values[states[row]];
        return;
    }
    axis_states(&table->second, pool, y, rows, states + rows);
    for (int64_t row = 0; row < rows; row++) {
        sums[row] += values[(int64_t)states[row] * table->second_states + states[rows + row]];
    }
}
