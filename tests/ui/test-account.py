#!/usr/bin/python3
"""What an account’s owner does in the window: forgotten password, changes, where they are logged in, and the end; by roles and
names, secrets by real keys."""

import os
import pathlib
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import HANDLER, SECRETS, Path, consent  # noqa: E402
from stage import Demo, T, Window, new_mobile, until  # noqa: E402

HOME = pathlib.Path(os.environ['TEST_HOME'])
demo = Demo()
window = Window(demo)
path = Path(demo, window, HOME / 'documents')
facts = {}


def get_once(mobile):
    def look():
        sent = [m['text'] for m in demo.call('sms?mobile=' + mobile)['messages'] if '一次性密码' in m['text']]
        return sent and sent[0].split('一次性密码 ')[1].split('，')[0]
    return until('a one-time password', look)


def send_code(mobile):
    """The code this sends, not one that came before."""
    count = len(demo.call('sms?mobile=' + mobile)['messages'])
    window.press(T('Send code'))
    until('another code', lambda: len(demo.call('sms?mobile=' + mobile)['messages']) > count)
    return demo.get_code(mobile)


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


@case
def forgotten_password():
    path.register()
    window.wait_gone('push button', T('Send again'))
    advance(61)
    window.press(T('Forgot password?'))
    window.find('push button', T('Send one-time password'))
    window.fill(T('Document number of the handler'), HANDLER['document'])
    window.fill(T('Mobile number of the handler'), path.mobile)
    window.type_secret(T('SMS code'), send_code(path.mobile))
    window.press(T('Send one-time password'))
    window.wait_gone('push button', T('Send one-time password'))
    log_in(get_once(path.mobile))
    window.find('push button', T('Change password'))
    window.type_secret(T('Password'), 'Window-Garden-83')
    window.type_secret(T('%s (again)') % T('Password'), 'Window-Garden-83')
    window.press(T('Change password'))
    window.wait_gone('push button', T('Change password'))


@case
def change_mobile():
    facts['mobile'] = new_mobile()
    window.press(T('Home')) if window.look('push button', T('Home')) else None
    open_account()
    window.press(T('Change mobile…'))
    window.find('push button', T('Change mobile'))
    window.fill(T('New mobile number'), facts['mobile'])
    window.type_secret(T('SMS code'), send_code(facts['mobile']))
    window.type_secret(T('Present password'), 'Window-Garden-83')
    window.press(T('Change mobile'))
    window.wait_gone('push button', T('Change mobile'))
    window.wait_text('%s****%s' % (facts['mobile'][:3], facts['mobile'][-4:]))


@case
def close_account():
    advance(61)
    window.press(T('Close the account…'))
    window.find('push button', T('Close the account'))
    window.type_secret(T('SMS code'), send_code(facts['mobile']))
    window.type_secret(T('Present password'), 'Window-Garden-83')
    window.press(T('Close the account'))
    window.wait_gone('push button', T('Close the account'))
    window.find('push button', T('New certificate'))


@case
def the_program_is_well():
    check_program(window, (*SECRETS.values(), 'Window-Garden-83'))


finish(window, demo)
