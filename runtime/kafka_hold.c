#include "kafka_hold.h"

#include "kafka_order.h"

// What comes of INPUT goes TO there, NULL: stays in its own queue.
static void forward(const struct broker_kafka *b, const struct kafka_input *input, rd_kafka_queue_t *to)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_get_partition(b->consumer, input->topic, input->partition);
    rd_kafka_queue_forward(queue, to);
    rd_kafka_queue_destroy(queue);
}

void kafka_hold_input(const struct broker_kafka *b, struct kafka_input *input)
{
    forward(b, input, NULL);
    input->held = true;
}

static void let_in(struct kafka_worker *w, struct kafka_input *input)
{
    input->held = false;
    if (w->b->ordered[input->subtopology] && !input->lane)
        kafka_order_enter(w, input);
    if (!input->lane) // which reads the queue itself
        forward(w->b, input, w->queue);
}

void kafka_hold_ready(struct kafka_worker *w, struct broker_task task)
{
    for (struct kafka_input *input = w->inputs; input; input = input->next) {
        if (input->held && input->subtopology == task.subtopology && input->partition == task.partition)
            let_in(w, input);
    }
    kafka_order_arrange(w);
}
