#!/usr/bin/python3
"""The environment check by itself, without a CA and without network: what fails is said with what to do, the mend is offered and told
before it is done, and the report is read before it leaves. By names and roles."""

import os
import pathlib
import re
import socket
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from stage import T, Window, until  # noqa: E402

HOME = pathlib.Path(os.environ['TEST_HOME'])
TOLD = T('A command for the administrator of this PC is copied; nothing is run. It is:')
COMMAND = 'sudo apt install fonts-noto-cjk'
FONTS = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>\n'


class Nobody:
    """A CA whose server is gone."""

    def __init__(self):
        with socket.socket() as listener:
            listener.bind(('127.0.0.1', 0))
            self.url = 'https://127.0.0.1:%d' % listener.getsockname()[1]
        self.trust = HOME / 'nothing.pem'

    def close(self):
        pass


def make_fonts():
    """Letters, and no Chinese characters."""
    folder = HOME / 'fonts'
    folder.mkdir()
    (folder / 'fonts.conf').write_text(FONTS % ('/usr/share/fonts/truetype/dejavu', folder), encoding='utf-8')
    return folder / 'fonts.conf'


nobody = Nobody()
window = Window(nobody, '--envcheck', environment={'FONTCONFIG_FILE': str(make_fonts())})


def says(text):
    return any(text in (node.get_name() or '') for node in window.walk())


def read(node):
    return node.get_name() or ''


@case
def it_starts_alone_and_fills_in():
    window.find('push button', T('Check again'))
    # Whatever else this machine lacks, these two do
    until('that the server is gone', lambda: says(T('No connection to the server')))
    until('that the font is missing', lambda: says(T('Chinese texts appear as empty boxes.')))
    assert not says(T('No CA is set up')), 'the hall came too'


@case
def a_failure_says_what_to_do():
    until('what to do', lambda: says(T('Check that this PC is connected to the network. If other sites open, a firewall may '
                                       'block this address: ask the network’s administrator.')))
    until('the command', lambda: says(COMMAND))


@case
def the_mend_is_told_before_it_is_done():
    window.press(T('Copy the command'))
    until('what would be done', lambda: says(TOLD))
    window.press(T('Continue'), exact=False)
    until('the end of the question', lambda: not says(TOLD))
    window.find('push button', T('Check again'))


@case
def it_is_checked_again():
    window.press(T('Check again'))
    until('an end', lambda: window.look('push button', T('Copy the command')))


@case
def the_report_is_read_before_it_leaves():
    text = window.press_until(T('Report…'), lambda: next((
        read(node) for node in window.walk() if T('Code for the telephone: %s').split('%s')[0] in read(node)), None))
    assert re.search(r'622', text), text
    assert str(HOME) not in text, text
    window.press(T('Save…'))
    window.save_file(T('Save the report'), HOME / 'report.html')
    html = (HOME / 'report.html').read_text(encoding='utf-8')
    assert html.startswith('<!DOCTYPE html>') and COMMAND in html and str(HOME) not in html


@case
def the_program_is_well():
    check_program(window)


finish(window, nobody)
