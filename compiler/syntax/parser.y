// The grammar, and nothing else: each action makes one node. A word is given to the grammar as a keyword only where it
// can take that keyword (parse.c), so that every other place may use the word as a name.
%require "3.8"
%define api.pure full
%define api.push-pull push
%define api.token.prefix {T_}
%define api.value.type union
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
// Closed brackets are reduced at once, so that an error behind them is not taken for one inside them.
%define lr.default-reduction consistent
%locations
%expect 0
%parse-param {struct parser *p}

%code requires {
#include "syntax/ast_build.h"
}

%code {
// Without these, Bison would not let its stacks grow.
#define YYLTYPE_IS_TRIVIAL 1
#define YYSTYPE_IS_TRIVIAL 1
// Bounds the nesting that brackets don't: `!!!...`, `else if ... else if ...`.
#define YYMAXDEPTH 4000

#define YYLLOC_DEFAULT(result, rhs, n)                                                        \
    do {                                                                                      \
        if (n)                                                                                \
            (result) = span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n));                         \
        else                                                                                  \
            (result) = (struct span){YYRHSLOC(rhs, 0).file, YYRHSLOC(rhs, 0).end, YYRHSLOC(rhs, 0).end}; \
    } while (0)

#define FIRST(list, item) ((list).items = NULL, (list).count = (list).capacity = 0, (void)0); vec_push(p->arena, &(list), item)
#define ADD(list, before, item) (list) = (before); vec_push(p->arena, &(list), item)
#define EMPTY(type) ((struct type){0})
#define NO_NAME ((struct name){0})

static void yyerror(const struct span *span, struct parser *p, const char *message);
}

// ---- tokens: first what is no keyword; LAMBDA_OPEN is last ----

%token END 0 "the end of the file"
%token SEP 258 "a new line"
%token <const struct token *> NAME "a name" INT "a whole number" NUMBER "a number" STRING "a string"
%token <const struct token *> DURATION "a duration" SIZE "a size" TIMESTAMP "a timestamp" RANGE_END "a window's end" REGEX "a topic pattern"
%token LPAREN "(" RPAREN ")" LBRACKET "[" RBRACKET "]" LBRACE "{" RBRACE "}"
%token COMMA "," COLON ":" DOT "." DOTS ".." SAFE "?." QUESTION "?" COALESCE "??" SPREAD "..." AT "@"
%token PIPE "|" OR "||" AND "&&" NOT "!" ASSIGN "=" EQ "==" NE "!=" LT "<" LE "<=" GT ">" GE ">="
%token PLUS "+" MINUS "-" STAR "*" SLASH "/" PERCENT "%" ARROW "=>" YIELDS "->" FEEDS "<-"

%token ADVANCE "advance" AFTER "after" AGGREGATE "aggregate" ALL "all" APP "app" AS "as" BAD "bad"
%token BEFORE "before" BY "by" CHANGELOG "changelog" CHANGES "changes" COGROUP "cogroup" COMMIT "commit" COUNT "count"
%token DELETE "delete" DELIMITER "delimiter" EARLIEST "earliest" ELSE "else" EMIT "emit" ENUM "enum"
%token EVERY "every" EXPAND "expand" EXTERN "extern" FALSE "false" FILTER "filter" FINAL "final" FN "fn" FOLD "fold"
%token FOR "for" FROM "from" GLOBAL "global" GRACE "grace" GROUP "group" HEADERS "headers" HOPPING "hopping"
%token IDLE "idle" IF "if" IMPORT "import" IN "in" IS "is" JOIN "join" KEY "key"
%token LATEST "latest" LEFT "left" LET "let" LOG "log" MAP "map" MATCH "match" MEMORY "memory" MERGE "merge" NO "no"
%token NOT_WORD "not" NOTHING "nothing" NULL "null" ON "on" OUTER "outer" PARTITIONER "partitioner"
%token PARTITIONS "partitions" PEEK "peek" PROCESS "process" PURE "pure" RECORD "record"
%token REDUCE "reduce" REPARTITION "repartition" RETAIN "retain" ROCKSDB "rocksdb" SESSION "session" SHARED "shared"
%token SLIDING "sliding" SPLIT "split" START "start" STORE "store" STREAM "stream" TABLE "table" TEST "test"
%token THEN "then" TIME "time" TO "to" TRUE "true" TRY "try" TUMBLING "tumbling" TYPE "type" UNDO "undo" UNION "union"
%token VERSIONED "versioned" WALL "wall" WHERE "where" WINDOW "window" WINDOWED "windowed" WITHIN "within"
%token <const struct token *> JSON "json" AVRO "avro" PROTOBUF "protobuf" CSV "csv"
%token NEVER LAMBDA_OPEN "(a, b) =>"

// ---- precedence, from the loosest ----

%precedence LOOSE
%left COALESCE
%precedence TRY
%left OR
%left AND
%nonassoc EQ NE LT LE GT GE IN IS NOT_WORD
%left PLUS MINUS
%left STAR SLASH PERCENT
%precedence UNARY

%nterm <struct name> name record_name serde_format
%nterm <struct name_list> names bound_names cases flow_names
%nterm <struct flow_ref> flow_ref step_flow
%nterm <int64_t> duration

%nterm <struct ast_expr *> expr postfix range index primary call arg lambda record list at route
%nterm <struct expr_list> args items indices type_args setting_values
%nterm <struct ast_expr *> type_arg setting_value
%nterm <struct entry_list> entries
%nterm <struct item_list> record_items properties
%nterm <struct ast_record_item> record_item property
%nterm <struct arm_list> arms
%nterm <struct ast_match_arm> arm

%nterm <struct ast_type *> type plain_type record_body
%nterm <struct field_list> fields
%nterm <struct ast_field> field
%nterm <struct type_pair> type_pair key_value_types result
%nterm <struct ast_serde *> serde plain_serde
%nterm <struct serde_pair> serdes opt_serdes

%nterm <struct ast_decl *> decl app import type_decl enum_decl union_decl source flow_decl fn extern process test
%nterm <struct topic_list> topics
%nterm <struct clause_list> source_clauses window_clauses fold_clauses join_clauses repartition_clauses to_clauses
%nterm <struct clause_list> store_clauses emit_clauses
%nterm <struct clause> source_clause window_clause fold_clause join_clause repartition_clause to_clause store_clause
%nterm <struct clause> emit_clause time_clause partitioner
%nterm <struct setting_list> settings
%nterm <struct ast_setting> setting
%nterm <struct param_list> params
%nterm <struct ast_param> param
%nterm <bool> opt_pure

%nterm <struct ast_flow *> flow
%nterm <struct input_list> inputs
%nterm <struct ast_cogroup_input> input
%nterm <struct ast_stage *> stage aggregate
%nterm <struct branch_list> branches
%nterm <struct ast_split_branch> branch
%nterm <struct ast_store_options> opt_store store_kind
%nterm <enum ast_join_kind> join_kind

%nterm <struct members> members member_list
%nterm <struct ast_process_handler> handler
%nterm <struct stmt_list> block stmts else
%nterm <struct ast_stmt *> stmt if_stmt
%nterm <struct step_list> steps
%nterm <struct ast_test_step> step
%nterm <struct ast_expr *> opt_at opt_headers opt_range_end

%%

file: %empty | decls;

decls: decl            { build_file(p, $decl); }
     | decls SEP decl  { build_file(p, $decl); };

decl: app | import | type_decl | enum_decl | union_decl | source | flow_decl | fn | extern | process | test
    | broken { $$ = NULL; };

// ---- names ----

// After an error: tokens are thrown away until one can follow. NEVER is no token at all; without it, Bison would reduce
// before it has seen what follows.
broken: error | error NEVER;

name: NAME { $$ = build_name($NAME); };

names: name              { FIRST($$, $name); }
     | names COMMA name  { ADD($$, $1, $name); };

flow_ref: name           { $$ = (struct flow_ref){.head = $name, .span = @$}; }
        | name DOT name  { $$ = (struct flow_ref){.head = $1, .branch = $3, .span = @$}; };

sep: COMMA | SEP;
opt_comma: %empty | COMMA;

duration: DURATION { $$ = $DURATION->integer; };

// ---- the app ----

app: APP name  { $$ = build_decl(p, AST_DECL_APP, $name, @$); }
   | APP name LBRACE RBRACE
       { build_mark_block(p, @3, @4); $$ = build_decl(p, AST_DECL_APP, $name, @$); }
   | APP name LBRACE settings opt_comma RBRACE
       { build_mark_block(p, @3, @6); $$ = build_decl(p, AST_DECL_APP, $name, @$); build_settings(p, $$, $settings); };

settings: setting               { FIRST($$, $setting); }
        | settings sep setting  { ADD($$, $1, $setting); };

setting: name setting_values                            { $$ = build_setting(p, $name, $2, EMPTY(item_list), @$); }
       | name LBRACE RBRACE                             { $$ = build_setting(p, $name, EMPTY(expr_list), EMPTY(item_list), @$); }
       | name LBRACE properties opt_comma RBRACE        { $$ = build_setting(p, $name, EMPTY(expr_list), $properties, @$); }
       | broken                                         { $$ = EMPTY(ast_setting); };

setting_values: setting_value                 { FIRST($$, $1); }
              | setting_values setting_value  { ADD($$, $1, $2); };

setting_value: name      { $$ = build_name_expr(p, $name); }
             | STRING    { $$ = build_literal(p, AST_STRING, $1); }
             | INT       { $$ = build_literal(p, AST_INT, $1); }
             | NUMBER    { $$ = build_literal(p, AST_NUMBER, $1); }
             | DURATION  { $$ = build_literal(p, AST_DURATION, $1); }
             | SIZE      { $$ = build_literal(p, AST_SIZE, $1); }
             | TRUE      { $$ = build_constant(p, AST_BOOL, true, @$); }
             | FALSE     { $$ = build_constant(p, AST_BOOL, false, @$); };

properties: property                 { FIRST($$, $property); }
          | properties sep property  { ADD($$, $1, $property); };

property: record_name COLON expr { $$ = build_item($1, $3); }
        | broken                  { $$ = EMPTY(ast_record_item); };

// ---- imports and types ----

import: IMPORT STRING { $$ = build_file_decl(p, build_decl(p, AST_DECL_IMPORT, NO_NAME, @$), $2); };

type_decl: TYPE name record_body       { $$ = build_decl(p, AST_DECL_TYPE, $name, @$); $$->type = $3; }
         | TYPE name ASSIGN type       { $$ = build_decl(p, AST_DECL_TYPE, $name, @$); $$->type = $4; }
         | TYPE name FROM STRING       { $$ = build_file_decl(p, build_decl(p, AST_DECL_TYPE, $name, @$), $4); }
         | TYPE name FROM STRING name  { $$ = build_file_decl(p, build_decl(p, AST_DECL_TYPE, $2, @$), $4); $$->message = $5; };

enum_decl: ENUM name LBRACE cases opt_comma RBRACE  { $$ = build_decl(p, AST_DECL_ENUM, $name, @$); take_list($$->cases, $cases); }
         | ENUM name LBRACE broken RBRACE            { $$ = build_decl(p, AST_DECL_ENUM, $name, @$); };

cases: name            { FIRST($$, $name); }
     | cases sep name  { ADD($$, $1, $name); };

union_decl: UNION name BY name LBRACE fields opt_comma RBRACE
              { $$ = build_decl(p, AST_DECL_UNION, $2, @$); $$->tag = $4; build_members(p, $$, $fields); };

record_body: LBRACE RBRACE                   { $$ = build_record_type(p, EMPTY(field_list), @$); }
           | LBRACE fields opt_comma RBRACE  { $$ = build_record_type(p, $fields, @$); };

fields: field             { FIRST($$, $field); }
      | fields sep field  { ADD($$, $1, $field); };

field: name COLON type { $$ = (struct ast_field){$name, $type}; }
     | broken           { $$ = EMPTY(ast_field); };

type: plain_type
    | plain_type QUESTION  { $$ = build_optional_type(p, $1, @$); };

plain_type: name                               { $$ = build_named_type(p, $name); }
          | name LPAREN type_args RPAREN       { $$ = build_type_with_args(p, $name, $3, @$); }
          | name LPAREN broken RPAREN          { $$ = build_named_type(p, $name); }
          | LBRACKET type RBRACKET             { $$ = build_list_type(p, $2, @$); }
          | LBRACKET broken RBRACKET           { $$ = build_broken_type(p, @$); }
          | LBRACE RBRACE                      { $$ = build_braced_type(p, EMPTY(field_list), @$); }
          | LBRACE fields opt_comma RBRACE     { $$ = build_braced_type(p, $fields, @$); };

type_args: type_arg                  { FIRST($$, $type_arg); }
         | type_args COMMA type_arg  { ADD($$, $1, $type_arg); };

type_arg: name  { $$ = build_name_expr(p, $name); }
        | INT   { $$ = build_literal(p, AST_INT, $1); };

// ---- sources ----

source: STREAM name FROM topics serdes source_clauses
          { $$ = build_decl(p, AST_DECL_SOURCE, $name, @$); $$->source = build_source(p, false, false, $name, $topics, $serdes, $6); }
      | TABLE name FROM topics serdes source_clauses
          { $$ = build_decl(p, AST_DECL_SOURCE, $name, @$); $$->source = build_source(p, true, false, $name, $topics, $serdes, $6); }
      | GLOBAL TABLE name FROM topics serdes source_clauses
          { $$ = build_decl(p, AST_DECL_SOURCE, $name, @$); $$->source = build_source(p, true, true, $name, $topics, $serdes, $7); };

topics: STRING               { FIRST($$, build_topic(p, $1, false)); }
      | topics COMMA STRING  { ADD($$, $1, build_topic(p, $3, false)); }
      | REGEX                { FIRST($$, build_topic(p, $1, true)); };

serdes: serde ARROW serde { $$ = (struct serde_pair){$1, $3}; };

serde: plain_serde
     | WINDOWED duration plain_serde  { $$ = build_windowed_serde($3, AST_TIME_WINDOWED, $2, @$); }
     | WINDOWED SESSION plain_serde   { $$ = build_windowed_serde($3, AST_SESSION_WINDOWED, 0, @$); };

plain_serde: name                { $$ = build_serde(p, $name, NULL, @$); }
           | name QUESTION       { $$ = build_optional_serde(build_serde(p, $name, NULL, @$), @$); }
           | serde_format type   { $$ = build_serde(p, $1, $type, @$); }
           | CSV type            { $$ = build_serde(p, build_name($1), $type, @$); }
           | CSV LPAREN DELIMITER STRING RPAREN type  { $$ = build_csv_serde(p, build_name($1), $4, $6, @$); };

serde_format: JSON { $$ = build_name($1); } | AVRO { $$ = build_name($1); } | PROTOBUF { $$ = build_name($1); };

source_clauses: %empty                        { $$ = EMPTY(clause_list); }
              | source_clauses source_clause  { ADD($$, $1, $2); };

source_clause: time_clause
             | PARTITIONS INT        { $$ = build_clause(T_PARTITIONS, @1, @$); $$.token = $2; }
             | partitioner
             | START EARLIEST        { $$ = build_clause(T_START, @1, @$); $$.number = AST_START_EARLIEST; }
             | START LATEST          { $$ = build_clause(T_START, @1, @$); $$.number = AST_START_LATEST; }
             | STORE store_kind      { $$ = build_clause(T_STORE, @1, @$); $$.number = $2.kind; }
             | VERSIONED duration    { $$ = build_clause(T_VERSIONED, @1, @$); $$.number = $2; }
             | IDLE duration         { $$ = build_clause(T_IDLE, @1, @$); $$.number = $2; };

time_clause: TIME expr  { $$ = build_clause(T_TIME, @1, @$); $$.expr = $2; };

store_kind: MEMORY   { $$ = build_store(AST_STORE_MEMORY, @$); }
          | ROCKSDB  { $$ = build_store(AST_STORE_ROCKSDB, @$); };

opt_store: %empty            { $$ = build_store(AST_STORE_DEFAULT, @$); }
         | STORE store_kind  { $$ = $2; $$.span = @$; };

// ---- flows ----

flow_decl: STREAM name ASSIGN flow  { $$ = build_decl(p, AST_DECL_FLOW, $name, @$); $$->flow = $flow; }
         | TABLE name ASSIGN flow   { $$ = build_decl(p, AST_DECL_FLOW, $name, @$); $$->flow = $flow; $$->table = true; }
         | flow                     { $$ = build_decl(p, AST_DECL_FLOW, NO_NAME, @$); $$->flow = $flow; };

flow: flow_ref         { $$ = build_flow(p, $1); }
    | COGROUP inputs   { $$ = build_cogroup(p, @1, $inputs, @$); }
    | flow PIPE stage  { $$ = build_flow_stage(p, $1, $stage, @$); }
    | flow broken      { $$ = build_flow_stage(p, $1, build_stage(p, AST_STAGE_ERROR, @2, NULL, @2), @$); };

inputs: input               { FIRST($$, $input); }
      | inputs COMMA input  { ADD($$, $1, $input); };

input: flow_ref BY expr { $$ = build_input(p, $1, $3); };

stage: FILTER expr            { $$ = build_stage(p, AST_STAGE_FILTER, @1, $2, @$); }
     | MAP expr               { $$ = build_stage(p, AST_STAGE_MAP, @1, $2, @$); }
     | PEEK expr              { $$ = build_stage(p, AST_STAGE_PEEK, @1, $2, @$); }
     | LOG expr               { $$ = build_stage(p, AST_STAGE_LOG, @1, $2, @$); }
     | KEY BY expr            { $$ = build_stage(p, AST_STAGE_KEY_BY, @1, $3, @$); }
     | LET name ASSIGN expr   { struct name_list one; FIRST(one, $name); $$ = build_named_stage(p, AST_STAGE_LET, @1, $4, one, @$); }
     | EXPAND expr AS bound_names  { $$ = build_named_stage(p, AST_STAGE_EXPAND, @1, $2, $4, @$); }
     | MERGE flow_names     { $$ = build_named_stage(p, AST_STAGE_MERGE, @1, NULL, $2, @$); }
     | PROCESS name           { struct name_list one; FIRST(one, $name); $$ = build_named_stage(p, AST_STAGE_PROCESS, @1, NULL, one, @$); }
     | SPLIT LBRACE branches opt_comma RBRACE  { $$ = build_split(p, @1, $branches, @$); }
     | REPARTITION repartition_clauses { $$ = build_repartition(p, @1, NULL, $2, @$); }
     | REPARTITION repartition_clauses serde { $$ = build_repartition(p, @1, $3, $2, @$); }
     | REPARTITION repartition_clauses serde partitioner
         { struct clause_list all; ADD(all, $2, $4); $$ = build_repartition(p, @1, $3, all, @$); }
     | AS TABLE opt_store     { $$ = build_stored(build_stage(p, AST_STAGE_AS_TABLE, @1, NULL, @$), $3, @$); }
     | AS STREAM              { $$ = build_stage(p, AST_STAGE_AS_STREAM, @1, NULL, @$); }
     | GROUP BY expr          { $$ = build_group(p, @1, $3, @$); }
     | GROUP ALL              { $$ = build_group(p, @1, NULL, @$); }
     | WINDOW TUMBLING duration window_clauses  { $$ = build_window(p, AST_WINDOW_TUMBLING, @1, $3, -1, $4, @$); }
     | WINDOW HOPPING duration EVERY duration window_clauses  { $$ = build_window(p, AST_WINDOW_HOPPING, @1, $3, $5, $6, @$); }
     | WINDOW SLIDING duration window_clauses   { $$ = build_window(p, AST_WINDOW_SLIDING, @1, $3, -1, $4, @$); }
     | WINDOW SESSION duration window_clauses   { $$ = build_window(p, AST_WINDOW_SESSION, @1, $3, -1, $4, @$); }
     | aggregate opt_store    { $$ = build_stored($1, $2, @$); }
     | EMIT FINAL             { $$ = build_emit(p, AST_EMIT_FINAL, @1, 0, @$); }
     | EMIT CHANGES           { $$ = build_emit(p, AST_EMIT_CHANGES, @1, 0, @$); }
     | EMIT EVERY duration    { $$ = build_emit(p, AST_EMIT_EVERY, @1, $3, @$); }
     | join_kind flow_ref join_clauses  { $$ = build_join(p, $1, @1, $2, $3, @$); }
     | TO STRING opt_serdes to_clauses  { $$ = build_to(p, @1, $2, NULL, $3, $4, @$); }
     | TO route opt_serdes to_clauses   { $$ = build_to(p, @1, NULL, $2, $3, $4, @$); }
     | broken                  { $$ = build_stage(p, AST_STAGE_ERROR, @1, NULL, @$); };

route: LPAREN expr RPAREN    { $$ = $2; }
     | LPAREN broken RPAREN  { $$ = build_error_expr(p, @$); };

aggregate: COUNT             { $$ = build_stage(p, AST_STAGE_COUNT, @1, NULL, @$); }
         | REDUCE lambda     { $$ = build_stage(p, AST_STAGE_REDUCE, @1, $2, @$); }
         | AGGREGATE record  { $$ = build_stage(p, AST_STAGE_AGGREGATE, @1, $2, @$); }
         | FOLD expr COMMA lambda fold_clauses  { $$ = build_fold(p, @1, $2, $4, $5, @$); };

fold_clauses: %empty                    { $$ = EMPTY(clause_list); }
            | fold_clauses COMMA fold_clause  { ADD($$, $1, $3); };

fold_clause: UNDO lambda   { $$ = build_clause(T_UNDO, @1, @$); $$.expr = $2; }
           | MERGE lambda  { $$ = build_clause(T_MERGE, @1, @$); $$.expr = $2; };

bound_names: name                 { FIRST($$, $name); }
           | LPAREN names RPAREN  { $$ = $names; };

flow_names: flow_ref                          { FIRST($$, build_dotted(p, $1)); }
                 | flow_names COMMA flow_ref  { ADD($$, $1, build_dotted(p, $3)); };

branches: branch               { FIRST($$, $branch); }
        | branches sep branch  { ADD($$, $1, $branch); };

branch: name COLON expr  { $$ = (struct ast_split_branch){$name, $expr}; }
      | name COLON ELSE  { $$ = (struct ast_split_branch){$name, NULL}; }
      | broken            { $$ = (struct ast_split_branch){NO_NAME, build_error_expr(p, @$)}; };

repartition_clauses: %empty                                  { $$ = EMPTY(clause_list); }
                   | repartition_clauses repartition_clause  { ADD($$, $1, $2); };

repartition_clause: INT               { $$ = build_clause(T_INT, @1, @$); $$.token = $1; }
                  | BY expr           { $$ = build_clause(T_BY, @1, @$); $$.expr = $2; }
                  | partitioner;

partitioner: PARTITIONER name { $$ = build_clause(T_PARTITIONER, @1, @$); $$.name = $2; };

window_clauses: %empty                        { $$ = EMPTY(clause_list); }
              | window_clauses window_clause  { ADD($$, $1, $2); };

window_clause: GRACE duration   { $$ = build_clause(T_GRACE, @1, @$); $$.number = $2; }
             | RETAIN duration  { $$ = build_clause(T_RETAIN, @1, @$); $$.number = $2; };

join_kind: JOIN        { $$ = AST_JOIN_INNER; }
         | LEFT JOIN   { $$ = AST_JOIN_LEFT; }
         | OUTER JOIN  { $$ = AST_JOIN_OUTER; };

join_clauses: %empty                    { $$ = EMPTY(clause_list); }
            | join_clauses join_clause  { ADD($$, $1, $2); };

join_clause: AS name          { $$ = build_clause(T_AS, @1, @$); $$.name = $2; }
           | ON expr          { $$ = build_clause(T_ON, @1, @$); $$.expr = $2; }
           | WITHIN duration  { $$ = build_clause(T_WITHIN, @1, @$); $$.number = $2; }
           | BEFORE duration  { $$ = build_clause(T_BEFORE, @1, @$); $$.number = $2; }
           | AFTER duration   { $$ = build_clause(T_AFTER, @1, @$); $$.number = $2; }
           | GRACE duration   { $$ = build_clause(T_GRACE, @1, @$); $$.number = $2; };

opt_serdes: %empty { $$ = EMPTY(serde_pair); } | serdes;

to_clauses: %empty                { $$ = EMPTY(clause_list); }
          | to_clauses to_clause  { ADD($$, $1, $2); };

to_clause: time_clause
         | partitioner
         | HEADERS record    { $$ = build_clause(T_HEADERS, @1, @$); $$.expr = $2; };

// ---- expressions ----

expr: postfix
    | MINUS expr %prec UNARY  { $$ = build_unary(p, OP_NEG, @1, $2, @$); }
    | NOT expr %prec UNARY    { $$ = build_unary(p, OP_NOT, @1, $2, @$); }
    | expr STAR expr      { $$ = build_binary(p, OP_MUL, @2, $1, $3, @$); }
    | expr SLASH expr     { $$ = build_binary(p, OP_DIV, @2, $1, $3, @$); }
    | expr PERCENT expr   { $$ = build_binary(p, OP_MOD, @2, $1, $3, @$); }
    | expr PLUS expr      { $$ = build_binary(p, OP_ADD, @2, $1, $3, @$); }
    | expr MINUS expr     { $$ = build_binary(p, OP_SUB, @2, $1, $3, @$); }
    | expr EQ expr        { $$ = build_binary(p, OP_EQ, @2, $1, $3, @$); }
    | expr NE expr        { $$ = build_binary(p, OP_NE, @2, $1, $3, @$); }
    | expr LT expr        { $$ = build_binary(p, OP_LT, @2, $1, $3, @$); }
    | expr LE expr        { $$ = build_binary(p, OP_LE, @2, $1, $3, @$); }
    | expr GT expr        { $$ = build_binary(p, OP_GT, @2, $1, $3, @$); }
    | expr GE expr        { $$ = build_binary(p, OP_GE, @2, $1, $3, @$); }
    | expr IN expr        { $$ = build_in(p, false, @2, $1, $3, @$); }
    | expr NOT_WORD IN expr %prec IN  { $$ = build_in(p, true, span_join(@2, @3), $1, $4, @$); }
    | expr IS name        { $$ = build_is(p, @2, $1, $3, @$); }
    | expr AND expr       { $$ = build_binary(p, OP_AND, @2, $1, $3, @$); }
    | expr OR expr        { $$ = build_binary(p, OP_OR, @2, $1, $3, @$); }
    | expr COALESCE expr  { $$ = build_binary(p, OP_COALESCE, @2, $1, $3, @$); }
    | TRY expr            { $$ = build_try(p, $2, @$); }
    | IF expr THEN expr ELSE expr %prec LOOSE  { $$ = build_if(p, $2, $4, $6, @$); }
    | call WHERE expr %prec LOOSE              { $$ = build_where(p, $1, $3, @$); };

postfix: primary
       | postfix DOT name                    { $$ = build_field(p, AST_FIELD, $1, $3, @$); }
       | postfix SAFE name                   { $$ = build_field(p, AST_SAFE_FIELD, $1, $3, @$); }
       | postfix LBRACKET indices RBRACKET   { $$ = build_index(p, $1, $indices, @$); }
       | postfix LBRACKET broken RBRACKET     { $$ = build_error_expr(p, @$); };

indices: index                { FIRST($$, $index); }
       | indices COMMA index  { ADD($$, $1, $index); };

index: expr | range;

range: DOTS                 { $$ = build_range(p, NULL, NULL, @$); }
     | expr DOTS            { $$ = build_range(p, $1, NULL, @$); }
     | DOTS expr            { $$ = build_range(p, NULL, $2, @$); }
     | expr DOTS expr       { $$ = build_range(p, $1, $3, @$); }
     | RANGE_END            { $$ = build_range(p, NULL, build_literal(p, AST_TIMESTAMP, $1), @$); }
     | expr RANGE_END       { $$ = build_range(p, $1, build_literal(p, AST_TIMESTAMP, $2), @$); };

primary: name                 { $$ = build_name_expr(p, $name); }
       | call
       | NULL                 { $$ = build_constant(p, AST_NULL, false, @$); }
       | TRUE                 { $$ = build_constant(p, AST_BOOL, true, @$); }
       | FALSE                { $$ = build_constant(p, AST_BOOL, false, @$); }
       | INT                  { $$ = build_literal(p, AST_INT, $1); }
       | NUMBER               { $$ = build_literal(p, AST_NUMBER, $1); }
       | STRING               { $$ = build_literal(p, AST_STRING, $1); }
       | DURATION             { $$ = build_literal(p, AST_DURATION, $1); }
       | SIZE                 { $$ = build_literal(p, AST_SIZE, $1); }
       | TIMESTAMP            { $$ = build_literal(p, AST_TIMESTAMP, $1); }
       | record
       | list
       | LPAREN expr RPAREN   { $$ = $2; }
       | LPAREN broken RPAREN  { $$ = build_error_expr(p, @$); }
       | MATCH expr LBRACE arms opt_comma RBRACE  { $$ = build_match(p, $2, $arms, @$); };

call: name LPAREN RPAREN        { $$ = build_call(p, $name, EMPTY(expr_list), @$); }
    | name LPAREN args RPAREN   { $$ = build_call(p, $name, $args, @$); }
    | name LPAREN broken RPAREN  { $$ = build_error_expr(p, @$); };

args: arg             { FIRST($$, $arg); }
    | args COMMA arg  { ADD($$, $1, $arg); };

arg: expr | lambda;

lambda: name ARROW expr                      { struct name_list one; FIRST(one, $name); $$ = build_lambda(p, one, $3, @$); }
      | LAMBDA_OPEN names RPAREN ARROW expr  { $$ = build_lambda(p, $names, $5, @$); }
      | LAMBDA_OPEN broken RPAREN ARROW expr  { $$ = build_error_expr(p, @$); };

record: LBRACE RBRACE                         { $$ = build_record(p, EMPTY(item_list), @$); }
      | LBRACE record_items opt_comma RBRACE  { $$ = build_record(p, $record_items, @$); };

record_items: record_item                   { FIRST($$, $record_item); }
            | record_items sep record_item  { ADD($$, $1, $record_item); };

record_item: record_name COLON expr  { $$ = build_item($1, $3); }
           | name                    { $$ = build_shorthand(p, $name); }
           | SPREAD expr             { $$ = build_spread($2, @$); }
           | broken                   { $$ = EMPTY(ast_record_item); };

record_name: name | STRING { $$ = build_string_name(p, $1); };

list: LBRACKET RBRACKET                    { $$ = build_list(p, EMPTY(expr_list), @$); }
    | LBRACKET items opt_comma RBRACKET    { $$ = build_list(p, $items, @$); }
    | LBRACKET entries opt_comma RBRACKET  { $$ = build_map(p, $entries, @$); }
    | LBRACKET broken RBRACKET              { $$ = build_error_expr(p, @$); };

items: expr            { FIRST($$, $expr); }
     | items sep expr  { ADD($$, $1, $expr); };

entries: expr COLON expr              { struct ast_map_item entry = {$1, $3}; FIRST($$, entry); }
       | entries sep expr COLON expr  { struct ast_map_item entry = {$3, $5}; ADD($$, $1, entry); };

arms: arm           { FIRST($$, $arm); }
    | arms sep arm  { ADD($$, $1, $arm); };

arm: name ARROW expr       { $$ = build_arm($1, NO_NAME, $3, @$); }
   | name name ARROW expr  { $$ = build_arm($1, $2, $4, @$); }
   | ELSE ARROW expr       { $$ = build_arm(NO_NAME, NO_NAME, $3, @$); }
   | broken                 { $$ = build_arm(NO_NAME, NO_NAME, build_error_expr(p, @$), @$); };

at: TIMESTAMP   { $$ = build_literal(p, AST_TIMESTAMP, $1); }
  | AT postfix  { $$ = $2; };

// ---- functions ----

fn: FN name LPAREN params RPAREN YIELDS type ASSIGN expr
      { $$ = build_fn(p, AST_DECL_FN, $name, $params, $type, @$); $$->body = $expr; };

extern: EXTERN opt_pure FN name LPAREN params RPAREN YIELDS type FROM STRING opt_pure
          { $$ = build_file_decl(p, build_fn(p, AST_DECL_EXTERN, $name, $params, $type, @$), $STRING); $$->pure = $2 || $12; };

opt_pure: %empty { $$ = false; } | PURE { $$ = true; };

params: %empty              { $$ = EMPTY(param_list); }
      | param               { FIRST($$, $param); }
      | params COMMA param  { ADD($$, $1, $param); };

param: name COLON type { $$ = (struct ast_param){$name, $type}; };

// ---- processor blocks ----

process: PROCESS name LPAREN key_value_types RPAREN YIELDS result LBRACE members RBRACE
           { build_mark_block(p, @8, @10); $$ = build_process(p, $name, $4, $7, $members, @$); };

key_value_types: type { $$ = (struct type_pair){NULL, $type}; } | type_pair;
result: key_value_types | NOTHING { $$ = EMPTY(type_pair); };
type_pair: type ARROW type { $$ = (struct type_pair){$1, $3}; };

members: %empty { $$ = EMPTY(members); } | member_list;

member_list: STORE name COLON type_pair store_clauses
               { $$ = EMPTY(members); build_add_store(p, &$$, $name, $type_pair, $5, @$); }
           | handler block
               { $$ = EMPTY(members); build_add_handler(p, &$$, $handler, $block, @$); }
           | broken
               { $$ = EMPTY(members); }
           | member_list SEP STORE name COLON type_pair store_clauses
               { $$ = $1; build_add_store(p, &$$, $name, $type_pair, $7, span_join(@3, @7)); }
           | member_list SEP handler block
               { $$ = $1; build_add_handler(p, &$$, $handler, $block, span_join(@3, @4)); }
           | member_list SEP broken
               { $$ = $1; }
           | member_list broken
               { $$ = $1; };

handler: ON RECORD              { $$ = EMPTY(ast_process_handler); }
       | ON flow_ref            { $$ = EMPTY(ast_process_handler); $$.input = build_dotted(p, $flow_ref); }
       | EVERY duration STREAM  { $$ = (struct ast_process_handler){.punctuation = true, .every = $2}; }
       | EVERY duration WALL    { $$ = (struct ast_process_handler){.punctuation = true, .every = $2, .wall = true}; };

store_clauses: %empty                      { $$ = EMPTY(clause_list); }
             | store_clauses store_clause  { ADD($$, $1, $2); };

store_clause: store_kind          { $$ = build_clause($1.kind == AST_STORE_MEMORY ? T_MEMORY : T_ROCKSDB, @1, @$); $$.number = $1.kind; }
            | WINDOW duration     { $$ = build_clause(T_WINDOW, @1, @$); $$.number = $2; }
            | SESSION duration    { $$ = build_clause(T_SESSION, @1, @$); $$.number = $2; }
            | VERSIONED duration  { $$ = build_clause(T_VERSIONED, @1, @$); $$.number = $2; }
            | RETAIN duration     { $$ = build_clause(T_RETAIN, @1, @$); $$.number = $2; }
            | NO CHANGELOG        { $$ = build_clause(T_CHANGELOG, @1, @$); }
            | SHARED              { $$ = build_clause(T_SHARED, @1, @$); };

block: LBRACE RBRACE        { build_mark_block(p, @1, @2); $$ = EMPTY(stmt_list); }
     | LBRACE stmts RBRACE  { build_mark_block(p, @1, @3); $$ = $stmts; };

stmts: stmt            { FIRST($$, $stmt); }
     | stmts SEP stmt  { ADD($$, $1, $stmt); }
     | stmts broken    { $$ = $1; };

stmt: EMIT expr emit_clauses             { $$ = build_emit_stmt(p, NULL, $2, $3, @$); }
    | EMIT expr ARROW expr emit_clauses  { $$ = build_emit_stmt(p, $2, $4, $5, @$); }
    | LET name ASSIGN expr               { $$ = build_let(p, $name, $expr, @$); }
    | if_stmt
    | FOR names IN expr block            { $$ = build_for(p, $names, $expr, $block, @$); }
    | DELETE postfix                     { $$ = build_stmt(p, AST_STMT_DELETE, $2, NULL, @$); }
    | COMMIT                             { $$ = build_stmt(p, AST_STMT_COMMIT, NULL, NULL, @$); }
    | postfix ASSIGN expr                { $$ = build_stmt(p, AST_STMT_ASSIGN, $1, $3, @$); }
    | expr                               { $$ = build_stmt(p, AST_STMT_EXPR, NULL, $1, @$); }
    | broken                              { $$ = build_stmt(p, AST_STMT_EXPR, NULL, build_error_expr(p, @$), @$); };

if_stmt: IF expr block else  { $$ = build_if_stmt(p, $2, $3, $4, @$); };

else: %empty        { $$ = EMPTY(stmt_list); }
    | ELSE block    { $$ = $2; }
    | ELSE if_stmt  { FIRST($$, $2); };

emit_clauses: %empty                    { $$ = EMPTY(clause_list); }
            | emit_clauses emit_clause  { ADD($$, $1, $2); };

emit_clause: time_clause
           | at              { $$ = build_clause(T_TIME, @1, @$); $$.expr = $1; }
           | HEADERS record  { $$ = build_clause(T_HEADERS, @1, @$); $$.expr = $2; }
           | TO STRING       { $$ = build_clause(T_TO, @1, @$); $$.token = $2; };

// ---- tests ----

test: TEST STRING LBRACE RBRACE
        { build_mark_block(p, @3, @4); $$ = build_decl(p, AST_DECL_TEST, NO_NAME, @$); $$->title = build_text(p, $2); }
    | TEST STRING LBRACE steps RBRACE
        { build_mark_block(p, @3, @5); $$ = build_decl(p, AST_DECL_TEST, NO_NAME, @$); $$->title = build_text(p, $2); take_list($$->steps, $steps); };

steps: step            { FIRST($$, $step); }
     | steps SEP step  { ADD($$, $1, $step); }
     | steps broken    { $$ = $1; };

step: step_flow FEEDS expr opt_at opt_range_end opt_headers ARROW expr
        { $$ = build_step(p, AST_TEST_FEED, $1, $3, $8, @$); $$.time = $4; $$.time_end = $5; $$.headers = $6; }
    | step_flow YIELDS expr opt_at opt_range_end ARROW expr
        { $$ = build_step(p, AST_TEST_EXPECT, $1, $3, $7, @$); $$.time = $4; $$.time_end = $5; }
    | step_flow YIELDS NOTHING
        { $$ = build_step(p, AST_TEST_NOTHING, $1, NULL, NULL, @$); }
    | BAD step_flow STRING
        { $$ = build_step(p, AST_TEST_BAD, $2, NULL, NULL, @$); $$.message = $3->text; $$.message_len = $3->len; }
    | ADVANCE duration
        { $$ = build_step(p, AST_TEST_ADVANCE, EMPTY(flow_ref), NULL, NULL, @$); $$.duration = $2; }
    | broken
        { $$ = build_step(p, AST_TEST_ADVANCE, EMPTY(flow_ref), NULL, NULL, @$); };

step_flow: flow_ref
         | STRING { $$ = (struct flow_ref){.topic = $1, .span = @$}; };

opt_at: %empty { $$ = NULL; } | at;
opt_headers: %empty { $$ = NULL; } | HEADERS record { $$ = $2; };
opt_range_end: %empty { $$ = NULL; } | RANGE_END { $$ = build_literal(p, AST_TIMESTAMP, $1); };

%%

const int parser_last_token = T_LAMBDA_OPEN;

// Whether the grammar can go on with a token of KIND. This asks Bison's own look-ahead correction, as
// yypstate_expected_tokens() does for every kind at once.
bool parser_accepts(void *ps, int kind)
{
    yypstate *state = ps;
    return yy_lac(state->yyesa, &state->yyes, &state->yyes_capacity, state->yyssp, YYTRANSLATE(kind)) == 0;
}

const char *parser_token_name(int kind)
{
    return yysymbol_name(YYTRANSLATE(kind));
}

bool parser_recovering(const void *ps)
{
    return ((const yypstate *)ps)->yyerrstatus == 3;
}

void parser_recovered(void *ps)
{
    ((yypstate *)ps)->yyerrstatus = 0;
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parser *p)
{
    report_unexpected(p, context->yyps);
    return 0;
}

// Bison calls this only when its stack is full.
static void yyerror(const struct span *span, struct parser *p, const char *message)
{
    (void)message;
    report_too_deep(p, *span);
}
