#!/usr/bin/python3
"""The documents of failures have every error and every finding, in both languages, and nothing else."""

import os
import pathlib
import re

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
DOC = pathlib.Path(os.environ['CERTHALL_BUILD_ROOT']) / 'data' / 'doc'
outcomes = []


def case(name, problems):
    problems = list(problems)
    outcomes.append(not problems)
    print('%s %d %s' % ('not ok' if problems else 'ok', len(outcomes), name))
    for text in problems[:20]:
        print('# ' + str(text))


def read_ids():
    for path in sorted((ROOT / 'src/base/errors').glob('*.h')):
        yield from re.findall(r'^\s*E \(\w+,\s*"([^"]+)"', path.read_text(encoding='utf-8'), re.MULTILINE)
    for path in sorted((ROOT / 'src/envcheck').glob('findings-*.h')):
        yield from re.findall(r'^\s*F \(\w+,\s*(\d{3}),', path.read_text(encoding='utf-8'), re.MULTILINE)


wanted = set(read_ids())
case('tables', [] if len(wanted) > 120 else ['only %d found: have the tables another shape now?' % len(wanted)])
for language in ('en', 'zh_CN'):
    text = (DOC / ('failures.%s.md' % language)).read_text(encoding='utf-8')
    parts = re.split(r'^## (\S+) \{#\S+\}$', text, flags=re.MULTILINE)
    entries = dict(zip(parts[1::2], parts[2::2]))
    case(language + '-complete', sorted(wanted ^ set(entries)))
    # A headline, a cause and what to do, each with words
    case(language + '-says-all', [i for i, entry in entries.items()
                                  if len(re.findall(r'^- \S.*[:：] *\S', entry, re.MULTILINE)) < 2
                                  or not entry.strip().splitlines()[0].strip()])

print('1..%d' % len(outcomes))
raise SystemExit(0 if all(outcomes) else 1)
