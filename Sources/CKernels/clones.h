// Marks a function that is compiled once for each x86-64 level; the dynamic loader picks one.
#ifndef LIMPET_CLONES_H
#define LIMPET_CLONES_H

#if defined(__x86_64__) && !__has_feature(thread_sanitizer) && !__has_feature(address_sanitizer)
#define LIMPET_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LIMPET_CLONES
#endif

#endif
