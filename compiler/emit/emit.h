// C text from the plan. Decides nothing; the same text on every run.
#ifndef WEIR_EMIT_EMIT_H
#define WEIR_EMIT_EMIT_H

#include "base/writer.h"
#include "plan/plan.h"

struct emit_options {
    bool lines; // #line directives to the .weir file (weir build -g, weir run -g)
};

// Writes one self-contained C file that includes only <weir.h>.
void emit_c(struct writer *out, const struct plan *plan, struct source_set *sources, struct emit_options options);

#endif
