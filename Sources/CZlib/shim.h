// zlib's `inflateInit2` and `deflateInit2` are macros, which Swift cannot call.
#ifndef LIMPET_CZLIB_SHIM_H
#define LIMPET_CZLIB_SHIM_H

#include <zlib.h>

static inline int limpet_inflate_init_gzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}

static inline int limpet_deflate_init_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
