#!/usr/bin/python3
"""Ids are for ever: each is declared once among its kind, in lower case with hyphens."""

import collections
import re

from tap import SRC, case, finish

KEBAB = re.compile(r'[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*)*')
# kind: (files, where the id stands, how many there are at least)
KINDS = {
    'errors': ('base/errors/*.h', r'^\s*E \(\w+,\s*"([^"]+)"', 30),
    'reasons': ('base/ch-reason.h', r'^\s*R \(\w+,\s*"([^"]+)"', 20),
    'fields': ('wire/fields-*.c', r'^const ChField ch_field_\w+ = \{\s*\.id = "([^"]+)"', 15),
    'forms': ('wire/fields-*.c', r'^const ChForm ch_form_\w+ = \{\s*\.id = "([^"]+)"', 5),
    'routes': ('wire/routes-*.h', r'^\s*R \(\w+,\s*"([^"]+)"', 30),
    'facts': ('wire/ch-facts.h', r'^\s*\w \(\w+,\s*"([^"]+)"', 5),
    'steps': ('steps/step-*.c', r'^const ChStep ch_step_\w+ = \{\s*\.id = "([^"]+)"', 5),
    'checks': ('envcheck/check-*.c', r'^const ChCheck ch_check_\w+ = \{\s*\.id = "([^"]+)"', 10),
    'flows': ('steps/recipe-*.c', r'"([a-z-]+\.(?:enterprise|legal-person|person)\.[a-z.-]+)"', 2),
}
ROUTE = re.compile(r'^\s*R \(\w+,\s*"[^"]+",\s*("\w+"),\s*("[^"]+")', re.MULTILINE)


def read_ids(pattern, regex):
    for path in sorted(SRC.glob(pattern)):
        yield from re.findall(regex, path.read_text(encoding='utf-8'), re.MULTILINE)


def find_wrong(pattern, regex, least):
    ids = list(read_ids(pattern, regex))
    if len(ids) < least:
        yield 'only %d found in src/%s: has the table another shape now?' % (len(ids), pattern)
    for name, count in collections.Counter(ids).items():
        if count > 1:
            yield '%s is declared %d times' % (name, count)
        if not KEBAB.fullmatch(name):
            yield '%s is not in lower case with hyphens' % name


def find_shadowed_routes():
    """Two routes of one method whose paths differ only in the names of their parts."""
    seen = {}
    for path in sorted(SRC.glob('wire/routes-*.h')):
        for method, route in ROUTE.findall(path.read_text(encoding='utf-8')):
            shape = (method, re.sub(r'\{[^}]*\}', '{}', route))
            if shape in seen:
                yield '%s %s and %s are the same' % (method, route, seen[shape])
            seen[shape] = route


for kind, (files, where, at_least) in KINDS.items():
    if (SRC / files).parent.is_dir():
        case(kind, find_wrong(files, where, at_least))
case('route-paths', find_shadowed_routes())
finish()
