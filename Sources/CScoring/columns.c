#include "include/score_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f,avx512dq,avx512vl,avx2")))
#define AVX2 __attribute__((target("avx2")))
#define INLINE __attribute__((always_inline)) static inline
#endif

// The scalar loop for the rows that the tiles leave over.
#define REST(NAME, NUMBER) \
    static void NAME( \
        const NUMBER *x, int64_t stride, int64_t first, int64_t rows, int64_t columns, double *out, \
        int64_t out_stride) { \
        for (int64_t row = first; row < rows; row++) { \
            for (int64_t column = 0; column < columns; column++) { \
                out[column * out_stride + row] = x[row * stride + column]; \
            } \
        } \
    }

REST(rest_of_double, double)
REST(rest_of_single, float)

#if defined(__x86_64__)
AVX512 INLINE __m512d eight_doubles(const double *x, __mmask8 lanes) {
    return _mm512_maskz_loadu_pd(lanes, x);
}
AVX512 INLINE __m512d eight_singles(const float *x, __mmask8 lanes) {
    return _mm512_cvtps_pd(_mm256_maskz_loadu_ps(lanes, x));
}

// Rows are too far apart for the hardware prefetcher; a prefetch beyond the last row does no harm.
#define AHEAD 32

// Transposes eight rows of up to eight columns within registers: pairs of rows, then fours, then eights.
AVX512 INLINE void store_turned_512(const __m512d *row, int64_t columns, double *out, int64_t out_stride) {
    const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
    const __m512i high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    __m512d four[8], turned[8];
    for (int half = 0; half < 2; half++) {
        const __m512d *r = row + 4 * half;
        __m512d even[2] = {_mm512_unpacklo_pd(r[0], r[1]), _mm512_unpacklo_pd(r[2], r[3])};
        __m512d odd[2] = {_mm512_unpackhi_pd(r[0], r[1]), _mm512_unpackhi_pd(r[2], r[3])};
        four[4 * half] = _mm512_permutex2var_pd(even[0], low, even[1]);
        four[4 * half + 1] = _mm512_permutex2var_pd(odd[0], low, odd[1]);
        four[4 * half + 2] = _mm512_permutex2var_pd(even[0], high, even[1]);
        four[4 * half + 3] = _mm512_permutex2var_pd(odd[0], high, odd[1]);
    }
    for (int column = 0; column < 4; column++) {
        turned[column] = _mm512_shuffle_f64x2(four[column], four[4 + column], 0x44);
        turned[4 + column] = _mm512_shuffle_f64x2(four[column], four[4 + column], 0xee);
    }
    for (int column = 0; column < 8; column++) {
        if (column < columns) _mm512_storeu_pd(out + column * out_stride, turned[column]);
    }
}

#define TURN_512(NAME, NUMBER, LOAD) \
    AVX512 static int64_t NAME( \
        const NUMBER *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride) { \
        int64_t row = 0; \
        for (; row + 8 <= rows; row += 8) { \
            for (int64_t column = 0; column < columns; column += 8) { \
                int64_t left = columns - column < 8 ? columns - column : 8; \
                __mmask8 lanes = (__mmask8)((1u << left) - 1); \
                __m512d tile[8]; \
                for (int r = 0; r < 8; r++) { \
                    const NUMBER *line = x + (row + r) * stride + column; \
                    _mm_prefetch((const char *)(line + AHEAD * stride), _MM_HINT_T0); \
                    tile[r] = LOAD(line, lanes); \
                } \
                store_turned_512(tile, left, out + column * out_stride + row, out_stride); \
            } \
        } \
        return row; \
    }

TURN_512(turn_doubles_512, double, eight_doubles)
TURN_512(turn_singles_512, float, eight_singles)

AVX2 INLINE __m256d four_doubles(const double *x) { return _mm256_loadu_pd(x); }
AVX2 INLINE __m256d four_singles(const float *x) { return _mm256_cvtps_pd(_mm_loadu_ps(x)); }

AVX2 INLINE void store_turned_256(const __m256d *row, double *out, int64_t out_stride) {
    __m256d even[2] = {_mm256_unpacklo_pd(row[0], row[1]), _mm256_unpacklo_pd(row[2], row[3])};
    __m256d odd[2] = {_mm256_unpackhi_pd(row[0], row[1]), _mm256_unpackhi_pd(row[2], row[3])};
    _mm256_storeu_pd(out, _mm256_permute2f128_pd(even[0], even[1], 0x20));
    _mm256_storeu_pd(out + out_stride, _mm256_permute2f128_pd(odd[0], odd[1], 0x20));
    _mm256_storeu_pd(out + 2 * out_stride, _mm256_permute2f128_pd(even[0], even[1], 0x31));
    _mm256_storeu_pd(out + 3 * out_stride, _mm256_permute2f128_pd(odd[0], odd[1], 0x31));
}

#define TURN_256(NAME, NUMBER, LOAD) \
    AVX2 static int64_t NAME( \
        const NUMBER *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride) { \
        int64_t row = 0; \
        for (; row + 4 <= rows; row += 4) { \
            int64_t column = 0; \
            for (; column + 4 <= columns; column += 4) { \
                __m256d tile[4]; \
                for (int r = 0; r < 4; r++) tile[r] = LOAD(x + (row + r) * stride + column); \
                store_turned_256(tile, out + column * out_stride + row, out_stride); \
            } \
            for (; column < columns; column++) { \
                for (int r = 0; r < 4; r++) \
                    out[column * out_stride + row + r] = x[(row + r) * stride + column]; \
            } \
        } \
        return row; \
    }

TURN_256(turn_doubles_256, double, four_doubles)
TURN_256(turn_singles_256, float, four_singles)
#endif

void limpet_columns_of_rows(
    const double *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride,
    int32_t level) {
    int64_t done = 0;
#if defined(__x86_64__)
    if (level == 2) done = turn_doubles_512(x, stride, rows, columns, out, out_stride);
    if (level == 1) done = turn_doubles_256(x, stride, rows, columns, out, out_stride);
#endif
    (void)level;
    rest_of_double(x, stride, done, rows, columns, out, out_stride);
}

void limpet_columns_of_single_rows(
    const float *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride,
    int32_t level) {
    int64_t done = 0;
#if defined(__x86_64__)
    if (level == 2) done = turn_singles_512(x, stride, rows, columns, out, out_stride);
    if (level == 1) done = turn_singles_256(x, stride, rows, columns, out, out_stride);
#endif
    (void)level;
    rest_of_single(x, stride, done, rows, columns, out, out_stride);
}

void limpet_columns_of_single_columns(
    const float *x, int64_t stride, int64_t rows, int64_t columns, double *out, int64_t out_stride) {
    for (int64_t column = 0; column < columns; column++) {
        for (int64_t row = 0; row < rows; row++) out[column * out_stride + row] = x[column * stride + row];
    }
}
