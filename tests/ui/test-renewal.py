#!/usr/bin/python3
"""A certificate is renewed in the window, by keyboard, names and roles: found at home, paid, installed on the token that holds the
old one; and what the list of certificates says of both afterwards."""

import datetime
import os
import pathlib
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS, UNIT, term  # noqa: E402
from stage import Demo, T, Window, has_state, make_documents, until  # noqa: E402
from terminal import DOCUMENTS, SELF_PAY, Terminal  # noqa: E402
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402

folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
make_documents(folder)
demo = Demo()
terminal = Terminal(demo, folder)
terminal.register()
application = terminal.begin(SELF_PAY, terminal.unit, DOCUMENTS, terminal.handler)
demo.pay(demo.get_order()['id'])
terminal.go_on(application)
demo.review(application)
done = terminal.go_on(application, status=0)
old = terminal.list('cert')[0]
end = datetime.datetime.fromisoformat(old['not-after'].replace('Z', '+00:00'))


def log_in():
    terminal.run('account', 'login', '--user', terminal.mobile, '--password-file', folder / 'password', '--accept-consents')


demo.call('clock', {'now': (end - datetime.timedelta(days=200)).isoformat().replace('+00:00', 'Z')})
log_in()
window = Window(demo)


def leave_wizard():
    window.press(T('Home'))


@case
def too_early_the_list_says_from_when():
    window.press(T('Renew a certificate'))
    row = window.find('check box', UNIT['unit-name'], exact=False)
    begin = (end - datetime.timedelta(days=90)).astimezone().strftime('%Y-%m-%d')
    until('why not', lambda: any(T('Can be renewed from %s') % begin in (node.get_name() or '') for node in window.walk()))
    window.press(T('Next'))
    window.wait_text(T('This is still missing.'), exact=False)
    leave_wizard()
    window.wait_gone('heading', T('Choose the certificate'))
    window.close()


@case
def at_home_it_is_due():
    global window
    demo.call('clock', {'now': (end - datetime.timedelta(days=20)).isoformat().replace('+00:00', 'Z')})
    log_in()
    window = Window(demo)
    window.wait_text(T('A certificate ends in %d days') % 20, exact=False)
    window.focus(T('Renew'), role='push button', exact=False)
    window.keys('Return')


@case
def what_becomes_of_both_is_said_before_it_is_paid():
    window.find('heading', T('Choose the validity'))
    said = T('Once the new one is installed and was tried, the old one is no longer valid.')
    until('what becomes of both', lambda: any(said in (node.get_name() or '') for node in window.walk()))
    window.choose(term('one-year'))
    window.press(T('Next'))


@case
def it_is_paid():
    window.find('push button', T('I have paid'))
    order = demo.get_order()
    assert order['fen'] == 30000, order
    demo.pay(order['id'])


@case
def it_asks_for_the_passphrase_of_the_old_token():
    window.type_secret(T('PIN or passphrase'), SECRETS['passphrase'])
    window.keys('Return')
    window.find('heading', T('The certificate is installed'))
    leave_wizard()
    window.wait_gone('heading', T('The certificate is installed'))


@case
def the_new_one_is_among_the_certificates_and_the_old_one_is_revoked():
    rows = {row['serial']: row for row in terminal.list('cert')}
    new = next(serial for serial in rows if serial != old['serial'])
    assert rows[old['serial']]['state'] == 'revoked' and rows[new]['state'] == 'installed', rows
    tokens = terminal.run('token', 'show', done['token'])['objects']
    assert [key['certificate'] for key in tokens] == [new], tokens
    window.keys('ctrl+2')
    window.find('label', T('Valid'))
    window.find('label', T('Revoked'))
    until('nothing is due', lambda: not window.look('label', T('A certificate ends in %d days') % 20, exact=False))


@case
def the_program_is_whole():
    check_program(window, SECRETS.values())


finish(window, demo)
