// What dumps and drawings say of a store.
#ifndef WEIR_PLAN_STORE_SHOW_H
#define WEIR_PLAN_STORE_SHOW_H

#include "plan/plan.h"

// MS as "1d1h5m".
const char *time_show(struct arena *arena, int64_t ms);
// "hourly, kept 1h5m"
const char *store_short(struct arena *arena, const struct plan_store *store);
// "[hourly, kept 1h5m]": all stores of the stage; NULL: it has none.
const char *stores_of(struct arena *arena, const struct plan *plan, const struct stage *stage);
// "a row for each string and 1h window, kept 1h5m"
const char *store_rows(struct arena *arena, const struct plan_store *store);
// "about 96 bytes a row, beside its key, strings and lists"
const char *store_memory(struct arena *arena, const struct plan_store *store);
// "sales-hourly-changelog: compact, delete after 1d1h5m"; of a SOURCE: its topic.
const char *store_changelog(struct arena *arena, const struct program *program, const struct plan_store *store);

// Of the stores that the stage owns, those that have a changelog of their own, as store_changelog shows them.
struct topic_list {
    const char **items;
    int count, capacity;
};
void changelog_topics(struct arena *arena, const struct program *program, const struct stage *stage,
                      struct topic_list *topics);
// "app-x-repartition: delete, purged once read"
const char *repartition_topic(struct arena *arena, const struct program *program, const struct stage *stage);

#endif
