#include "file_record.h"

void file_record_read(struct weir_ctx *w, const struct weir_source *source, const struct file_input *in,
                      const struct file_entry *entry, struct broker_delivery *d)
{
    struct weir_str topic =
        file_input_is_feed(in) ? entry->line.topic : (struct weir_str){in->topic, strlen(in->topic)};
    d->record = (struct weir_record){.timestamp = entry->line.timestamp,
                                     .offset = entry->number - 1,
                                     .topic = topic,
                                     .partition = entry->line.partition};
    if (entry->broken) {
        d->broken = entry->broken;
        d->record.value = entry->text;
        return;
    }
    const char *part = "key";
    d->record.key = file_line_key(w, source->key, &entry->line);
    if (!w->bad) {
        part = "value";
        d->record.value = file_line_bytes(w, source->value, entry->line.value);
    }
    if (w->bad)
        weir_json_in_field(w, part);
    else if (entry->line.headers.p)
        file_line_headers(w, entry->line.headers, &d->record);
    if (w->bad) {
        d->broken = w->bad;
        d->record.key = entry->line.key;
        d->record.value = entry->line.value;
        w->bad = NULL;
    }
}
