"""Compares speed with llama.cpp: speed.py PROGRAM MODEL THREADS [ROUNDS [ISA [CACHE]]]

PROGRAM is the built example `measure` of this crate. Both do the same on the same file with the same number of threads, in turns,
so that whatever else the machine does hits both. Printed are the best and the median of the wall-clock times, the median of the time
that all threads were running (which says more on a busy machine; threads that wait by spinning are running), the ratio of each,
and the memory that is resident at the end. Needs llama-cpp-python from PyPI, and Linux.
"""

import glob
import statistics
import subprocess
import sys
import time

import llama_cpp

PROMPT, DECODED, (FIXED, QUESTION, ANSWER) = 200, 30, (150, 30, 25)


def tokens(first, count):
    return [3 + at * 37 % 250 for at in range(first, first + count)]


class Theirs:
    """llama.cpp, without what Python adds to it."""

    def __init__(self, model, threads):
        llama_cpp.llama_backend_init()
        self.model = llama_cpp.llama_model_load_from_file(model.encode(), llama_cpp.llama_model_default_params())
        options = llama_cpp.llama_context_default_params()
        options.n_ctx = options.n_batch = options.n_ubatch = 512
        options.n_threads = options.n_threads_batch = threads
        self.context = llama_cpp.llama_init_from_model(self.model, options)
        self.memory = llama_cpp.llama_get_memory(self.context)
        self.position = 0

    def read(self, wanted):
        batch = (llama_cpp.llama_token * len(wanted))(*wanted)
        if llama_cpp.llama_decode(self.context, llama_cpp.llama_batch_get_one(batch, len(wanted))):
            raise RuntimeError("llama_decode failed")
        self.position += len(wanted)

    def know(self, known):
        if self.position > known:
            llama_cpp.llama_memory_seq_rm(self.memory, 0, known, -1)
            self.position = known
        if self.position < known:
            self.read(tokens(self.position, known - self.position))
        llama_cpp.llama_synchronize(self.context)

    def timed(self, known, batches):
        self.know(known)
        start = time.perf_counter()
        for batch in batches:
            self.read(batch)
        llama_cpp.llama_synchronize(self.context)
        return (time.perf_counter() - start) * 1e3

    def prefill(self, known, count):
        return self.timed(known, [tokens(known, count)])

    def decode(self, known, count):
        return self.timed(known, [[token] for token in tokens(known, count)])


class Ours:
    def __init__(self, program, model, threads, options):
        command = [program, model, str(threads), *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.process.stdout.readline()

    def ask(self, *words):
        print(*words, file=self.process.stdin)
        return float(self.process.stdout.readline())

    def know(self, known):
        self.ask("know", known)

    def prefill(self, known, count):
        return self.ask("prefill", known, count)

    def decode(self, known, count):
        return self.ask("decode", known, count)


def running(process):
    """Milliseconds that the threads of a process have been running."""
    total = 0
    for path in glob.glob(f"/proc/{process}/task/*/schedstat"):
        with open(path) as file:
            total += int(file.read().split()[0])
    return total / 1e6


def resident(process):
    with open(f"/proc/{process}/status") as status:
        lines = dict(line.split(":", 1) for line in status)
    return [int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon")]


def main(program, model, threads, rounds="10", *options):
    before = resident("self")
    ours, theirs = Ours(program, model, threads, options), Theirs(model, int(threads))
    tasks = {
        f"prefill {PROMPT}": lambda it: it.prefill(0, PROMPT),
        f"decode {DECODED}": lambda it: it.decode(PROMPT, DECODED),
        "job cold": lambda it: it.prefill(0, FIXED + QUESTION) + it.decode(FIXED + QUESTION, ANSWER - 1),
        "first token": lambda it: it.prefill(FIXED, QUESTION),
        "job warm": lambda it: it.prefill(FIXED, QUESTION) + it.decode(FIXED + QUESTION, ANSWER - 1),
    }
    known = {
        f"prefill {PROMPT}": lambda it: it.know(0),
        f"decode {DECODED}": lambda it: it.know(PROMPT),
        "job cold": lambda it: it.know(0),
        "first token": lambda it: it.know(FIXED),
        "job warm": lambda it: it.know(FIXED),
    }
    count = {f"prefill {PROMPT}": PROMPT, f"decode {DECODED}": DECODED}
    print(f"{model}, {threads} threads, {rounds} rounds, ours first")
    for name, task in tasks.items():
        times, ran = [[], []], [[], []]
        for _ in range(int(rounds)):
            for side, it in enumerate((ours, theirs)):
                process = ours.process.pid if it is ours else "self"
                # What has to be known before is read now, so that it is not part of the running time.
                known[name](it)
                start = running(process)
                times[side].append(task(it))
                ran[side].append(running(process) - start)
        text = ""
        for label, pick, of in (("best", min, times), ("median", statistics.median, times), ("cpu", statistics.median, ran)):
            mine, other = map(pick, of)
            if name in count:
                mine, other = count[name] * 1e3 / mine, count[name] * 1e3 / other
                text += f"  {label} {mine:8.1f} {other:8.1f} tokens/s, {mine / other:5.2f} x"
            else:
                text += f"  {label} {mine:8.1f} {other:8.1f} ms,       {other / mine:5.2f} x"
        print(f"{name:12}{text}", flush=True)
    mine, other = resident(ours.process.pid), [now - then for now, then in zip(resident("self"), before)]
    print(f"resident MiB  ours {mine[0]:.0f} ({mine[1]:.0f} anonymous), llama.cpp {other[0]:.0f} ({other[1]:.0f} anonymous)")


main(*sys.argv[1:])
