#!/usr/bin/python3
"""Remote download in the window, by names and roles: nobody is logged in, the customer service has told a code."""

import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS, UNIT  # noqa: E402
from stage import PROGRAMS, Demo, T, Window, make_documents, ready, until  # noqa: E402
from terminal import DOCUMENTS, ENTERPRISE_PAY, Terminal  # noqa: E402

folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
make_documents(folder)
demo = Demo()
terminal = Terminal(demo, folder)
demo.stop()
subprocess.run([PROGRAMS / 'certhalld', 'staff', 'add', '--dir', demo.dir / 'ca', 'susi', '--role', 'support', '--password-file',
                folder / 'password'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
demo.start()
terminal.register()
application = terminal.begin(ENTERPRISE_PAY, terminal.unit, DOCUMENTS, terminal.handler)
demo.review(application)
terminal.run('account', 'logout')
terminal.run('account', 'login', '--staff', 'susi', '--password-file', folder / 'password')
code = terminal.run('staff', 'download-code', application)['code']
window = Window(demo)


@case
def a_wrong_code_is_told():
    window.press(T('Remote download'))
    window.find('heading', T('Enter the download code'))
    window.type_secret(T('Download code'), 'A2RKB2W8ITF8E4GED9J')
    window.press(T('Next'))
    window.wait_text(T('The download code is wrong'), exact=False)


@case
def the_certificate_is_shown_before_it_is_written():
    window.focus(T('Download code'))
    window.keys('ctrl+a')
    window.type(code.lower())
    window.press(T('Next'))
    window.find('heading', T('Check the certificate'))
    window.wait_text(UNIT['unit-name'])
    window.wait_text('CN=' + UNIT['unit-name'], exact=False)
    assert not window.look('push button', T('Submit'))
    until('the button', lambda: ready(window.look('push button', T('Download the certificate'))))


@case
def it_is_installed():
    window.press(T('Download the certificate'))
    name = T('Passphrase of the software token')
    window.find('text', name)
    window.type_secret(name, SECRETS['passphrase'])
    window.type_secret(T('%s (again)') % name, SECRETS['passphrase'])
    window.press(T('Next'))
    window.find('heading', T('The certificate is installed'))
    window.press(T('Home'))
    window.wait_gone('heading', T('The certificate is installed'))
    window.find('list item', T('Software token'))
    window.keys('ctrl+2')
    window.find('list item', UNIT['unit-name'])


@case
def the_program_is_well():
    check_program(window, [*SECRETS.values(), code])


finish(window, demo)
