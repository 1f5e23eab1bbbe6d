// The few BLAS and LAPACK routines that Limpet calls. LAPACK's Fortran symbols are part of libopenblas
// itself; they are declared here because LAPACKE would pull in three more libraries.
#ifndef LIMPET_COPENBLAS_SHIM_H
#define LIMPET_COPENBLAS_SHIM_H

#include <cblas.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// What OpenBLAS does when it is loaded, and its reverse; only in builds that choose kernels at run time.
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

// Makes OpenBLAS take the kernels of the processor's vector unit where it has taken those of the oldest
// processors, as it does with one that is newer than itself: products are then five to ten times as fast.
// OPENBLAS_CORETYPE decides as ever where it is set. To be called before anything else of OpenBLAS.
static inline void limpet_choose_kernels(void) {
#if defined(__x86_64__)
    if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit || getenv("OPENBLAS_CORETYPE")) return;
    if (strcmp(openblas_get_corename(), "Prescott") != 0) return;
    __builtin_cpu_init();
    int is_wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    int is_fused = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (!is_wide && !is_fused) return;
    setenv("OPENBLAS_CORETYPE", is_wide ? "SkylakeX" : "Haswell", 1);
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    unsetenv("OPENBLAS_CORETYPE");
#endif
}

// Cholesky factorisation of a symmetric positive definite matrix.
void dpotrf_(
    const char *uplo, const int32_t *n, double *a, const int32_t *lda, int32_t *info, size_t uplo_length);
// Solution of A X = B from the Cholesky factor.
void dpotrs_(const char *uplo, const int32_t *n, const int32_t *nrhs, const double *a, const int32_t *lda,
             double *b, const int32_t *ldb, int32_t *info, size_t uplo_length);
// Inverse from the Cholesky factor.
void dpotri_(
    const char *uplo, const int32_t *n, double *a, const int32_t *lda, int32_t *info, size_t uplo_length);

#endif
