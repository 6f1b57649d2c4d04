"""Instances of a program and their broker, to which things happen at random moments, drawn from a seed."""
import heapq
import itertools
import os
import shutil
import signal
import time

from kafka_case import WEIR, Running, wait_for

SESSION_SECONDS = 4
LEAVE_SECONDS = 40  # in which an instance that gets SIGTERM must have ended, while there is a broker
SETTINGS = ("-X", f"session.timeout.ms={SESSION_SECONDS * 1000}", "-X", "heartbeat.interval.ms=500", "-X", "transaction.timeout.ms=3000")


class Instance:
    """A process, and the folder of its state; it may be there or not."""

    def __init__(self, name, chaos):
        self.name, self.chaos = name, chaos
        self.running = None
        self.paused = False
        self.began = 0
        self.leaving = None  # since when
        self.folders = 0
        self.said = ""  # by the processes before

    def there(self):
        return self.running is not None

    def free(self):
        """Nothing happens to it right now."""
        return self.there() and not self.paused and self.leaving is None

    def state(self):
        return os.path.join(self.chaos.folder, f"state-{self.name}{self.folders}")

    def start(self):
        if self.there():
            return
        draw, settings = self.chaos.random, []
        if self.chaos.static:
            settings += ["--set", f"instance={self.name}"]
        if draw.random() < 0.3:
            settings += ["--set", "memory=4MB"]
        if draw.random() < 0.5:
            settings += ["--set", f"commit={draw.choice(('50ms', '300ms', '1s'))}"]
        kind = draw.choice(("run", "built"))
        argv = [WEIR, "run", self.chaos.program] if kind == "run" else [self.chaos.built]
        settings += ["--set", f"threads={draw.choice((1, 1, 2))}", "--set", f"state_dir={self.state()}", "--set", "http=0"]
        self.began = time.monotonic()
        self.running = Running([*argv, "--brokers", self.chaos.kafka.address, *SETTINGS, *settings], self.chaos.folder, {})
        self.chaos.note(f"{self.name} starts: {kind} {' '.join(s for s in settings if s != '--set')}")

    def kill(self):
        if self.there():
            self.running.kill()
            self.gone("is killed")

    def pause(self):
        self.running.signal(signal.SIGSTOP)
        self.paused = True
        self.chaos.note(f"{self.name} stands still")

    def resume(self):
        if self.there() and self.paused:
            self.running.signal(signal.SIGCONT)
            self.paused = False
            self.chaos.note(f"{self.name} goes on")

    def leave(self):
        wait_for(self.running.takes_signals, f"the start of {self.name}")
        self.running.signal(signal.SIGTERM)
        self.leaving = time.monotonic()
        self.chaos.note(f"{self.name} gets SIGTERM")

    def lose_disk(self):
        self.kill()
        shutil.rmtree(self.state(), ignore_errors=True)
        self.chaos.note(f"{self.name} loses its disk")

    def gone(self, how):
        self.said += f"{self.running.err}--- {how}\n"
        self.running, self.paused, self.leaving = None, False, None
        self.chaos.note(f"{self.name} {how}")

    def broker_was_away(self):
        """After it was told to end."""
        return not self.chaos.broker_up or self.leaving < self.chaos.broker_since

    def check(self):
        """Notes its end, if it was told to; else that is a failure."""
        if not self.there():
            return
        code = self.running.process.poll()
        if code is not None:
            self.running.end()
            told = self.leaving is not None
            # It was started while there was no broker, for half a minute; or the broker came back without what it had not written yet of a rebalance: a name
            # belongs to the process before the last one then.
            in_vain = any(why in self.running.err for why in ("cannot use Kafka at", "has taken this one's place"))
            # Told to end it waits 20 s for a broker that is away.
            gave_up = told and code == 3 and "does not answer; what was" in self.running.err and self.broker_was_away()
            self.gone(f"ended with {code}")
            if code == 3 and in_vain and self.began < self.chaos.broker_since:
                self.start()
            elif (code and not gave_up) or not told:
                raise AssertionError(f"{self.name} ended with {code} {'after SIGTERM' if told else 'by itself'}")
        elif self.leaving is not None and time.monotonic() - max(self.leaving, self.chaos.broker_since) > LEAVE_SECONDS and self.chaos.broker_up:
            raise AssertionError(f"{self.name} has not ended {LEAVE_SECONDS} s after SIGTERM")


class Chaos:
    def __init__(self, kafka, folder, program, built, random, static):
        self.kafka, self.folder, self.program, self.built = kafka, folder, program, built
        self.random, self.static = random, static
        self.began = self.broker_since = time.monotonic()
        self.broker_up = True
        self.log = []
        self.events = 0
        self.later = []  # (when, order, what)
        self.order = itertools.count()
        self.instances = [Instance(name, self) for name in "abcd"]  # the last comes and goes

    def note(self, text):
        self.log.append(f"{time.monotonic() - self.began:7.2f} s  {text}")

    def after(self, seconds, what):
        heapq.heappush(self.later, (time.monotonic() + seconds, next(self.order), what))

    def due(self):
        while self.later and self.later[0][0] <= time.monotonic():
            heapq.heappop(self.later)[2]()

    def between(self, low, high):
        return low + (high - low) * self.random.random()

    def start(self):
        for instance in self.instances[:3]:
            instance.start()

    def run(self, seconds, zombies=True):
        """Things happen for so long."""
        events = [(self.killed, 5), (self.all_killed, 1), (self.brief_pause, 2), (self.left, 3), (self.joined, 2), (self.disk_lost, 1),
                  (self.broker_killed, 1), (self.broker_restarted, 1)] + [(self.zombie, 4)] * zombies
        end, following = time.monotonic() + seconds, time.monotonic() + 3
        while time.monotonic() < end:
            self.due()
            self.check()
            if time.monotonic() >= following:
                event = self.random.choices(*zip(*events))[0]
                self.events += bool(event())
                following = time.monotonic() + self.between(0.3, 4)
            time.sleep(0.02)

    def check(self):
        for instance in self.instances:
            instance.check()

    def one(self):
        free = [i for i in self.instances if i.free()]
        return self.random.choice(free) if free else None

    def killed(self):
        one = self.one()
        if one:
            one.kill()
            self.after(self.between(0, 2) if self.random.random() < 0.7 else SESSION_SECONDS + 1, one.start)
        return one

    def all_killed(self):
        for one in self.instances:
            one.kill()
            self.after(self.between(0, 2), one.start)
        return True

    def brief_pause(self):
        return self.paused(0.2, SESSION_SECONDS * 0.6)

    def zombie(self):
        """For longer than its session: the others have its partitions when it goes on."""
        return self.paused(SESSION_SECONDS + 1, SESSION_SECONDS + 5)

    def paused(self, low, high):
        one = self.one()
        if one:
            one.pause()
            self.after(self.between(low, high), one.resume)
        return one

    def left(self):
        one = self.one()
        if one and sum(i.free() for i in self.instances) > 1:
            one.leave()
            self.after(self.between(2, 8), lambda: self.back(one))
            return True
        return False

    def back(self, one):
        if one.leaving is not None:  # it takes its time to end
            self.after(1, lambda: self.back(one))
        else:
            one.start()

    def joined(self):
        extra = self.instances[-1]
        if not extra.there():
            extra.start()
            return True
        if extra.free():
            extra.leave()
            return True
        return False

    def disk_lost(self):
        one = self.one()
        if one:
            one.lose_disk()
            self.after(self.between(0, 2), one.start)
        return one

    def broker_killed(self):
        return self.broker_away(self.kafka.kill, "is killed", self.between(0, 8))

    def broker_restarted(self):
        return self.broker_away(self.kafka.stop, "is stopped", self.between(0, 8))

    def broker_away(self, end, how, seconds):
        if not self.broker_up:
            return False
        self.broker_up = False
        end()
        self.note(f"the broker {how}")
        self.after(seconds, self.broker_back)
        return True

    def broker_back(self):
        self.kafka.start()
        self.broker_up, self.broker_since = True, time.monotonic()
        self.note("the broker is back")

    def calm(self):
        """All is there again, nothing is under way."""
        while self.later:
            heapq.heappop(self.later)[2]()
            time.sleep(0.05)
            self.check()
        for instance in self.instances[:3]:
            instance.start()

    def stop(self):
        """SIGTERM to all; each must end with 0."""
        for instance in self.instances:
            if instance.free():
                instance.leave()
        while any(i.there() for i in self.instances):
            self.check()
            time.sleep(0.02)

    def end(self):
        """Whatever state they are in."""
        for instance in self.instances:
            instance.kill()
