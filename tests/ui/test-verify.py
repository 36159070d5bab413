#!/usr/bin/python3
"""Certificates are verified in the window, a folder of them and a single one, without anybody logged in."""

import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS  # noqa: E402
from stage import Demo, T, Window, has_state, until  # noqa: E402
from terminal import Terminal  # noqa: E402

HOME = pathlib.Path(os.environ['TEST_HOME'])

demo = Demo()
folder = HOME / 'certificates'
folder.mkdir()
ca = demo.dir / 'ca' / 'ca'
(folder / 'issuing.pem').write_bytes((ca / 'issuing-rsa.pem').read_bytes())
(folder / 'issuing-sm2.pem').write_bytes((ca / 'issuing-sm2.pem').read_bytes())
(folder / 'junk.cer').write_bytes(b'junk')
subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=somebody', '-keyout', os.devnull,
                '-out', folder / 'self.crt'], check=True, capture_output=True)
# With the list of the CA above in the same file nobody need be asked
root_list = subprocess.run(['openssl', 'crl', '-inform', 'DER', '-in', ca / 'root-rsa.crl'], check=True, capture_output=True).stdout
(HOME / 'single.pem').write_bytes((ca / 'issuing-rsa.pem').read_bytes() + root_list)

# A key and its certificate on a token here, from a file as other programs write it
terminal = Terminal(demo, HOME)
make = dict(check=True, capture_output=True, cwd=HOME)
subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=holder', '-keyout', 'holder.key', '-out',
                'holder.pem'], **make)
subprocess.run(['openssl', 'pkcs12', '-export', '-inkey', 'holder.key', '-in', 'holder.pem', '-passout', 'file:pin', '-out', 'holder.p12'],
               **make)
(HOME / 'holder.key').unlink()
terminal.run('token', 'import', HOME / 'holder.p12', '--no-input', '--pin-file', HOME / 'pin', '--file-pin-file', HOME / 'pin')
window = Window(demo, folder)


def is_focused(role, name):
    return has_state(window.look(role, name), Atspi.StateType.FOCUSED)


@case
def a_folder_is_looked_at_as_it_is_opened():
    window.find('heading', '2 certificates are not valid')
    window.find('label', T('There is no certificate in the file'))
    for name in ('TJCA Issuing CA RSA DEMO', 'TJCA Issuing CA SM2 DEMO', 'junk.cer', 'somebody'):
        window.find('list item', name)


@case
def a_row_leads_to_what_was_found():
    def is_reached():
        if is_focused('list item', 'somebody'):
            return True
        window.keys('Down')
        return False

    until('the row of somebody', is_reached)
    window.keys('Return')
    window.find('heading', T('It was issued by a CA that is not trusted here.'))
    window.find('label', T('Do not rely on it. Ask its holder for a valid certificate.'))


@case
def back_leads_to_the_list_and_to_the_start():
    window.press(T('Back'))
    until('the focus on the list', lambda: is_focused('list item', 'somebody'))
    window.press(T('Back'))
    until('the focus on the first button', lambda: is_focused('push button', T('Choose files…')))


@case
def a_single_file_gets_its_verdict():
    window.press(T('Choose files…'))
    window.open_file(T('Choose certificates'), HOME / 'single.pem')
    window.find('heading', T('The certificate is valid.'))
    window.find('label', T('Its chain, dates and usage are right, and it was not revoked.'))


@case
def possession_can_be_proved_for_what_is_here():
    prove = T('Prove possession')

    def find_button():
        return window.look('push button', prove, exact=False)

    # A certificate of which nothing is here offers nothing
    assert find_button() is None
    window.press(T('Back'))
    window.press(T('Verify the certificate of %s') % 'holder', exact=False)
    window.press(prove, exact=False)
    window.find('label', T('Enter the PIN or passphrase'))
    window.press(T('Cancel'), exact=False)
    until('the focus on the button again', lambda: has_state(find_button(), Atspi.StateType.FOCUSED))
    window.press(prove, exact=False)
    window.type_secret(T('PIN or passphrase'), SECRETS['passphrase'])
    window.press(T('Continue'), exact=False)
    window.find('label', 'Its key is on “', exact=False)
    until('the end of the offer', lambda: find_button() is None)


@case
def the_program_is_well():
    check_program(window)


finish(window, demo)
