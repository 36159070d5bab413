#!/usr/bin/python3
"""One program, many CAs: no CA's name and no profile's id stands in src."""

import json
import re

from tap import ROOT, SRC, case, finish

profiles = sorted((ROOT / 'data' / 'profiles').glob('*.json'))


def names_of(profile):
    data = json.loads(profile.read_text(encoding='utf-8'))
    yield data['id']
    for text in (data['name'], data['short-name']):
        yield from text.values()


def find_names(names):
    pattern = re.compile('|'.join(r'(?<![a-z])%s(?![a-z])' % re.escape(name) for name in names), re.IGNORECASE)
    for path in sorted(SRC.rglob('*')):
        if path.is_file() and path != SRC / 'README.md' and path.suffix != '.png':
            for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
                if pattern.search(line):
                    yield '%s:%d: %s' % (path.relative_to(SRC), number, line.strip()[:100])


case('profiles-found', [] if profiles else ['no profile in data/profiles'])
for item in profiles:
    case(item.stem, find_names(sorted(set(names_of(item)))))
finish()
