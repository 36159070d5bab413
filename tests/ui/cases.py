"""Cases of TAP for the tests of the window. Those after one that failed cannot pass, for they begin where it ended."""

import os
import subprocess
import sys
import traceback

sys.dont_write_bytecode = True
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402
from stage import Late, has_state  # noqa: E402

_outcomes = []


def case(deed):
    """Runs a deed at once; what it asserts is one case."""
    problem = None if all(_outcomes) else 'a case before it failed'
    if problem is None:
        try:
            deed()
        except (Late, AssertionError, OSError, LookupError, subprocess.SubprocessError) as error:
            problem = '%s: %s' % (type(error).__name__, error)
            traceback.print_exc()
    _outcomes.append(problem is None)
    if problem is not None:
        print('# ' + problem.replace('\n', '\n# '))
    print('%s %d %s' % ('not ok' if problem else 'ok', len(_outcomes), deed.__name__.replace('_', '-')), flush=True)
    return deed


def check_program(window, secrets=()):
    assert window.process.poll() is None, 'the program ended by itself'
    log = window.read_log()
    for word in ('AddressSanitizer', 'runtime error', 'CRITICAL', *secrets):
        assert word not in log, log


def finish(window, demo, *others):
    """Ends the program, the CA and the test, and what else it was done with."""
    if not all(_outcomes):
        print('# the program said: ' + window.read_log().replace('\n', '\n# '))
        for node in filter(lambda n: n.get_name(), window.walk()):
            print('#', node.get_role_name(), node.get_name(), 'FOCUS' if has_state(node, Atspi.StateType.FOCUSED) else '')
        if 'CERTHALL_PICTURE' in os.environ:
            subprocess.run(['import', '-window', 'root', os.environ['CERTHALL_PICTURE']], check=False)
    window.close()
    for each in (demo, *others):
        each.close()
    print('1..%d' % len(_outcomes))
    sys.exit(0 if _outcomes and all(_outcomes) else 1)
