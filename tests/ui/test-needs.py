#!/usr/bin/python3
"""What a business needs is read before anybody has logged in: chosen from the home page, for each type of certificate and each
way to settle; copied as text, and printed; and the business begun from there."""

import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from cases import case, check_program, finish  # noqa: E402
from stage import PROFILE, Atspi, Demo, P, T, Window, active_window, has_state, until  # noqa: E402


HOME = pathlib.Path(os.environ['TEST_HOME'])
# A file is proposed where the program was started
os.chdir(HOME)
demo = Demo()
window = Window(demo)
HELP = T('What do I need? %s') % T('New certificate')


def rules(subject):
    return [rule for rule in PROFILE['documents'] if 'apply' in rule['businesses'] and subject in rule['subjects']]


def expect_documents(subject):
    """All that this type asks for, with what each must be like, and nothing only another asks for."""
    for rule in rules(subject):
        window.find('list item', P(rule['name']))
        window.find('label', P(rule['note']), exact=False)
    for rule in PROFILE['documents']:
        if rule not in rules(subject):
            window.wait_gone('list item', P(rule['name']))


@case
def a_tile_says_what_it_takes():
    window.press(HELP)
    window.find('push button', T('Begin now'))
    expect_documents('enterprise')
    window.find('list item', T('Unified social credit code'))
    window.find('list item', T('Mobile number of the handler'))
    window.find('list item', T('Pay by QR code'))
    window.find('label', T('%s yuan') % '300.00')


@case
def another_type_asks_for_other_things():
    window.choose_in_list(T('Type of certificate'), T('Personal certificate'), 2)
    expect_documents('person')
    window.wait_gone('list item', T('Unified social credit code'))


@case
def who_settles_otherwise_pays_nothing():
    window.choose_in_list(T('Who pays'), T('Settled by the enterprise'), 1)
    window.find('label', T('Nothing to pay here'))
    window.wait_gone('list item', T('Pay by QR code'))


@case
def it_is_copied_as_text():
    window.press(T('Copy as text'))
    window.find('label', T('Copied'))


@case
def it_is_printed():
    window.press(T('Print…'))
    # The dialog is GTK’s. Without a printer there is a file, in the folder the program was started in.
    until('the choice of a printer', lambda: active_window() == 'Print')
    window.find('label', 'Print to File')
    window.keys('Tab')
    until('the focus on the printers', lambda: any(has_state(node, Atspi.StateType.FOCUSED) for node in window.walk()
                                                   if node.get_role_name() == 'table row'))
    window.keys('space')
    window.press('_Print Print')
    page = until('what was printed', lambda: next(iter(HOME.glob('**/*.pdf')), None))
    text = until('the whole of it', lambda: subprocess.run(['pdftotext', page, '-'], capture_output=True, text=True,
                                                            check=False).stdout)
    assert T('Nothing to pay here') in ' '.join(text.split()), text
    assert all(P(rule['name']) in ' '.join(text.split()) for rule in rules('person')), text
    until('the end of the choice', lambda: active_window() != 'Print')


@case
def it_begins_from_there():
    window.press(T('Begin now'))
    window.find('push button', T('Register'))


@case
def the_program_is_well():
    check_program(window)


finish(window, demo)
