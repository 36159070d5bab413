#!/usr/bin/python3
"""show-bench.py LOG: makes one table of the lines `ratio NAME VALUE <=|>= AIM WORDS…` in meson's log of benchmarks.

Ends with 1 when a benchmark failed or measured nothing; an aim that was missed is marked, and is no failure: machines differ.
"""

import json
import pathlib
import re
import sys

RATIO = re.compile(r'^ratio (\S+) ([\d.]+) (<=|>=) ([\d.]+) ?(.*)$', re.MULTILINE)


def main():
    log = pathlib.Path(sys.argv[1])
    runs = [json.loads(line) for line in log.read_text(encoding='utf-8').splitlines()] if log.is_file() else []
    failed = not runs
    print('%-28s %7s  %-8s %-6s %s' % ('benchmark', 'ratio', 'aim', '', 'measured'))
    for run in runs:
        rows = RATIO.findall(run.get('stdout') or '')
        if run['result'] != 'OK' or not rows:
            failed = True
            print('%-28s failed' % run['name'].split(' / ')[-1])
        for name, value, order, aim, words in rows:
            reached = float(value) <= float(aim) if order == '<=' else float(value) >= float(aim)
            sign = '≤' if order == '<=' else '≥'
            print('%-28s %7s  %s %-6s %-6s %s' % (name, value, sign, aim, '' if reached else 'missed', words))
    sys.exit(failed)


main()
