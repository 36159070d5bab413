#!/usr/bin/python3
"""The environment check with a key in the reader and a server beside it, against the slowest of its checks alone; and without network."""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 7
PROGRAMS = pathlib.Path(os.environ['CERTHALL_PROGRAMS'])
TESTS = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT']) / 'tests'
sys.dont_write_bytecode = True
sys.path.insert(0, str(TESTS / 'fixtures'))
from card_world import CardWorld  # noqa: E402

# Those that wait for somebody else; what they build upon runs with them
SINGLE = ('card', 'module', 'entry', 'font')

for name in ('G_DEBUG', 'G_SLICE', 'ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS'):
    os.environ.pop(name, None)


def measure(*arguments):
    """Milliseconds from exec to the end, the median of some."""
    times = []
    for _ in range(ROUNDS):
        began = time.monotonic()
        subprocess.run([PROGRAMS / 'certhallctl', 'envcheck', '--json', *arguments], stdout=subprocess.DEVNULL, check=False)
        times.append((time.monotonic() - began) * 1e3)
    return statistics.median(times)


def main():
    with tempfile.TemporaryDirectory() as home, CardWorld() as cards:
        os.environ.update({'HOME': home, 'XDG_DATA_HOME': home + '/share', 'XDG_RUNTIME_DIR': home})
        cards.insert()
        cards.initialise(label='Certhall')
        store = pathlib.Path(home) / 'ca'
        subprocess.run([TESTS / 'world' / 'make-store.sh', store], check=True)
        with subprocess.Popen([PROGRAMS / 'certhalld', 'serve', '--dir', store, '--listen', '127.0.0.1:0', '--demo'],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            given = ['--server', server.stdout.readline().split()[1], '--trust', str(store / 'tls-ca.pem')]
            try:
                measure(*given)
                single = max((measure('--only', check, *given), check) for check in SINGLE)
                whole = measure(*given)
                offline = measure('--offline')
            finally:
                server.terminate()
    print('ratio check/whole %.2f <= 1.20 %.0f ms against %.0f ms of %s alone' % (whole / single[0], whole, *single))
    print('ratio check/seconds %.2f <= 1.50 with card and server' % (whole / 1e3))
    print('ratio check/offline %.2f <= 0.50 s without network' % (offline / 1e3))


main()
