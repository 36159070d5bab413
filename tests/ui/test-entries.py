#!/usr/bin/python3
"""The entry in use goes out of order in the middle of a form: the window says that it goes on through another one, and Next is
Next. Which is in use stands with the hotline; another one is chosen in the preferences. By names and roles."""

import copy
import os
import pathlib
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from path import SECRETS  # noqa: E402
from stage import Demo, T, Window, active_window, make_documents, until  # noqa: E402
from terminal import SELF_PAY, Terminal  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'fixtures'))
from relay import Relay  # noqa: E402

NAME = 'Name of the unit (in full)'
ENTRIES = {'official': ('官网入口', 'Official entry'), 'telecom': ('电信入口', 'China Telecom entry')}
folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
make_documents(folder)
relays = {key: Relay() for key in ENTRIES}


def set_entries(profile):
    profile['entries'] = [{'id': key, 'name': {'zh': zh, 'en': en}, 'url': relays[key].url} for key, (zh, en) in ENTRIES.items()]


def name(key):
    """As the window says it."""
    return ENTRIES[key][0 if T('Home') != 'Home' else 1]


def see_hotline(key):
    """Support asks for it on the telephone."""
    window.keys('F1')
    window.find('label', T('Connected through: %s') % name(key))
    window.keys('Escape')
    window.wait_gone('push button', T('Copy the number'))


demo = Demo(set_entries)
host, port = demo.url.split('//')[1].split(':')
for relay in relays.values():
    relay.to = (host, int(port))
way = copy.copy(demo)
way.url = relays['official'].url
terminal = Terminal(way, folder)
terminal.register()
terminal.run('ca', 'use', 'official')
application = terminal.begin(SELF_PAY)
window = Window(way)


@case
def the_one_in_use_is_told():
    window.find('push button', T('Continue'), exact=False)
    see_hotline('official')


@case
def out_of_order_in_the_form():
    window.press(T('Continue'), exact=False)
    window.find('text', T(NAME))
    window.fill(T(NAME), terminal.unit['unit-name'])
    window.fill(T('Unified social credit code'), terminal.unit['unit-code'])
    window.choose(T('One year'))
    window.pick('Province or municipality', '天津市')
    window.pick('City or district', '和平区')
    relays['official'].cut()
    window.press(T('Next'))
    window.find('heading', T('Upload the documents'))
    assert not window.look('label', T('No connection to the server'), exact=False)
    answers = terminal.show(application)['answers']
    assert all(answers[field] == value for field, value in terminal.unit.items()), answers


@case
def the_other_one_is_told():
    see_hotline('telecom')


@case
def chosen_in_the_preferences():
    relays['official'].mend()
    window.keys('ctrl+comma')
    until('the preferences', lambda: active_window() == T('Preferences'))
    window.press(T('Measure again'))
    window.focus(T('Entry'), 'combo box')
    window.keys('space')
    window.find('label', name('telecom'), exact=False)
    window.keys('Home', 'Return')
    window.find('label', T('The quickest (now %s)').split('%s')[0], exact=False)
    window.keys('Escape')


@case
def the_program_is_well():
    assert [a['id'] for a in terminal.list()] == [application]
    check_program(window, SECRETS.values())


for relay in relays.values():
    relay.cut()
finish(window, demo)
