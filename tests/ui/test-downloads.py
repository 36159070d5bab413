#!/usr/bin/python3
"""What the CA offers is saved before anybody has logged in: a form as the CA has it, a root with the fingerprint that was shown;
a file that is there is replaced only if somebody says so; and a CA that is gone is told, and asked again."""

import base64
import hashlib
import os
import pathlib
import sys

sys.dont_write_bytecode = True
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from cases import case, check_program, finish  # noqa: E402
from stage import PROFILE, ROOT, Demo, P, T, Window, active_window, until  # noqa: E402

HOME = pathlib.Path(os.environ['TEST_HOME'])
FORM = PROFILE['files'][0]
ROOT_CERTIFICATE = T('%1$s (%2$s)').replace('%1$s', T('Root certificate')).replace('%2$s', 'RSA')

demo = Demo()
window = Window(demo)


def read_root():
    pem = (demo.dir / 'ca' / 'ca' / 'root-rsa.pem').read_text(encoding='ascii')
    return base64.b64decode(''.join(line for line in pem.splitlines() if not line.startswith('-----')))


def save(what, path, is_written=True):
    """Presses Save of its row, and types where to; returns what was proposed."""
    window.press(T('Save: %s') % what)
    return window.save_file(what, path, is_written)


@case
def the_home_page_leads_to_them():
    window.press('%s %s' % (T('Show'), T('Downloads')))
    until('the downloads', lambda: active_window() == T('Downloads'))
    for title in ('CA certificates', 'Revocation lists', 'Forms and material lists'):
        window.find('label', T(title))
    for row in PROFILE['files']:
        window.find('list item', P(row['name']))


@case
def a_root_is_shown_with_its_fingerprint_and_saved():
    print_of_it = hashlib.sha256(read_root()).hexdigest().upper()
    groups = ' '.join(print_of_it[i:i + 4] for i in range(0, 64, 4))
    until('its fingerprint', lambda: any(groups in (node.get_name() or '') for node in window.walk()))
    assert save(ROOT_CERTIFICATE, HOME / 'root.cer') == 'root-rsa.cer'
    window.wait_text(T('Saved: %s') % 'root.cer')
    assert (HOME / 'root.cer').read_bytes() == read_root()


@case
def a_form_is_saved_as_the_ca_has_it():
    save(P(FORM['name']), HOME / 'form.pdf')
    window.wait_text(T('Saved: %s') % 'form.pdf')
    assert (HOME / 'form.pdf').read_bytes() == (ROOT / 'data' / 'profiles' / 'binhai' / FORM['file']).read_bytes()
    assert not list(HOME.glob('*.tmp'))


@case
def a_ca_that_is_gone_is_told_and_asked_again():
    demo.stop()
    save(P(FORM['name']), HOME / 'later.pdf', is_written=False)
    window.find('push button', T('Try again'))
    assert not (HOME / 'later.pdf').exists()
    demo.start()
    window.press(T('Try again'))
    window.wait_text(T('Saved: %s') % 'later.pdf')
    assert (HOME / 'later.pdf').read_bytes() == (HOME / 'form.pdf').read_bytes()


@case
def the_program_is_well():
    check_program(window)


finish(window, demo)
