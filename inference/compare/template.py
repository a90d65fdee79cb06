"""Compares conversations with those that Python's Jinja writes: template.py PROGRAM TEMPLATE...

PROGRAM is the built example `conversation` of this crate, the templates are files such as those in llama.cpp's `models/templates`.
Needs jinja2 (PyPI), set up as the library does for which such templates are written.
"""

import json
import subprocess
import sys
from pathlib import Path

from jinja2.exceptions import TemplateError
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

MESSAGES = [
    {"role": "system", "content": "Answer with one bash command as JSON."},
    {"role": "user", "content": "list files"},
    {"role": "assistant", "content": '{"command": "ls"}'},
    {"role": "user", "content": "show disk usage"},
]


def refuse(message):
    raise TemplateError(message)


def theirs(path):
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.globals["raise_exception"] = refuse
    environment.filters["tojson"] = lambda value, **_: json.dumps(value, ensure_ascii=False)
    try:
        template = environment.from_string(Path(path).read_text(encoding="utf-8"))
        return template.render(messages=MESSAGES, add_generation_prompt=True, bos_token="<s>", eos_token="</s>")
    except (TemplateError, TypeError) as error:
        print(f"jinja: {path}: {error}", file=sys.stderr)
        return None


def main(program, *paths):
    run = subprocess.run([program, *paths], stdout=subprocess.PIPE, text=True, check=True)
    pairs = [(path, json.loads(line), theirs(path)) for path, line in zip(paths, run.stdout.splitlines(), strict=True)]
    different = [pair for pair in pairs if pair[1] != pair[2]]
    print(f"{len(pairs) - len(different)} of {len(pairs)} templates equal")
    for path, mine, other in different:
        print(Path(path).name, json.dumps(mine), json.dumps(other), sep="\n    ")
    sys.exit(bool(different))


main(*sys.argv[1:])
