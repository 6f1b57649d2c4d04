"""Whether the simulation sees what it is there for: bugs are put into the runtime, one at a time and aside, and it must fail within so many seeds.

    python3 tests/simulation/mutations.py BUILD [WORD...]    those whose names hold a word; BUILD is a build tree that has `simulation`
"""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SEEDS = 4000

# Name, file, what stands there, what is to stand there.
MUTATIONS = [
    ("the disk is saved before the commit", "commit.c", "    return good && commit_broker(k);\n",
     "    for (struct task *t = NULL; good && (t = task_next(&k->tasks, t));)\n"
     "        good = !store_save_is_due(t, SAVE_IF_DUE) || store_save_task(t);\n    return good && commit_broker(k);\n"),
    ("changes that wait are not sent with the commit", "commit.c", "    bool good = flush(k);",
     "    bool good = true;"),
    ("the disk is saved while a commit is under way", "commit.c", "!(commit_settle(k) && store_save_task(t))", "!store_save_task(t)"),
    ("partitions go while a commit is under way", "worker.c", "        commit_settle(k);\n", "        ;\n"),
    ("a commit that failed counts", "commit.c",
     "        worker_fail(k, status, \"commit failed: %s\", error.text);\n    return status == BROKER_OK;", "        ;\n    return true;"),
    ("what stores observed of time is not committed", "commit.c", "        keep_time(t);\n", "        ;\n"),
    ("after a restore the stores' time is unknown", "restore_log.c", "    store_restore_time(r->store);\n", ""),
    ("the mark of a save is one too high", "store_save.c", "(struct disk_mark){offset, s->newest}",
     "(struct disk_mark){offset + 1, s->newest}"),
    ("a save is made of state that others have by now", "store_save.c", "status == BROKER_REFUSED ||",
     "({ for (int i = 0; status == BROKER_REFUSED && i < t->worker->program->store_count; i++) ends[i] = 20; "
     "status == BROKER_REFUSED && write_rows(t, ends, &keys, error); }) ||"),
    ("a save forgets the rows that are gone", "disk_save.c", "            rocks_delete(d->db, key);", "            ;"),
    ("a table is written into one that was taken in", "store_rocksdb.c", "    unlink(db->table_path);\n", ""),
    ("the disk is not used: all is restored", "restore_log.c", "? disk_mark(t->disk, r->store->index).offset : 0",
     "? 0 : 0"),
    ("the changelog behind the disk is not replayed", "restore_log.c", "    r->next = offset + 1;\n    if (!key.p",
     "    r->next = offset + 1;\n    if (r->store->on_disk && disk_mark(r->task->disk, r->store->index).offset > 0)\n"
     "        return true;\n    if (!key.p"),
    ("a tombstone of the changelog is not restored", "restore_log.c", "    if (!key.p || put(", "    if (!key.p || !value.p || put("),
    ("tasks are kept when their partitions go", "worker.c",
     "        task_remove(k, partitions[i].source, partitions[i].partition);", "        (void)partitions;"),
    ("what others did to a task that is kept is not seen", "restore_log.c", "        if (r->store->what->no_changelog)\n",
     "        if (r->store->what->no_changelog || r->task->ends)\n"),
    ("a task is kept that others have by now", "store_save.c", "    if (status == BROKER_OK)\n        return;", "    if (status != BROKER_FATAL)\n        return;"),
    ("partitions go without a commit", "worker.c", "    if (k->dirty)\n        commit_now(k);\n    if (k->exit", "    if (k->exit"),
    ("tasks outlive a transaction that was aborted", "worker_back.c", "    task_free_all(&k->tasks);\n", ""),
    ("state is saved although its transaction was aborted", "worker_back.c", "    task_free_all(&k->tasks);\n",
     "    k->exit = RUNTIME_DONE;\n    for (struct task *t = NULL; (t = task_next(&k->tasks, t));)\n"
     "        store_save_task(t);\n    task_free_all(&k->tasks);\n"),
    ("a record is taken of a task whose state is not all there", "task_restore.c",
     "&& !all->stores[i].through)\n            return false;", "&& !all->stores[i].through)\n            return all->reading;"),
    ("a bad record leaves what it changed", "worker.c", "        k->pending.count = 0;\n        store_undo(k);\n",
     "        k->pending.count = 0;\n        store_settle(k);\n"),
    ("a bad record leaves what it sent", "worker.c", "        k->pending.count = 0;\n        store_undo(k);\n",
     "        store_undo(k);\n"),
    ("rows that only the disk has are not looked for", "store_load.c", "        if (!l->full)\n", ""),
    ("what is loaded beside live work takes the place of what is newer", "store_load.c", "return store_loads_live(s) ? put_missing(s, row) : ", "return "),
    ("a store is complete that rows have left while it was loaded", "store_evict.c", "    store_load_end(s);", "    ;"),
    ("between two slices a row of the disk is lost", "store_load.c", "memory_text(row->key.p, row->key.n), row->key.n}",
     "memory_text(row->key.p, row->key.n), row->key.n + 1}"),
    ("the disk keeps more of a restore that is broken off than was read", "task_restore.c", "t->ends[r->store->index] = r->next;",
     "t->ends[r->store->index] = r->next + 1;"),
    ("a window is given while more of it waits", "store_buffer.c", "if (!(s->what->final && s->k->flushing))", "if (1)"),
    ("what has left is gone before it is safe", "commit.c", "k->leaving_waits = k->settings->kafka && !k->settings->exactly_once;",
     "k->leaving_waits = false;"),
    ("what came alone is gone before it is safe", "store_held.c", "    due->row.flags |= ROW_LEFT;",
     "    due->row.flags |= is_parked(s) ? 0 : ROW_LEFT;"),
    ("sessions that became part of another are gone before it is there", "store_change.c",
     "== WEIR_SESSION_WINDOWS ? flush_sessions(s)", "== WEIR_SESSION_WINDOWS ? flush_rows(s)"),
    ("a copy is said to be newer than it is", "copies.c", "        c->next = log->from;\n", "        c->next = log->from + 1;\n"),
    ("a call that is to be made again is not", "send.c", "while (WEIR_UNLIKELY(status == BROKER_RETRY));",
     "while (0);\n        if (status == BROKER_RETRY)\n            status = BROKER_OK;"),
    ("a timer does not count as something to commit", "task_timer.c", "    k->dirty = true;\n", ""),
]


def command_of(build, source):
    with open(os.path.join(build, "compile_commands.json")) as f:
        return next(c["command"] for c in json.load(f) if c["file"] == source)


def link_of(build):
    lines = subprocess.run(["ninja", "-C", build, "-t", "commands", "simulation"], stdout=subprocess.PIPE, text=True,
                           check=True).stdout.splitlines()
    link = next(line for line in reversed(lines) if " -o tests/simulation " in line)
    return re.sub(r"^: && | && :$", "", link)


def build_mutant(build, folder, file, old, new):
    """The simulation with one file of the runtime changed: its object comes before the library that has the right one."""
    source = os.path.join(ROOT, "runtime", file)
    with open(source) as f:
        text = f.read()
    if text.count(old) != 1:
        sys.exit(f"{file} has {text.count(old)} places like this:\n{old}")
    mutant, changed = os.path.join(folder, "simulation"), os.path.join(folder, file)
    with open(changed, "w") as f:
        f.write(text.replace(old, new))
    compile_it = command_of(build, source).replace(source, changed)
    compile_it = re.sub(r" -MD -MT \S+ -MF \S+", "", compile_it)
    compile_it = re.sub(r" -o \S+", f" -o {changed}.o", compile_it) + " -w"
    link = link_of(build).replace(" libweir_rt.a", f" {changed}.o libweir_rt.a", 1)
    link = link.replace(" -o tests/simulation ", f" -o {mutant} ")
    for command in (compile_it, link):
        subprocess.run(shlex.split(command), cwd=build, check=True)
    return mutant


def main():
    build, words = os.path.abspath(sys.argv[1]), sys.argv[2:]
    missed = []
    for name, file, old, new in MUTATIONS:
        if words and not any(word in name for word in words):
            continue
        with tempfile.TemporaryDirectory() as folder:
            mutant = build_mutant(build, folder, file, old, new)
            disk = ["--rocksdb"] if file == "store_rocksdb.c" else []
            done = subprocess.run([mutant, *disk, "--seeds", str(SEEDS)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, errors="replace")
        last = done.stdout.rstrip().splitlines()[-1] if done.stdout else f"exit code {done.returncode}"
        print(f"{name}: {last}", flush=True)
        if done.returncode == 0:
            missed.append(name)
    if missed:
        sys.exit(f"not seen within {SEEDS} seeds: {', '.join(missed)}")


if __name__ == "__main__":
    main()
