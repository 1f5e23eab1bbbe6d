// OpenBLAS starts a thread for each processor when it is loaded, and these threads spin for their first
// twentieth of a second, when a short fit needs the processors itself. Limpet calls BLAS with one thread from
// its own threads, so they end before `main` begins. OpenBLAS starts them again if other code asks for them.

// Not every build of OpenBLAS has its own threads.
extern int blas_thread_shutdown_(void) __attribute__((weak));

__attribute__((constructor)) static void end_blas_threads(void) {
    if (blas_thread_shutdown_) blas_thread_shutdown_();
}
