// Decimals inside the runtime, as native 128-bit integers.
#ifndef WEIR_RT_DECIMAL_H
#define WEIR_RT_DECIMAL_H

#include "weir_ops.h"

struct u256 {
    weir_u128 hi, lo;
};

// The decimal(PRECISION, SCALE) of V / 10^FROM, rounded half away from zero; fails the record if it does not fit.
struct weir_dec dec_result(struct weir_ctx *w, bool negative, struct u256 v, int from, int precision, int scale);
struct weir_dec dec_rescale(struct weir_ctx *w, weir_i128 v, int from, int precision, int scale);

#endif
