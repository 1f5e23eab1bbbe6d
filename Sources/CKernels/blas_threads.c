// OpenBLAS starts a thread for each processor when it is loaded, and these wait for work by spinning for their first
// twentieth of a second: just when a short fit wants the processors for itself. Limpet calls BLAS at one thread from
// threads of its own, so they end before the program begins. OpenBLAS starts them anew should anybody else ask for
// them.

// Not every build of OpenBLAS has threads of its own.
extern int blas_thread_shutdown_(void) __attribute__((weak));

__attribute__((constructor)) static void end_blas_threads(void) {
    if (blas_thread_shutdown_) blas_thread_shutdown_();
}
