// The few BLAS and LAPACK routines that Limpet calls. LAPACK's Fortran symbols are part of libopenblas
// itself; they are declared here because LAPACKE would pull in three more libraries.
#ifndef LIMPET_COPENBLAS_SHIM_H
#define LIMPET_COPENBLAS_SHIM_H

#include <cblas.h>
#include <stddef.h>
#include <stdint.h>

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
