#!/usr/bin/python3
"""Includes go downwards only: each #include line of src against the table of layers."""

import re

from layer_table import FOREIGN, LAYERS, PROGRAMS, closure, foreign_of
from tap import SRC, case, finish, sources

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)
GENERATED = re.compile(r'^(config\.h|ch-[a-z-]+-resources?\.h)$')


def find_own_wrong(layer, path, header):
    folder = header.split('/')[0] if '/' in header else None
    if GENERATED.match(header.rsplit('/', 1)[-1]) and (folder is None or folder == layer):
        return None
    if folder is None or not (SRC / header).is_file():
        return '%s includes "%s": no such file below src (includes are relative to src)' % (path, header)
    if layer != PROGRAMS and folder not in closure(layer):
        return '%s includes "%s": %s may not include %s' % (path, header, layer, folder)
    return None


def find_foreign_wrong(layer, path, header):
    for library, (beginnings, _) in FOREIGN.items():
        if any(header.startswith(start) for start in beginnings):
            if layer != PROGRAMS and library not in foreign_of(layer):
                return '%s includes <%s>: %s may not use %s' % (path, header, layer, library)
    return None


def find_wrong(layer):
    for path, text in sources('.c', '.h', below=SRC / layer):
        for mark, header in INCLUDE.findall(text):
            wrong = (find_own_wrong if mark == '"' else find_foreign_wrong)(layer, path, header)
            if wrong is not None:
                yield wrong


def has_library(folder):
    path = SRC / folder / 'meson.build'
    return path.is_file() and "static_library('ch-%s'" % folder in path.read_text(encoding='utf-8')


folders = sorted(p.name for p in SRC.iterdir() if p.is_dir())
case('table/known-folders', ('src/%s is not in the table' % f for f in folders if f not in LAYERS and f != PROGRAMS))
case('table/no-cycle', ('%s and %s may include each other' % (a, b)
                        for a in LAYERS for b in LAYERS if a < b and b in closure(a) and a in closure(b)))
case('table/one-library-each', ('src/%s/meson.build declares no static_library of its own' % f for f in folders
                                if f != PROGRAMS and not has_library(f)))
for name in folders:
    if name in LAYERS or name == PROGRAMS:
        case('includes/' + name, find_wrong(name))
finish()
