#!/usr/bin/python3
"""What an account’s owner does in the window: forgotten password, changes, where they are logged in, and the end; by roles and
names, secrets by real keys."""

import os
import pathlib
import subprocess
import sys
import traceback

sys.dont_write_bytecode = True
from path import HANDLER, SECRETS, Path, consent  # noqa: E402
from stage import Demo, Late, T, Window, new_mobile, until  # noqa: E402

HOME = pathlib.Path(os.environ['TEST_HOME'])
outcomes = []
facts = {}


def case(name, deed):
    """One case of the test; those after one that failed cannot pass."""
    problem = 'a case before it failed' if outcomes and not all(outcomes) else None
    if problem is None:
        try:
            deed()
        except (Late, AssertionError, OSError, subprocess.SubprocessError) as error:
            problem = '%s: %s' % (type(error).__name__, error)
            traceback.print_exc()
    outcomes.append(problem is None)
    if problem is not None:
        print('# ' + problem.replace('\n', '\n# '))
    print('%s %d %s' % ('not ok' if problem else 'ok', len(outcomes), name), flush=True)


def get_once(mobile):
    def look():
        sent = [m['text'] for m in demo.call('sms?mobile=' + mobile)['messages'] if '一次性密码' in m['text']]
        return sent and sent[0].split('一次性密码 ')[1].split('，')[0]
    return until('a one-time password', look)


def advance(seconds):
    demo.call('clock', {'advance': seconds})


def open_account():
    window.keys('F10')
    window.press(T('Account…'), role='menu item')
    window.find('push button', T('Change password…'))


def log_out():
    window.keys('F10')
    window.press(T('Log out'), role='menu item')


def log_in(password):
    window.find('push button', T('Log in'))
    window.type_secret(T('Password'), password)
    for box in consent('login'):
        window.tick(box)
    window.press(T('Log in'))


def forget():
    path.register()
    window.wait_gone('push button', T('Send again'))
    advance(61)
    window.press(T('Forgot password?'))
    window.find('push button', T('Send one-time password'))
    window.fill(T('Document number of the handler'), HANDLER['document'])
    window.fill(T('Mobile number of the handler'), path.mobile)
    window.press(T('Send code'))
    window.type_secret(T('SMS code'), demo.get_code(path.mobile))
    window.press(T('Send one-time password'))
    window.wait_gone('push button', T('Send one-time password'))
    log_in(get_once(path.mobile))
    window.find('push button', T('Change password'))
    window.type_secret(T('Password'), 'Window-Garden-83')
    window.type_secret(T('%s (again)') % T('Password'), 'Window-Garden-83')
    window.press(T('Change password'))
    window.wait_gone('push button', T('Change password'))


def change_mobile():
    facts['mobile'] = new_mobile()
    window.press(T('Home')) if window.look('push button', T('Home')) else None
    open_account()
    window.press(T('Change mobile…'))
    window.find('push button', T('Change mobile'))
    window.fill(T('New mobile number'), facts['mobile'])
    window.press(T('Send code'))
    window.type_secret(T('SMS code'), demo.get_code(facts['mobile']))
    window.type_secret(T('Present password'), 'Window-Garden-83')
    window.press(T('Change mobile'))
    window.wait_gone('push button', T('Change mobile'))
    window.wait_text('%s****%s' % (facts['mobile'][:3], facts['mobile'][-4:]))


def close_account():
    advance(61)
    window.press(T('Close the account…'))
    window.find('push button', T('Close the account'))
    window.press(T('Send code'))
    code = until('another code', lambda: demo.get_code(facts['mobile']))
    window.type_secret(T('SMS code'), code)
    window.type_secret(T('Present password'), 'Window-Garden-83')
    window.press(T('Close the account'))
    window.wait_gone('push button', T('Close the account'))
    window.find('push button', T('New certificate'))


def check_program():
    assert window.process.poll() is None, 'the program ended by itself'
    log = window.read_log()
    for word in ('AddressSanitizer', 'runtime error', 'CRITICAL', *SECRETS.values(), 'Window-Garden-83'):
        assert word not in log, log


demo = Demo()
window = Window(demo)
path = Path(demo, window, HOME / 'documents')

case('forgotten-password', forget)
case('mobile', change_mobile)
case('close', close_account)
case('program', check_program)
if not all(outcomes):
    print('# the program said: ' + window.read_log().replace('\n', '\n# '))
window.close()
demo.close()
print('1..%d' % len(outcomes))
sys.exit(0 if all(outcomes) else 1)
