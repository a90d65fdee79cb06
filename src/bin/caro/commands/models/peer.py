"""Does on a model file what a line of the input asks for, with llama.cpp, and answers with the milliseconds it took.

Lines are `prefill KNOWN COUNT` and `decode KNOWN COUNT`: so many tokens at once, or one by one, behind the first KNOWN. Nothing of
Python is in the times but the calls themselves.
"""

import sys
import time

import llama_cpp


def tokens(first, count):
    return [3 + at * 37 % 250 for at in range(first, first + count)]


llama_cpp.llama_backend_init()
# Kept by this name: what C calls must not be collected.
quiet = llama_cpp.llama_log_callback(lambda *_: None)
llama_cpp.llama_log_set(quiet, None)
model = llama_cpp.llama_model_load_from_file(sys.argv[1].encode(), llama_cpp.llama_model_default_params())
options = llama_cpp.llama_context_default_params()
options.n_ctx = options.n_batch = options.n_ubatch = 512
options.n_threads = options.n_threads_batch = int(sys.argv[2])
context = llama_cpp.llama_init_from_model(model, options)
memory = llama_cpp.llama_get_memory(context)
position = 0


def read(wanted):
    global position
    if wanted:
        batch = (llama_cpp.llama_token * len(wanted))(*wanted)
        if llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(batch, len(wanted))):
            sys.exit("llama_decode failed")
        position += len(wanted)


print(llama_cpp.__version__, flush=True)
for line in sys.stdin:
    task, known, count = line.split()
    known, count = int(known), int(count)
    if position > known:
        llama_cpp.llama_memory_seq_rm(memory, 0, known, -1)
        position = known
    read(tokens(position, known - position))
    llama_cpp.llama_synchronize(context)
    batches = [tokens(known, count)] if task == "prefill" else [[token] for token in tokens(known, count)]
    start = time.perf_counter()
    for batch in batches:
        read(batch)
    llama_cpp.llama_synchronize(context)
    print((time.perf_counter() - start) * 1e3, flush=True)
