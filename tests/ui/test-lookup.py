#!/usr/bin/python3
"""Applications looked up in the window without an account, by names and roles: from the home view and from the login page, to be
looked at only."""

import os
import pathlib
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import HANDLER, SECRETS, UNIT  # noqa: E402
from stage import Demo, T, Window, make_documents, until  # noqa: E402
from terminal import DOCUMENTS, ENTERPRISE_PAY, Terminal  # noqa: E402

folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
make_documents(folder)
demo = Demo()
terminal = Terminal(demo, folder)
terminal.register()
application = terminal.begin(ENTERPRISE_PAY, terminal.unit, DOCUMENTS, terminal.handler)
demo.review(application, False, [{'field': 'licence', 'reason': 'review', 'remark': '缺少公章'}])
terminal.run('account', 'logout')
demo.call('clock', {'advance': 61})
window = Window(demo)


def fill_in(number):
    window.find('push button', T('Send code'))
    window.fill(T('Document number'), number)
    window.fill(T('Mobile number of the handler'), terminal.mobile)
    count = len(demo.call('sms?mobile=' + terminal.mobile)['messages'])
    window.press(T('Send code'))
    until('another code', lambda: len(demo.call('sms?mobile=' + terminal.mobile)['messages']) > count)
    window.type_secret(T('SMS code'), demo.get_code(terminal.mobile))


@case
def what_is_missing_is_said():
    window.press(T('Look up'), exact=False)
    window.find('heading', T('Look up an application'))
    window.type('1')  # the page begins with the focus in its first field
    until('what was typed', lambda: window.read(T('Document number')) == '1')
    window.press(T('Look up'))
    window.find('label', T('This is still missing.'), exact=False)


@case
def an_application_is_found():
    fill_in(HANDLER['document'])
    window.keys('Return')
    window.find('heading', T('New certificate'))
    window.wait_text(T('Refused'))
    window.wait_text(T('To be corrected'))
    window.wait_text('缺少公章')
    window.wait_text(UNIT['unit-name'])
    window.wait_text('110***********002X')


@case
def nothing_can_be_done_about_it():
    for name in (T('See why'), '%s…' % T('Withdraw'), T('Save the receipt…'), T('Continue')):
        assert not window.look('push button', name), name
    assert terminal.demo.call('applications')['items'] == []


@case
def the_way_back_leads_step_by_step():
    window.keys('alt+Left')
    window.find('heading', T('Look up an application'))
    assert window.read(T('Document number')) == HANDLER['document']
    window.keys('alt+Left')
    window.wait_gone('heading', T('Look up an application'))


@case
def from_the_login_page_too_and_nothing_is_found():
    demo.call('clock', {'advance': 61})
    window.press(T('Log in'), exact=False)
    window.press(T('Look up an application without an account'))
    fill_in('120106199102021315')
    window.press(T('Look up'))
    window.wait_text(T('No application found'))
    window.press(T('Look up again'))
    window.find('heading', T('Look up an application'))
    window.press(T('Back'))
    window.find('push button', T('Forgot password?'))


@case
def the_program_is_well():
    check_program(window, SECRETS.values())


finish(window, demo)
