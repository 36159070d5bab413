#!/usr/bin/python3
"""What a layer's objects ask the linker for: no folder uses a library that is not its own."""

import subprocess

from layer_table import FOREIGN, LAYERS, foreign_of
from tap import BUILD, SRC, case, finish


def read_undefined(layer):
    """From its own objects: a library may hold those of others too."""
    objects = sorted((BUILD / 'src' / layer / ('libch-%s.a.p' % layer)).glob('**/*.o'))
    if not objects:
        return set()
    output = subprocess.run(['nm', '-u', *map(str, objects)], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in output.splitlines() if line.strip().startswith('U ')}


def find_wrong(layer):
    symbols = read_undefined(layer)
    if not any(symbol.startswith('g_') for symbol in symbols):
        yield '%s was not built, or is not read rightly' % layer
    for name, (_, beginnings) in FOREIGN.items():
        if name not in foreign_of(layer):
            found = sorted(s for s in symbols if s.startswith(tuple(beginnings)))
            if found:
                yield '%s uses %s: %s' % (layer, name, ', '.join(found[:5]))


for folder in LAYERS:
    if (SRC / folder).is_dir():
        case(folder, find_wrong(folder))
finish()
