#!/usr/bin/python3
"""bench-start.py EMPTY-WINDOW FIRST-FRAME: start and memory of certhall against those of an empty window.

Both are started in turn on one screen, certhall on a CA that runs; the medians are compared. Run inside run-in-display.sh.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

ROUNDS = 12
PROGRAMS = pathlib.Path(os.environ['CERTHALL_PROGRAMS'])
TESTS = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT']) / 'tests'
HOME = pathlib.Path(os.environ['TEST_HOME'])

# What the tests look for, and users do not have
for name in ('G_DEBUG', 'G_SLICE', 'ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS'):
    os.environ.pop(name, None)


def start(command, first_frame):
    """Milliseconds to the first frame, and MB resident."""
    began = time.monotonic()
    result = subprocess.run(command, env=dict(os.environ, LD_PRELOAD=first_frame), stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True, timeout=60, check=True)
    said = dict(line.split() for line in result.stdout.splitlines() if line.count(' ') == 1)
    return int(said['frame']) / 1e3 - began * 1e3, int(said['resident']) / 1024


def compare(empty_window, first_frame, connection):
    commands = {'empty': [empty_window], 'certhall': [str(PROGRAMS / 'certhall')] + connection}
    values = {name: [] for name in commands}
    for name, command in commands.items():
        start(command, first_frame)
    for _ in range(ROUNDS):
        for name, command in commands.items():
            values[name].append(start(command, first_frame))
    for row, (what, unit, aim) in enumerate((('first-frame', 'ms', 1.2), ('memory', 'MB', 1.3))):
        own, empty = (statistics.median(value[row] for value in values[name]) for name in ('certhall', 'empty'))
        print('ratio start/%s %.2f <= %.2f %.0f %s against %.0f %s' % (what, own / empty, aim, own, unit, empty, unit))


def main():
    store = HOME / 'ca'
    subprocess.run([str(TESTS / 'world' / 'make-store.sh'), str(store)], check=True)
    with subprocess.Popen([str(PROGRAMS / 'certhalld'), 'serve', '--dir', str(store), '--listen', '127.0.0.1:0', '--demo'],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        url = server.stdout.readline().split()[1]
        try:
            compare(sys.argv[1], sys.argv[2], ['--server', url, '--trust', str(store / 'tls-ca.pem')])
        finally:
            server.terminate()


main()
