#!/usr/bin/python3
"""The hotline is reached by F1 in every window, also in those that belong to another, in forms of these and in choosers of files;
and what was done before goes on afterwards."""

import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS  # noqa: E402
from stage import (PROFILE, Atspi, Demo, T, Window, active_window, ask, has_state, make_documents, read_text,  # noqa: E402
                   until)
from terminal import DOCUMENTS, SELF_PAY, Terminal  # noqa: E402

folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
make_documents(folder)
demo = Demo()
terminal = Terminal(demo, folder)
terminal.register()
application = terminal.begin(SELF_PAY, terminal.unit, DOCUMENTS, terminal.handler)
demo.pay(demo.get_order()['id'])
terminal.go_on(application)
demo.review(application)
terminal.go_on(application, status=0)
window = Window(demo)


def is_said():
    return window.look('push button', T('Copy the number')) and window.look('label', PROFILE['hotline'])


def check_hotline(title):
    until('the window “%s”' % title, lambda: active_window() == title)
    window.keys('F1')
    until('the hotline above “%s”' % title, is_said)
    # A second time changes nothing
    window.keys('F1')
    window.keys('Escape')
    until('the end of the hotline above “%s”' % title, lambda: not is_said() and active_window() == title)


def is_brought(title):
    """Asks again each time: while a dialog is being taken down, the search runs into a window that is no more."""
    if active_window() != title:
        subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '^%s$' % title, 'windowactivate'], check=False,
                       capture_output=True)
    return active_window() == title


def bring(title):
    """As by Alt+Tab: this window manager forgets whom a dialog of a dialog belonged to."""
    until('the window “%s”' % title, lambda: is_brought(title))


def check_window(title):
    check_hotline(title)
    window.keys('alt+F4')
    until('the end of the window “%s”' % title, lambda: active_window() == T('Certhall'))


@case
def on_the_first_page():
    window.find('push button', T('New certificate'))
    check_hotline(T('Certhall'))


@case
def while_reading_what_is_needed():
    window.press(T('What do I need? %s') % T('New certificate'))
    check_window(T('What do I need?'))


@case
def in_the_preferences_and_in_what_they_open():
    window.keys('ctrl+comma')
    check_hotline(T('Preferences'))
    window.press('%s %s' % (T('Choose…'), T('Folder for downloads')))
    check_hotline(T('Folder for downloads'))
    window.keys('Escape')
    bring(T('Preferences'))
    check_window(T('Preferences'))


@case
def in_the_account_and_its_forms():
    window.keys('F10')
    window.press(T('Account…'), role='menu item')
    check_hotline(T('Account'))
    window.press(T('Change password…'))
    window.focus(T('Password'), exact=False)
    check_hotline(T('Change password'))
    window.keys('alt+F4')
    bring(T('Account'))
    check_window(T('Account'))


@case
def while_verifying_and_checking():
    window.press(T('Verify a certificate'))
    check_window(T('Verify certificates'))
    window.keys('ctrl+e')
    check_window(T('Environment check'))


@case
def while_looking_after_a_token():
    window.keys('F10')
    window.press(T('Import a software token…'), role='menu item')
    check_window(T('Import'))


@case
def while_asking_for_an_invoice():
    window.keys('ctrl+3')
    window.press(T('Ask for it…'))
    check_window(T('Ask for the invoice'))


@case
def the_number_is_copied():
    window.keys('ctrl+comma')
    until('the preferences', lambda: active_window() == T('Preferences'))
    window.keys('F1')
    until('the hotline', is_said)
    window.press(T('Copy the number'))
    until('the end of the hotline', lambda: not is_said())
    window.keys('alt+F4')
    until('the window', lambda: active_window() == T('Certhall'))
    window.keys('ctrl+f')
    search = T('Search by name or number')
    until('the focus in the search', lambda: any(has_state(node, Atspi.StateType.FOCUSED) for node in window.walk()
                                                 if ask(node.get_role_name) in ('text', 'entry')))
    window.keys('ctrl+v')
    until('the number', lambda: read_text(window.look('entry', search)) == PROFILE['hotline'])


@case
def the_program_is_well():
    check_program(window, SECRETS.values())


finish(window, demo)
