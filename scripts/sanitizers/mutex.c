// Tells the thread sanitizer of a mutex of Swift for which a thread had to wait. The fast path of
// Synchronization.Mutex is compiled into its caller, where the sanitizer sees it; the slow one lies in the
// runtime's library, which is not instrumented, so that all that a contended mutex guards would be reported
// as a race. Preloaded by scripts/sanitize; in a process without the sanitizer it passes the calls on.

#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

SWIFT void lock_slow(uint32_t thread, SELF mutex) __asm__(LOCK);
SWIFT void lock_slow(uint32_t thread, SELF mutex) {
    SWIFT void (*next)(uint32_t, SELF) = dlsym(RTLD_NEXT, LOCK);
    next(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock_slow(SELF mutex) __asm__(UNLOCK);
SWIFT void unlock_slow(SELF mutex) {
    SWIFT void (*next)(SELF) = dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(mutex);
    next(mutex);
}
