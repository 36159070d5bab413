#!/usr/bin/python3
"""The projects of the CA are found before anybody has logged in, by the keyboard alone; and a new certificate is begun with the
project that was found, after the login."""

import os
import pathlib
import sys

sys.dont_write_bytecode = True
import gi  # noqa: E402

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402
from cases import case, check_program, finish  # noqa: E402
from path import Path, project  # noqa: E402
from stage import Demo, T, Window, active_window, has_state, until  # noqa: E402

demo = Demo()
window = Window(demo)
FIRST, SECOND = project('ra-test'), project('ra-test-key-account')


def search(text):
    window.focus(T('Search for a project'), 'entry')
    window.keys('ctrl+a', 'BackSpace')
    window.type(text)


@case
def the_home_page_leads_to_them():
    window.press('%s %s' % (T('Show'), T('Projects')))
    until('the projects', lambda: active_window() == T('Projects'))
    window.find('list item', FIRST)
    window.find('list item', SECOND)
    window.find('push button', T('Apply in the project %s') % FIRST)


@case
def what_is_typed_narrows_the_list():
    search('KEY accounts')
    window.wait_gone('list item', FIRST)
    window.find('list item', SECOND)


@case
def what_is_not_there_is_said_and_cleared():
    search('harbour')
    window.find('label', T('“%s” was not found') % 'harbour')
    window.press(T('Clear the search'))
    window.find('list item', FIRST)
    window.find('list item', SECOND)


@case
def a_project_is_begun_with_after_the_login():
    search('key')
    window.wait_gone('list item', FIRST)
    window.keys('Return')
    until('the focus on what was found', lambda: window.is_focused('push button', T('Apply in the project %s') % SECOND)
          or window.is_focused('list item', SECOND))
    window.keys('Return')
    window.find('push button', T('Register'))
    path = Path(demo, window, pathlib.Path(os.environ['TEST_HOME']) / 'documents')
    path.register(is_at_login=True)
    path.log_in()
    until('the project that was chosen', lambda: has_state(window.look('check box', SECOND, exact=False), Atspi.StateType.CHECKED))
    window.press(T('Next'))
    window.find('text', T('Name of the unit (in full)'))


@case
def enter_takes_the_row_that_has_the_focus():
    """Not the first of a long list, as it did while the search had all keys of the window."""
    window.press(T('Choose: %s') % T('Province or municipality'), exact=False)
    until('the provinces', lambda: active_window() == T('Province or municipality'))
    until('the focus in the search', lambda: any(has_state(node, Atspi.StateType.FOCUSED) for node in window.walk()
                                                 if node.get_role_name() in ('entry', 'text')))
    window.keys('Tab')
    until('the focus on the first row', lambda: window.is_focused('list item', '北京市'))
    window.keys('Down')
    until('the focus on the second row', lambda: window.is_focused('list item', '天津市'))
    window.keys('Return')
    window.wait_gone('entry', T('Search'))
    window.find('label', '天津市')
    assert window.look('label', '北京市') is None


@case
def the_program_is_well():
    check_program(window)


finish(window, demo)
