// The contract between generated C and the runtime: include this and nothing else. WEIR_ABI changes with it.
#ifndef WEIR_H
#define WEIR_H

#include "weir_value.h"
#include "weir_ctx.h"
#include "weir_ops.h"
#include "weir_call.h"
#include "weir_list.h"
#include "weir_json.h"
#include "weir_wire.h"
#include "weir_fn.h"
#include "weir_program.h"

#endif
