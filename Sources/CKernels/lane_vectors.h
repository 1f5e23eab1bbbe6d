// Vectors of LANES numbers, and functions of them; included once for each number of lanes, with LANES and
// NAME(function) defined, and without fused operations.

typedef float NAME(numbers) __attribute__((vector_size(4 * LANES)));
typedef int32_t NAME(integers) __attribute__((vector_size(4 * LANES)));
typedef double NAME(doubles) __attribute__((vector_size(8 * LANES)));
typedef int64_t NAME(longs) __attribute__((vector_size(8 * LANES)));
typedef float NAME(numbers_in_memory) __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef double NAME(doubles_in_memory) __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef int64_t NAME(longs_in_memory) __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

#define V NAME(numbers)
#define VI NAME(integers)
#define AT(place) (*(NAME(numbers_in_memory) *)(place))
#define CONST_AT(place) (*(const NAME(numbers_in_memory) *)(place))
#define PICK(where, yes, no) ((V)(((where) & (VI)(yes)) | (~(where) & (VI)(no))))

// Replaces x >= 0 by e^−x, by a power of two and a series in the rest; more than 80 by e^−80. Vectors are
// passed in memory, since how registers pass them depends on the processor.
static inline __attribute__((always_inline)) void NAME(exp_of_negative)(V *numbers) {
    V zero = {0}, x = PICK(*numbers > 80, zero + 80, *numbers);
    V k = __builtin_elementwise_rint(x * -1.44269504f);
    V r = (-x - k * 0.693359375f) - k * -2.12194440e-4f;
    V u = zero + 1.9875691500e-4f;
    u = u * r + 1.3981999507e-3f;
    u = u * r + 8.3334519073e-3f;
    u = u * r + 4.1665795894e-2f;
    u = u * r + 1.6666665459e-1f;
    u = u * r + 5.0000001201e-1f;
    u = u * r * r + r + 1;
    VI power = (__builtin_convertvector(k, VI) + 127) << 23;
    *numbers = u * (V)power;
}
