// The runtime's own copies of the functions that other compilers than the JIT's inline.
#define WEIR_OUT_OF_LINE
#include "weir_ops.h"
#include "weir_json.h"
#include "weir_fn.h"
#include "weir_wire.h"
