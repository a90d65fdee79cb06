"""Compares logits with llama.cpp: logits.py PROGRAM MODEL [THREADS [ISA [CACHE]]]

PROGRAM is the built example `logits` of this crate. For prompts of 1 to 500 random tokens it prints the error in units of the
logits' own deviation, and whether the best token is the same; where it is not, by how much the two best differ: on random weights
near-ties are common. Needs numpy and llama-cpp-python from PyPI.
"""

import subprocess
import sys

import llama_cpp
import numpy as np

LENGTHS = (1, 2, 3, 7, 16, 17, 33, 64, 100, 255, 256, 257, 300, 500)


def main(program, model, *options):
    random = np.random.default_rng(3)
    llama = llama_cpp.Llama(model, n_ctx=1024, n_batch=512, n_ubatch=512, n_threads=2, verbose=False)
    vocabulary = llama.n_vocab()
    prompts = [random.integers(0, vocabulary, length).tolist() for length in LENGTHS]
    text = "\n".join(" ".join(map(str, prompt)) for prompt in prompts)
    ours = subprocess.run([program, model, *options], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
    ours = np.frombuffer(ours, np.float32).reshape(len(prompts), vocabulary)
    worst = 0.0
    for prompt, mine in zip(prompts, ours):
        llama.reset()
        llama.eval(prompt)
        theirs = np.ctypeslib.as_array(llama_cpp.llama_get_logits(llama.ctx), shape=(vocabulary,)).copy()
        size = theirs.std()
        error, most = np.sqrt(np.mean((mine - theirs) ** 2)) / size, np.abs(mine - theirs).max() / size
        best = theirs.argmax()
        gap = (theirs[best] - theirs[mine.argmax()]) / size
        verdict = "same" if best == mine.argmax() else f"differs by {gap:.4f}"
        worst = max(worst, most)
        print(f"{len(prompt):4} tokens: error {error:.5f}, largest {most:.5f}, best token {verdict}")
    print(f"largest error of all: {worst:.5f}")


main(*sys.argv[1:])
