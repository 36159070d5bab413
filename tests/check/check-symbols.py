#!/usr/bin/python3
"""What a layer's objects ask the linker for: no folder uses a library that is not its own."""

import subprocess

from layer_table import FOREIGN, LAYERS, foreign_of
from tap import BUILD, SRC, case, finish


def read_undefined(library):
    output = subprocess.run(['nm', '-u', str(library)], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in output.splitlines() if line.strip().startswith('U ')}


def find_wrong(layer):
    library = BUILD / 'src' / layer / ('libch-%s.a' % layer)
    if not library.is_file():
        yield '%s was not built' % library
        return
    symbols = read_undefined(library)
    if not any(symbol.startswith('g_') for symbol in symbols):
        yield '%s uses no g_ symbol: is it read rightly?' % library
    for name, (_, beginnings) in FOREIGN.items():
        if name not in foreign_of(layer):
            found = sorted(s for s in symbols if s.startswith(tuple(beginnings)))
            if found:
                yield '%s uses %s: %s' % (layer, name, ', '.join(found[:5]))


for folder in LAYERS:
    if (SRC / folder).is_dir():
        case(folder, find_wrong(folder))
finish()
