#!/usr/bin/python3
"""The window on a PC that many people share: who goes away or logs out is forgotten, and nothing was written."""

import os
import pathlib
import sys

sys.dont_write_bytecode = True
from path import SECRETS, Path, consent  # noqa: E402
from stage import Demo, Late, T, Window, until  # noqa: E402

HOME = pathlib.Path(os.environ['TEST_HOME'])
RUN = pathlib.Path(os.environ['XDG_RUNTIME_DIR'])
outcomes = []


def case(name, deed):
    problem = 'a case before it failed' if outcomes and not all(outcomes) else None
    if problem is None:
        try:
            deed()
        except (Late, AssertionError, OSError) as error:
            problem = '%s: %s' % (type(error).__name__, error)
    outcomes.append(problem is None)
    if problem is not None:
        print('# ' + problem.replace('\n', '\n# '))
    print('%s %d %s' % ('not ok' if problem else 'ok', len(outcomes), name), flush=True)


def register():
    """At home, on a PC of one's own."""
    window = Window(demo)
    path = Path(demo, window, HOME / 'documents')
    path.register()
    path.log_in()
    window.wait_gone('push button', T('Log in'))
    window.close()
    for place in (HOME / 'data', RUN / 'certhall'):
        for found in sorted(place.rglob('*'), reverse=True):
            found.unlink() if found.is_file() else found.rmdir()
    return path.mobile


def start(idle):
    return Window(demo, '--shared', '--idle', str(idle))


def log_in(window):
    window.press(T('New certificate'))
    window.find('push button', T('Register'))
    window.fill(T('User name'), mobile)
    window.type_secret(T('Password'), SECRETS['password'])
    for box in consent('login'):
        window.tick(box)
    window.press(T('Log in'))
    window.wait_gone('push button', T('Register'))


def check_forgotten(window, toast):
    window.wait_text(T(toast))
    # The hall as it is when the program starts: nobody is logged in, no name is offered
    window.press(T('New certificate'))
    window.find('push button', T('Register'))
    for node in window.walk():
        assert mobile not in (node.get_name() or ''), 'the name is still there'


def check_nothing_written():
    files = [path for place in (HOME / 'data', RUN / 'certhall', HOME / 'config') for path in place.rglob('*') if path.is_file()
             and ('certhall' in str(path.relative_to(HOME)) or mobile.encode() in path.read_bytes())]
    assert not files, 'written: %s' % files
    assert not list((HOME / 'data').rglob('recently-used.xbel')), 'the desktop remembers files'


def check_idle():
    window = start(20)
    try:
        log_in(window)
        check_forgotten(window, 'Nobody has used this PC for a while. You are logged out, and nothing of you was kept on it.')
        check_nothing_written()
    finally:
        window.close()


def check_log_out():
    window = start(3600)
    try:
        log_in(window)
        # From the wizard that begins after the login, and from the menu as the keyboard reaches it
        window.press(T('Home'))
        until('the way home', lambda: not window.look('push button', T('Next')))
        window.keys('F10')
        window.press(T('Log out'), role='menu item')
        check_forgotten(window, 'You are logged out. Nothing of you was kept on this PC.')
        check_nothing_written()
    finally:
        window.close()


demo = Demo()
mobile = register()
case('goes-away', check_idle)
case('logs-out', check_log_out)
case('server', demo.close)
print('1..%d' % len(outcomes))
sys.exit(0 if all(outcomes) else 1)
