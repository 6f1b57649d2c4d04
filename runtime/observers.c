#include "observers.h"

#include <stdio.h>

#include "weir_ops.h"

void observer_name(const struct weir_program *p, int number, char name[OBSERVER_NAME])
{
    int s = 0;
    while (s < p->store_count && number >= observers_of(&p->stores[s]))
        number -= observers_of(&p->stores[s++]);
    if (s == p->store_count)
        snprintf(name, OBSERVER_NAME, "%s/%d", p->timers[number].name, p->timers[number].subtopology);
    else if (number == 0)
        snprintf(name, OBSERVER_NAME, "%s", p->stores[s].name);
    else
        snprintf(name, OBSERVER_NAME, "%s/%d", p->stores[s].name, number);
}

int observer_find(const struct weir_program *p, struct weir_str name)
{
    int count = observer_count(p);
    for (int i = 0; i < count; i++) {
        char own[OBSERVER_NAME];
        observer_name(p, i, own);
        if (weir_eq_str((struct weir_str){own, strlen(own)}, name))
            return i;
    }
    return -1;
}
