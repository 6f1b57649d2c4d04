// What the files of this room share. The file is written in sections (types, codecs, functions, tables), each part of it when something first needs
// it: so nothing is there that is not used, and everything stands before its first use.
#ifndef WEIR_EMIT_EMITTER_H
#define WEIR_EMIT_EMITTER_H

#include "base/writer.h"
#include "emit/emit.h"
#include "emit/names.h"

enum section {
    SECTION_CONSTANTS,
    SECTION_HELPERS, // equality, hashes
    SECTION_DECODERS,
    SECTION_ENCODERS,
    SECTION_FNS, // the program's own functions
    SECTION_SERDES,
    SECTION_KEEPERS,   // what stores ask of values
    SECTION_FUNCTIONS, // stages
    SECTION_TESTS,
    SECTION_TABLES,
    SECTION_COUNT,
};

// Of a record, union or enum; by the id of its canonical type, so that types that differ only in how JSON writes them share a struct.
struct type_info {
    const char *name;     // of its struct, or the prefix of its constants
    const char **members; // C names of its fields or cases
    bool *used;           // fields that the program touches: the others have no member
    bool needed, visited;
};

// Something written once and asked for again: KIND of A and B.
struct made {
    const char *kind;
    const void *a, *b;
    const char *name;
    bool uses_ctx, can_fail; // of a fn: it takes the context; the record may be bad behind it
};

struct emitter {
    struct arena *arena;
    const struct plan *plan;
    struct source_set *sources;
    struct emit_options options;
    struct names *words;   // of the program's text
    struct names *globals; // of variables, constants and functions, none of them a word
    struct names *tags;    // of structs and enums
    struct type_info *types;
    struct writer sections[SECTION_COUNT];
    VEC(struct made) made;
    VEC(struct wrapper *) wrappers;                                      // emit_partitioner.c
    const char **sink_names, **source_names, **store_names, **tap_names; // enumeration constants, by index
};

struct made *made_find(struct emitter *e, const char *kind, const void *a, const void *b);
// Enters a global name for it, made of a prefix and BASE.
const char *made_new(struct emitter *e, const char *kind, const void *a, const void *b, const char *base);
// Puts a finished part behind the others of its section, an empty line between them, and frees TEXT.
void section_add(struct emitter *e, enum section section, struct writer *text);

// ---- values as C text ----

enum prec { PREC_COND, PREC_OR, PREC_AND, PREC_NOT, PREC_EQUAL, PREC_ADD, PREC_MUL, PREC_UNARY, PREC_POSTFIX };

struct value {
    const char *text;
    enum prec prec;
    bool pointer; // TEXT points to the value: a record or union
    bool path;    // a name or a path from one: reading it again costs nothing and gives the same
    bool lasting; // its memory outlives the expression: a pointer to it may be kept
};

struct binding {
    const struct var *var;
    struct value value;
    const char *null_test; // of a key whose type is not optional: C condition that there is none; NULL: there is one
    bool checked;          // the condition has been tested here
    bool read;
};

// A table's row at a stage: whether there is one, and what was made of it.
enum side { NOW, BEFORE }; // the change
struct row_var {
    const struct var *var;
    struct value sides[2];
};
struct row {
    const char *there[2]; // C conditions, as tight as a name; NULL: there is one
    bool knows_old;       // the side BEFORE is there to look at
    VEC(struct row_var) vars;
};

// A row of a block's store that is at hand: it stays what it is until the record is through.
struct held_row {
    const struct store_place *place;
    const char *row; // C name of a variable
};

// A C function that is being written.
struct body {
    struct emitter *e;
    struct writer *out;
    struct names *locals;
    const char *fail;        // what to do after a failure ("return;"); NULL: go on, values are zeros
    const char *timestamp;   // the record's event time
    const char *key_bytes;   // of the record or change that came in; of a windowed key the inner one's
    const char *start, *end; // of its window
    bool changes;            // it is the function of a table, or of what always has a key
    struct row *row;         // where what flows are a table's changes; else NULL
    bool uses_ctx;
    int subs;                        // that are open
    bool tombstone;                  // the record has no value
    const struct stage *marked;      // whose lines follow (#line)
    struct span commented;           // the program's text that was last shown
    const struct handler *handler;   // of a processor block, that is being written; NULL: none
    const struct stage *block_input; // whose records it takes; NULL: a timer's
    VEC(struct held_row) rows;
    VEC(struct binding) bindings;
};

// ---- emit_name.c ----
// TEXT as an identifier that C, its standard macros and the runtime leave to the program.
const char *name_of(struct emitter *e, const char *text);
// OrderLine as order_line.
const char *name_snake(struct emitter *e, const char *text);

// ---- emit_type.c ----
void types_name(struct emitter *e);
void types_write(struct emitter *e, struct writer *out);
const char *type_c(struct emitter *e, const struct type *t);
// "int64_t name", "const struct Sale *name".
const char *type_declare(struct emitter *e, const struct type *t, const char *name);
// bool i32 i64 f32 f64 dec str: the suffix of the runtime's functions for it; NULL: made of others.
const char *type_suffix(const struct type *t);
bool type_is_struct(const struct type *t);                      // record or union
const char *type_name(struct emitter *e, const struct type *t); // for names of functions: Sale, i64, list_of_Sale
const char *type_member(struct emitter *e, const struct type *t, int index);
const char *type_case(struct emitter *e, const struct type *t, int index); // constant of an enum's or union's case

// Begins a line that says which line of the program the next ones are from; a lone one ends that.
#define LINE_MARK "\001"
// Around what sub_if_read writes: a line with the names of the variables, and a line behind it.
#define UNREAD_BEGIN '\002'
#define UNREAD_END '\003'

// ---- emit_value.c ----
struct body body_new(struct emitter *e, struct writer *out, const char *fail);
void body_line(struct body *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
// "w", noting that it is needed.
const char *ctx(struct body *b);
// if (w->bad) return;
void body_check(struct body *b);
const char *body_local(struct body *b, const char *base);
void body_bind(struct body *b, const struct var *var, struct value value);
struct binding *body_binding(struct body *b, const struct var *var);

struct value value_make(enum prec prec, const char *text);
struct value value_printf(struct body *b, enum prec prec, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct value value_path(const char *text);    // of a local variable or parameter
struct value value_pointer(const char *text); // of what a pointer points to
const char *value_text(struct body *b, struct value v, enum prec at_least);
const char *value_arg(struct body *b, struct value v); // as an argument or initializer
// A pointer to it; of what has no memory, to a temporary of that type.
const char *value_address(struct body *b, struct value v, const struct type *t);
struct value value_member(struct body *b, struct value v, const char *member);
// Into a new local variable, unless it is a path.
struct value value_keep(struct body *b, struct value v, const struct type *t, const char *name);
struct value value_local(struct body *b, struct value v, const struct type *t, const char *name); // always
// As an argument that a function takes: records by pointer.
const char *value_passed(struct body *b, struct value v, const struct type *t);
const char *type_parameter(struct emitter *e, const struct type *t, const char *name);
struct value value_parameter(const struct type *t, const char *name);

struct value value_null(struct body *b, const struct type *optional);
struct value value_zero(struct body *b, const struct type *t);
// Of an optional type: is it there; it as the plain type; the plain value as it.
struct value value_is_some(struct body *b, struct value v, const struct type *optional, bool negated);
struct value value_unwrap(struct body *b, struct value v, const struct type *optional);
struct value value_some(struct body *b, struct value v, const struct type *optional);

// Statements that are wanted only if there are any: begin, write, end; what was written is in TEXT.
struct sub {
    struct writer text, *outer;
    int bindings, rows;
    bool *checked;
    int checked_count, local_count;
    const char **locals; // names of variables made in it
    bool block;
};
void sub_begin(struct body *b, struct sub *s);
// Of a block whose first line is written: no variable will be declared before it, so the names in it may be used again behind it.
void block_begin(struct body *b, struct sub *s);
bool sub_end(struct body *b, struct sub *s); // true if something was written
// Writes it, one level deeper, and frees it.
void sub_flush(struct body *b, struct sub *s);
// The end of it, written one level deeper, and the brace behind it.
void block_end(struct body *b, struct sub *s);
// Writes it in the same block.
void sub_splice(struct body *b, struct sub *s);
// Writes it in the same block, to be taken away again (code_drop_unread) if nothing behind it reads a variable that is made in it.
void sub_if_read(struct body *b, struct sub *s);
void sub_drop(struct sub *s);

// ---- emit_constant.c ----
struct value emit_constant(struct body *b, const struct texpr *x);
const char *text_c_string(struct emitter *e, const char *text, size_t len);
const char *c_string(struct emitter *e, const char *text);
// A constant list or record is a static const, where it is worth it; false if X is not constant.
bool emit_static_list(struct body *b, const struct texpr *x, struct value *v);

// ---- emit_expr.c ----
bool expr_can_fail(struct body *b, const struct texpr *x);
bool expr_reads(const struct texpr *x, const struct var *var);
struct value emit_expr(struct body *b, const struct texpr *x);
// NAME: for a variable, if the result needs one; NULL: any.
struct value emit_named_expr(struct body *b, const struct texpr *x, const char *name);
// Several, evaluated from left to right.
void emit_exprs(struct body *b, struct texpr *const *xs, int count, struct value *values);
// Evaluates X into a variable (already declared) or record member.
void emit_assign(struct body *b, const char *to, const struct texpr *x);

// ---- emit_fn.c ----
struct made *emit_fn(struct emitter *e, const struct fn *fn);
struct value emit_fn_call(struct body *b, const struct texpr *x);
// The same, though it may be one that need be made only once.
struct value emit_fn_call_now(struct body *b, const struct texpr *x);

// ---- emit_extern.c ----
// They are what they are in C: nothing else may be called so.
void extern_take_names(struct emitter *e);
// Whether X, a call, gives the same each time: it is pure, its arguments constants.
bool extern_is_once(const struct texpr *x);
// The function that gives what the call X gave the first time; it takes the context.
const char *extern_once(struct emitter *e, const struct texpr *x);
// The result of the call that is all that an extern fn does.
struct value emit_extern_body(struct body *b, const struct fn *fn);

// ---- emit_choice.c: what is evaluated only if needed ----
struct value emit_and_or(struct body *b, const struct texpr *x);
struct value emit_if(struct body *b, const struct texpr *x, const char *name);
struct value emit_coalesce(struct body *b, const struct texpr *x, const char *name);
struct value emit_lift(struct body *b, const struct texpr *x, const char *name);
struct value emit_bound(struct body *b, const struct texpr *x, const char *name);
struct value emit_match(struct body *b, const struct texpr *x, const char *name);
struct value emit_try(struct body *b, const struct texpr *x, const char *name);

// ---- emit_op.c ----
struct value emit_arith(struct body *b, const struct texpr *x);
struct value emit_neg(struct body *b, const struct texpr *x);
struct value emit_compare(struct body *b, const struct texpr *x);
struct value emit_widen(struct body *b, const struct texpr *x);
struct value emit_in(struct body *b, const struct texpr *x);
struct value emit_index(struct body *b, const struct texpr *x);
struct value emit_lookup(struct body *b, const struct texpr *x);
struct value value_concat(struct body *b, const struct value *values, int count);
// A local array of the values; its name.
const char *value_array(struct body *b, const char *type, const struct value *values, int count);
struct value value_element(struct body *b, struct value list, const struct type *element, const char *index);

// ---- emit_equal.c ----
struct value emit_equal(struct body *b, struct value left, struct value right, const struct type *t);
struct value emit_hash(struct body *b, struct value v, const struct type *t);
// Its struct weir_element.
const char *emit_element(struct emitter *e, const struct type *t);

// ---- emit_call.c, emit_list.c ----
struct value emit_call(struct body *b, const struct texpr *x, const char *name);
const char *enum_names(struct emitter *e, const struct type *t);
// The least or greatest of the two.
struct value value_choose(struct body *b, const struct type *t, bool least, struct value left, struct value right);
struct value emit_list_call(struct body *b, const struct texpr *x, const char *name);
// The address of V, an element of a list, for a function of the runtime; NAME: of the local variable that it may need.
const char *element_address(struct body *b, struct value v, const struct type *t, const char *name);
const char *sizeof_element(struct body *b, const struct type *element);
struct value emit_list_literal(struct body *b, const struct texpr *x);
struct value emit_map_literal(struct body *b, const struct texpr *x);

// ---- emit_aggregate.c ----
struct value emit_aggregate_call(struct body *b, const struct texpr *x);

// ---- emit_decode.c ----
// Reads the value at `struct weir_json *J` into TARGET (an lvalue): a condition that holds on failure. BASE: for the names of readers.
const char *emit_read(struct body *b, const struct type *t, const struct uses *uses, const char *base, const char *j,
                      const char *target);

// ---- emit_encode.c ----
// Writes V behind what is in the struct weir_buf that BUF points to.
void emit_write(struct body *b, const struct type *t, const char *buf, struct value v);

// ---- emit_csv.c ----
const char *csv_reader(struct emitter *e, const struct type *t, const struct uses *uses);
const char *csv_writer(struct emitter *e, const struct type *t);

// ---- emit_serde.c ----
// Statements that decode BYTES, a C expression that is not null unless MAYBE_NULL or the type is optional, into the new local variable NAME;
// BASE: for names of what reads parts of it. Failure is b->fail.
struct value emit_decode(struct body *b, const struct serde *serde, const struct uses *uses, const char *base,
                         const char *bytes, const char *name, bool maybe_null);
// As a struct weir_str: a null one if V is null, or NULL_TEST holds (a C condition, or NULL). NAME: for buffers.
struct value emit_encode(struct body *b, const struct serde *serde, struct value v, const struct type *t,
                         const char *null_test, const char *name);
struct value emit_json_text(struct body *b, struct value v, const struct type *t, const char *name);
// WEIR_TIME_WINDOWS etc., of a windowed key's.
const char *serde_window(const struct serde *serde);
const char *serde_table(struct emitter *e, const struct serde *serde);

// ---- emit_partitioner.c ----
const char *partitioner_fn(struct emitter *e, const struct partitioner *p, const struct serde *key,
                           const struct serde *value);

// ---- emit_keep.c, emit_store.c ----
// Strings, lists and the like: a copy of the C value alone is not enough to keep it.
bool type_has_parts(const struct type *t);
// Whether parts of a value may be local variables of who made it: records that may be null, and what has such in it. Lists are in the arena, in a row, or constants.
bool type_has_local_parts(const struct type *t);
// The functions of struct weir_store for values of type T, which has parts.
const char *emit_extra(struct emitter *e, const struct type *t);
const char *emit_keep(struct emitter *e, const struct type *t);
// The function of struct weir_store that shows a row, of an aggregate whose value is not its state.
const char *emit_show(struct emitter *e, const struct plan_store *store);
void write_store(struct emitter *e, struct writer *out, const struct plan_store *store);

// ---- emit_function.c, emit_merge.c, emit_source.c, emit_stage.c, emit_sink.c ----
void emit_function(struct emitter *e, const struct plan_function *f);
// Adds the function whose statements are in B.
void function_add(struct body *b, const struct plan_function *f, const char *name, const char *params);
// Whether C code has the name other than in comments and literals.
bool code_mentions(const char *code, const char *name);
// A parameter (NULL: there is none) that CODE may not need.
void ignore_unless_in(struct body *b, const char *code, const char *name);
// Of a whole function's statements.
void code_drop_unread(struct writer *code);
// The key and the window of what comes in are variables; they are read, in front of the stages, if something has asked for them.
void bind_key(struct body *b, const struct stage *root, bool needed);
void read_key(struct body *b, const struct stage *root, const struct serde *serde);
void bind_window(struct body *b, const struct stage *root);
void read_window(struct body *b, const struct stage *root);
// Both, and behind them STAGES, which is freed.
void read_in_front(struct body *b, const struct stage *root, const struct serde *key, struct writer *stages);
void emit_source(struct emitter *e, const struct plan_function *f, bool tombstone);
void emit_merge(struct emitter *e, const struct plan_function *f, bool tombstone);
// Where the key at STAGE may be null although its type is not optional.
bool key_may_be_null(const struct stage *stage);
// Or it is.
bool may_lack_key(const struct stage *stage);
void call_merge(struct body *b, const struct stage *from, const struct stage *merge);
void emit_outputs(struct body *b, const struct stage *stage);
// KEY, bytes of the inner key, as SERDE has it: with its window.
const char *with_window(struct body *b, const struct serde *serde, const char *key);
// The key as bytes, as SINK has it.
const char *sent_key(struct body *b, const struct plan_sink *sink, const struct var *key);
const struct plan_sink *sink_of(const struct emitter *e, const struct stage *stage);
void emit_sink(struct body *b, const struct stage *stage);
void emit_repartition(struct body *b, const struct stage *stage);
void emit_tap(struct body *b, const struct stage *stage);
const char *source_name(const struct emitter *e, const struct stage *stage); // NULL: the program has none such
const char *tap_name(const struct emitter *e, const struct stage *stage); // of those behind STAGE; NULL: no test looks
// What a variable for VALUE is called.
const char *value_name(struct body *b, const struct var *value);
// A C condition; statements before it, where it may fail.
const char *condition(struct body *b, const struct texpr *x);
bool stage_is_live(const struct body *b, const struct stage *stage);
void stage_comment(struct body *b, const struct stage *stage);
bool var_used(const struct body *b, const struct var *var);
// With options.lines: what follows is of STAGE's line.
void mark_line(struct body *b, const struct stage *stage);
// The program's text at SPAN as comments, BEFORE it in the first; the whole lines that it is in.
void span_comment(struct emitter *e, struct writer *out, struct span span, const char *before);
void line_comment(struct emitter *e, struct writer *out, struct span span);

// ---- emit_change.c, emit_row.c: tables ----
void emit_changed(struct emitter *e, const struct plan_function *f);
// The fields of a struct weir_change, and the end of the call that it is an argument of, followed by BEHIND. OLD: NULL if not asked for.
void put_change(struct body *b, const char *key, const char *value, const char *old, const char *timestamp,
                const char *behind);
// The body of a function that takes a change `c` of ROOT's table, of which ROW is known; and the function, its statements REST behind those in CODE that
// read what they ask for. PARAMS: besides the change.
struct body change_begin(struct emitter *e, struct writer *code, const struct stage *root, struct row *row);
void change_end(struct body *b, const struct plan_function *f, struct writer *rest, const char *params);
void emit_row_stage(struct body *b, const struct stage *from, const struct stage *stage);
// A change as records: EMIT for those with the new value, and for those without one if the row is gone.
void emit_both_ways(struct body *b, const struct stage *stage, void (*emit)(struct body *, const struct stage *));
// X over the row is the value of STAGE's; and what comes behind it.
void emit_row_value(struct body *b, const struct stage *stage, const struct texpr *x);
// Makes VALUE and OLD, which is there only if the row knows it, the row's variable.
void row_bind(struct body *b, const struct var *var, struct value value, struct value old);
// Expressions are over the row as it is on SIDE, until the sub that is open ends.
void row_side(struct body *b, enum side side);
// C text of a pointer to the value that the row behind STAGE has on SIDE; NULL if it is not there.
const char *row_pointer(struct body *b, const struct stage *stage, enum side side);

// ---- emit_join_tables.c, emit_foreign.c: joins of tables ----
// The later of two times, C texts.
const char *later_of(struct body *b, const char *a, const char *other);
// The row of a side of a join, and its time; of one that nothing comes in on there is none.
struct found find_side(struct body *b, const struct stage *side, const char *key, const char *start, const char *name);
void emit_joined(struct emitter *e, const struct plan_function *f);
// A change of FROM, a side of the join.
void emit_join_tables(struct body *b, const struct stage *from, const struct stage *stage);
void emit_subscriptions(struct body *b, const struct stage *repartition);
void emit_subscribe(struct body *b, const struct stage *subscribe);
void emit_answers(struct body *b, const struct stage *subscribe);
void emit_join_foreign(struct body *b, const struct stage *stage);
void emit_kept(struct body *b, const struct stage *stage);

// ---- emit_process.c, emit_place.c: processor blocks ----
// What comes of a record of FROM, one of the block's inputs.
void emit_process(struct body *b, const struct stage *from, const struct stage *stage);
void emit_timer(struct emitter *e, const struct plan_function *f);
void emit_stmts(struct body *b, struct tstmt *const *items, int count);
struct value emit_stored(struct body *b, const struct texpr *x);
// A value of a store at POINTER (C text; NULL: none), as one of OPTIONAL that lasts when the row is given another.
struct value stored_value(struct body *b, const char *pointer, const struct type *optional);
void emit_put_stored(struct body *b, const struct tstmt *s);
void emit_delete_stored(struct body *b, const struct tstmt *s);
void emit_scan(struct body *b, const struct tstmt *s);

// ---- emit_prev.c ----
void emit_prev(struct body *b, const struct stage *stage);

// ---- emit_fold.c: what records do to tables ----
void emit_update(struct body *b, const struct stage *from, const struct stage *stage);
void emit_put(struct body *b, const struct stage *stage);
// Gives the row of KEY in STORE the value; C texts.
void put_value(struct body *b, const struct plan_store *store, const char *key, const char *value);

// ---- emit_take.c: which records a store takes, and by which bytes ----
// C text of a pointer to V of type T, NULL if it is null.
const char *value_or_null(struct body *b, struct value v, const struct type *t, const char *name);
// VAR's value: what POINTER points to, or null where that is NULL.
struct value value_pointed(struct body *b, const struct var *var, const char *pointer);
// VAR (NULL: nobody's) is what POINTER points to; if it may be null, null where that is NULL.
void bind_pointed(struct body *b, const struct var *var, const char *pointer);
// Whether the keys of the records of an input are the bytes that came in.
bool store_is_raw(const struct plan_store *store, int input);
// C conditions that the record at FROM has no key (RAW: its bytes are taken as they came in) or no value; NULL: it has.
const char *key_is_missing(struct body *b, bool raw, const struct stage *from);
const char *value_is_missing(struct body *b, const struct stage *from);
// The key, which is there, as bytes.
const char *emit_row_key(struct body *b, bool raw, const struct var *key, const struct serde *serde);
// Drops the record if MISSING (NULL: never) holds; what follows, in S, is for the others.
void begin_rest(struct body *b, const char *store, const char *missing, struct sub *s);
void end_rest(struct body *b, const char *missing, struct sub *s);

// ---- emit_view.c: rows of tables that joins find ----
// What is looked for; C texts.
struct finding {
    const struct stage *table;
    const char *key;   // bytes
    const char *start; // of its window, whose end is the body's; NULL: the key has none
    const char *at;    // as the row was then, of a versioned table; NULL: as it is
    const char *name;  // for the variables
    bool null_key;     // the key may be null, and then finds nothing
    bool time;         // the row's timestamp is asked for
};
// A row, or none: C names of local variables.
struct found {
    const char *value; // a pointer to the value of the table, NULL if there is no row
    const char *time;  // an int64_t, the row's timestamp; 0 if there is none. NULL: not asked for
};
// Statements that find it: in the store, or by a call of the table's view, a function that computes it from the stores in front of it.
struct found emit_finding(struct body *b, const struct finding *f);
// The row as it is of KEY and START.
struct found emit_find(struct body *b, const struct stage *table, const char *key, const char *start, const char *name,
                       bool time);

// ---- emit_join.c: joins of a stream ----
void emit_join(struct body *b, const struct stage *from, const struct stage *stage);
void emit_join_function(struct emitter *e, const struct plan_function *f);

// ---- emit_table.c, emit_test.c ----
void emit_tests(struct emitter *e);
void emit_tables(struct emitter *e);

#endif
