"""What tells why something does not come: how far the group, the topics and the transactions are by the broker, and what the instances wait for."""
import http.client
import os
import re
import shutil
import subprocess

FIGURES = ("weir_consumer_lag_records", "weir_tasks", "weir_failed_tasks", "weir_task_failures_total", "weir_process_records_total",
           "weir_commit_latency_seconds_count", "weir_restor")
ANSWER_SECONDS = 5


def transactions(kafka, *what):
    return kafka.ask("org.apache.kafka.tools.TransactionsCommand", "--bootstrap-server", kafka.address, *what)


def producers(kafka, topic, partition):
    return transactions(kafka, "describe-producers", "--topic", topic, "--partition", str(partition))


def of_broker(kafka, app):
    def group(*what):
        return kafka.ask("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", "--bootstrap-server", kafka.address, "--describe",
                         "--group", app, *what)

    lines = ["-- the group:", *group("--state"), *group("--members", "--verbose"), *group("--offsets")]
    lines += ["-- transactions:", *transactions(kafka, "list")]
    for topic, partition, end in unstable(kafka):
        lines += [f"-- {topic} {partition} ends at {end}; its producers:", *producers(kafka, topic, partition)]
    return lines


def hanging(kafka):
    """Partitions in which a transaction is open that its coordinator has ended: Kafka has lost its marker, and nobody reads what is behind it."""
    found = []
    for topic, partition, _ in unstable(kafka):
        before = open_since(kafka, topic, partition)
        under_way = {row[2] for row in rows(transactions(kafka, "list")) if row[3] in ("Ongoing", "PrepareCommit", "PrepareAbort")}
        still = open_since(kafka, topic, partition)
        found += [f"{topic} {partition}, producer {producer}" for producer in before.items() & still.items() if producer[0] not in under_way]
    return found


def open_since(kafka, topic, partition):
    """{producer: offset}"""
    return {row[0]: row[5] for row in rows(producers(kafka, topic, partition)) if row[5].isdigit()}


def rows(table):
    return [line.split() for line in table if re.search(r"\d", line)]


def unstable(kafka):
    """(topic, partition, end) of those that cannot be read to their end now."""
    for topic, partition, end in ends(kafka):
        if kafka.logs(topic)[partition][1] < end:
            yield topic, partition, end


def ends(kafka):
    """(topic, partition, end), with what is not committed."""
    for line in kafka.ask("org.apache.kafka.tools.GetOffsetShell", "--bootstrap-server", kafka.address):
        found = re.fullmatch(r"(.+):(\d+):(\d+)", line)
        if found:
            yield found[1], int(found[2]), int(found[3])


def of_instance(instance):
    if not instance.there():
        return [f"-- {instance.name} is not there"]
    process = instance.running.process.pid
    address = re.search(r"listening on http://([0-9.:]+)", instance.running.err)
    lines = [f"-- {instance.name}, process {process}, {'paused' if instance.paused else 'leaving' if instance.leaving else 'running'}:"]
    for path in ("/livez", "/readyz", "/metrics") if address and not instance.paused else ():
        said = get(address[1], path)
        lines += [line for line in said if line.startswith(FIGURES)] if path == "/metrics" else [f"{path}: {' '.join(said)}"]
    return lines


def stacks_of_instance(instance):
    return [f"-- threads of {instance.name}:", *threads(instance.running.process.pid)] if instance.there() else []


def get(address, path):
    connection = http.client.HTTPConnection(address, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return [str(answer.status), *answer.read().decode().splitlines()]
    except (OSError, http.client.HTTPException) as why:
        return [str(why)]
    finally:
        connection.close()


def threads(process):
    """Stacks of those that are not librdkafka's, where there is a debugger; else what they wait for in the kernel."""
    if shutil.which("gdb"):
        done = subprocess.run(["gdb", "-p", str(process), "-batch", "-ex", "thread apply all backtrace 16"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        own = [text for text in re.split(r"\n(?=Thread )", done.stdout) if '"rdk:' not in text.splitlines()[0]]
        return [line for text in own for line in text.splitlines() if line.startswith(("Thread", "#"))]
    lines = []
    for thread in os.listdir(f"/proc/{process}/task"):
        of_thread = [read(f"/proc/{process}/task/{thread}/{name}") for name in ("comm", "wchan")]
        lines.append(f"thread {thread} {' '.join(of_thread)}")
    return lines


def read(path):
    try:
        with open(path) as f:
            return f.read().strip()
    except OSError as why:
        return str(why)
