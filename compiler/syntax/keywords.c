// Words with a meaning where the grammar expects them; anywhere else they are names.
#include <stdlib.h>
#include <string.h>

#include "syntax/parser.h"
#include "syntax/token.h"

struct keyword {
    const char *text;
    int kind;
    enum keyword_group group;
};

// Sorted by text.
static const struct keyword keywords[] = {
    {"advance", T_ADVANCE, KEYWORD_ORDINARY},
    {"after", T_AFTER, KEYWORD_ORDINARY},
    {"aggregate", T_AGGREGATE, KEYWORD_STAGE},
    {"all", T_ALL, KEYWORD_ORDINARY},
    {"app", T_APP, KEYWORD_DECLARATION},
    {"as", T_AS, KEYWORD_STAGE},
    {"avro", T_AVRO, KEYWORD_ORDINARY},
    {"bad", T_BAD, KEYWORD_ORDINARY},
    {"before", T_BEFORE, KEYWORD_ORDINARY},
    {"by", T_BY, KEYWORD_ORDINARY},
    {"changelog", T_CHANGELOG, KEYWORD_ORDINARY},
    {"changes", T_CHANGES, KEYWORD_ORDINARY},
    {"cogroup", T_COGROUP, KEYWORD_ORDINARY},
    {"commit", T_COMMIT, KEYWORD_ORDINARY},
    {"count", T_COUNT, KEYWORD_STAGE},
    {"csv", T_CSV, KEYWORD_ORDINARY},
    {"delete", T_DELETE, KEYWORD_ORDINARY},
    {"delimiter", T_DELIMITER, KEYWORD_ORDINARY},
    {"earliest", T_EARLIEST, KEYWORD_ORDINARY},
    {"else", T_ELSE, KEYWORD_RESERVED},
    {"emit", T_EMIT, KEYWORD_STAGE},
    {"enum", T_ENUM, KEYWORD_DECLARATION},
    {"every", T_EVERY, KEYWORD_ORDINARY},
    {"expand", T_EXPAND, KEYWORD_STAGE},
    {"extern", T_EXTERN, KEYWORD_DECLARATION},
    {"false", T_FALSE, KEYWORD_RESERVED},
    {"filter", T_FILTER, KEYWORD_STAGE},
    {"final", T_FINAL, KEYWORD_ORDINARY},
    {"fn", T_FN, KEYWORD_DECLARATION},
    {"fold", T_FOLD, KEYWORD_STAGE},
    {"for", T_FOR, KEYWORD_ORDINARY},
    {"from", T_FROM, KEYWORD_ORDINARY},
    {"global", T_GLOBAL, KEYWORD_DECLARATION},
    {"grace", T_GRACE, KEYWORD_ORDINARY},
    {"group", T_GROUP, KEYWORD_STAGE},
    {"headers", T_HEADERS, KEYWORD_ORDINARY},
    {"hopping", T_HOPPING, KEYWORD_ORDINARY},
    {"idle", T_IDLE, KEYWORD_ORDINARY},
    {"if", T_IF, KEYWORD_RESERVED},
    {"import", T_IMPORT, KEYWORD_DECLARATION},
    {"in", T_IN, KEYWORD_ORDINARY},
    {"is", T_IS, KEYWORD_ORDINARY},
    {"join", T_JOIN, KEYWORD_STAGE},
    {"json", T_JSON, KEYWORD_ORDINARY},
    {"key", T_KEY, KEYWORD_STAGE},
    {"latest", T_LATEST, KEYWORD_ORDINARY},
    {"left", T_LEFT, KEYWORD_STAGE},
    {"let", T_LET, KEYWORD_STAGE},
    {"log", T_LOG, KEYWORD_STAGE},
    {"map", T_MAP, KEYWORD_STAGE},
    {"match", T_MATCH, KEYWORD_RESERVED},
    {"memory", T_MEMORY, KEYWORD_ORDINARY},
    {"merge", T_MERGE, KEYWORD_STAGE},
    {"no", T_NO, KEYWORD_ORDINARY},
    {"not", T_NOT_WORD, KEYWORD_ORDINARY},
    {"nothing", T_NOTHING, KEYWORD_ORDINARY},
    {"null", T_NULL, KEYWORD_RESERVED},
    {"on", T_ON, KEYWORD_ORDINARY},
    {"outer", T_OUTER, KEYWORD_STAGE},
    {"partitioner", T_PARTITIONER, KEYWORD_ORDINARY},
    {"partitions", T_PARTITIONS, KEYWORD_ORDINARY},
    {"peek", T_PEEK, KEYWORD_STAGE},
    {"process", T_PROCESS, KEYWORD_STAGE},
    {"protobuf", T_PROTOBUF, KEYWORD_ORDINARY},
    {"pure", T_PURE, KEYWORD_ORDINARY},
    {"record", T_RECORD, KEYWORD_ORDINARY},
    {"reduce", T_REDUCE, KEYWORD_STAGE},
    {"repartition", T_REPARTITION, KEYWORD_STAGE},
    {"retain", T_RETAIN, KEYWORD_ORDINARY},
    {"rocksdb", T_ROCKSDB, KEYWORD_ORDINARY},
    {"session", T_SESSION, KEYWORD_ORDINARY},
    {"shared", T_SHARED, KEYWORD_ORDINARY},
    {"sliding", T_SLIDING, KEYWORD_ORDINARY},
    {"split", T_SPLIT, KEYWORD_STAGE},
    {"start", T_START, KEYWORD_ORDINARY},
    {"store", T_STORE, KEYWORD_ORDINARY},
    {"stream", T_STREAM, KEYWORD_DECLARATION},
    {"table", T_TABLE, KEYWORD_DECLARATION},
    {"test", T_TEST, KEYWORD_DECLARATION},
    {"then", T_THEN, KEYWORD_RESERVED},
    {"time", T_TIME, KEYWORD_ORDINARY},
    {"to", T_TO, KEYWORD_STAGE},
    {"true", T_TRUE, KEYWORD_RESERVED},
    {"try", T_TRY, KEYWORD_RESERVED},
    {"tumbling", T_TUMBLING, KEYWORD_ORDINARY},
    {"type", T_TYPE, KEYWORD_DECLARATION},
    {"undo", T_UNDO, KEYWORD_ORDINARY},
    {"union", T_UNION, KEYWORD_DECLARATION},
    {"versioned", T_VERSIONED, KEYWORD_ORDINARY},
    {"wall", T_WALL, KEYWORD_ORDINARY},
    {"where", T_WHERE, KEYWORD_ORDINARY},
    {"window", T_WINDOW, KEYWORD_STAGE},
    {"windowed", T_WINDOWED, KEYWORD_ORDINARY},
    {"within", T_WITHIN, KEYWORD_ORDINARY},
};

enum { COUNT = sizeof keywords / sizeof *keywords };

struct slice {
    const char *text;
    size_t len;
};

static int compare(const void *key, const void *element)
{
    const struct slice *word = key;
    const struct keyword *k = element;
    int order = strncmp(word->text, k->text, word->len);
    return order ? order : -(k->text[word->len] != '\0');
}

int keyword_find(const char *text, size_t len)
{
    struct slice word = {text, len};
    const struct keyword *k = bsearch(&word, keywords, COUNT, sizeof *keywords, compare);
    return k ? k->kind : 0;
}

static const struct keyword *by_kind(int kind)
{
    for (int i = 0; i < COUNT; i++)
        if (keywords[i].kind == kind)
            return &keywords[i];
    return NULL;
}

enum keyword_group keyword_group(int keyword)
{
    const struct keyword *k = by_kind(keyword);
    return k ? k->group : KEYWORD_ORDINARY;
}

const char *keyword_text(int keyword)
{
    const struct keyword *k = by_kind(keyword);
    return k ? k->text : NULL;
}
