"""Compares the tokens of Caro with those of llama.cpp, line by line: tokenizer.py GGUF [GGUF...]

Needs llama-cpp-python (PyPI). Builds and runs `examples/tokenize.rs`. The lines: every text file of this repository that git
knows, Python's own library, and lines made here of emoji, scripts, numbers, blanks and marks of turns; every second one is
also compared with control tokens parsed. Prints how many lines are equal and the first few that are not.
"""

import json
import random
import subprocess
import sys
import sysconfig
from pathlib import Path

from llama_cpp import Llama

ROOT = Path(__file__).resolve().parents[2]
COUNT = 10_000

WORDS = [
    "list", "files", "naïve", "Straße", "don't", "I'LL", "it's", "we'Ve", "größer", "Москва", "東京都", "안녕하세요", "مرحبا",
    "שלום", "ภาษาไทย", "हिन्दी", "👍", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "é", "e\u0301", "½", "²", "٣", "Ⅻ", "1234567", "3.14", "0x7fFF",
    "\u00a0", "\u2003", "\u200b", "\ufeff", "\t", "  ", "    ", "\n", "\r\n", "\n\n", "...", "—", "“quote”", "$HOME",
    "&&", "||", "2>&1", "--all", "{}", "();", "->", "<|im_end|>", "<|im_start|>", "<|endoftext|>", "<|eot_id|>", "</s>", "<s>",
    "\x00", "\x1b[0m", "\x7f", "snake_case", "CamelCase", "a/b/c.txt", "C:\\Users", "ſ", "'ſ", "İ", "ﬁ", "\U0001d54f", "\u0378",
]


def lines() -> list[str]:
    """Deterministic, the same on every machine with the same Python and checkout."""
    generator = random.Random(7)
    known = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    files = sorted(ROOT / name for name in known if name) + sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    found = []
    for file in files:
        try:
            found += [line for line in file.read_text(encoding="utf-8").split("\n") if line]
        except (UnicodeDecodeError, OSError):
            continue
    generator.shuffle(found)
    made = []
    while len(made) < COUNT * 4 // 10:
        glue = generator.choice(["", " ", " ", "  "])
        made.append(glue.join(generator.choice(WORDS) for _ in range(generator.randint(1, 12))))
    made = [line for line in made if line]
    # A few neighbors as one text: line ends matter to the words.
    joined = ["\n".join(found[i : i + 3]) for i in range(0, 3000, 3)]
    return (made + joined + found[3000:])[:COUNT]


def ours(example: Path, gguf: str, texts: list[str], mode: str) -> list[list[int]]:
    stdin = "".join(json.dumps(text) + "\n" for text in texts)
    run = subprocess.run([example, gguf, mode], input=stdin, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def main() -> None:
    subprocess.run(["cargo", "build", "-q", "-p", "caro-inference", "--example", "tokenize"], cwd=ROOT, check=True)
    example = ROOT / "target/debug/examples/tokenize"
    texts = lines()
    failed = False
    for gguf in sys.argv[1:]:
        peer = Llama(model_path=gguf, vocab_only=True, verbose=False)
        for mode, share in [("text", texts), ("parse", texts[::2])]:
            theirs = [peer.tokenize(text.encode(), add_bos=False, special=mode == "parse") for text in share]
            pairs = list(zip(share, ours(example, gguf, share, mode), theirs, strict=True))
            different = [pair for pair in pairs if pair[1] != pair[2]]
            print(f"{Path(gguf).name} {mode}: {len(pairs) - len(different)} of {len(pairs)} lines equal")
            for text, mine, other in different[:5]:
                print("  ", json.dumps(text)[:200], mine[:40], other[:40], sep="\n    ")
            failed |= bool(different)
    sys.exit(failed)


if __name__ == "__main__":
    main()
