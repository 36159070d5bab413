#!/usr/bin/python3
"""What is set in the preferences works at once; and the hotline is there on every page by F1."""

import configparser
import os
import pathlib
import subprocess
import sys
import traceback

sys.dont_write_bytecode = True
from stage import PROFILE, Demo, Late, T, Window, active_window, until  # noqa: E402

HOME = pathlib.Path(os.environ['TEST_HOME'])
KEYFILE = pathlib.Path(os.environ['XDG_CONFIG_HOME']) / 'glib-2.0' / 'settings' / 'keyfile'
outcomes = []


def case(deed):
    """One case of the test; those after one that failed cannot pass."""
    problem = 'a case before it failed' if not all(outcomes) else None
    if problem is None:
        try:
            deed()
        except (Late, AssertionError, OSError, subprocess.SubprocessError) as error:
            problem = '%s: %s' % (type(error).__name__, error)
            traceback.print_exc()
    outcomes.append(problem is None)
    if problem is not None:
        print('# ' + problem.replace('\n', '\n# '))
    print('%s %d %s' % ('not ok' if problem else 'ok', len(outcomes), deed.__name__), flush=True)
    return deed


def read_setting(key):
    kept = configparser.ConfigParser()
    kept.read(KEYFILE)
    return kept.get('org/certhall/Certhall', key, fallback=None)


def get_brightness():
    return float(subprocess.run(['sh', '-c', 'import -window root -resize 1x1 -colorspace gray -format "%[fx:mean]" info:'],
                                check=True, capture_output=True, text=True).stdout)


def choose(title, label, downs):
    """By the keyboard: the row, its list once it is open, so many further down."""
    window.focus(title, 'combo box')
    window.keys('space')
    window.find('label', label)
    for _ in range(downs):
        window.keys('Down')
    window.keys('Return')


def open_preferences():
    window.keys('ctrl+comma')
    until('the preferences', lambda: active_window() == T('Preferences'))


def check_hotline():
    """The number, and a way to copy it."""
    window.keys('F1')
    window.find('push button', T('Copy the number'))
    window.find('label', PROFILE['hotline'])
    window.keys('Escape')
    window.wait_gone('push button', T('Copy the number'))


demo = Demo()
window = Window(demo, environment={'GSETTINGS_BACKEND': 'keyfile'})


@case
def the_hotline_is_reached_from_the_hall_and_the_login():
    window.find('push button', T('New certificate'))
    check_hotline()
    window.press(T('New certificate'))
    window.find('push button', T('Register'))
    check_hotline()
    window.press(T('Register'))
    window.find('push button', T('Send code'))
    check_hotline()


@case
def how_this_pc_is_set_up_is_shown():
    open_preferences()
    window.find('label', demo.url)
    window.find('label', str(demo.trust))
    window.find('label', T('Certificate of the service (SHA-256)'))


@case
def the_appearance_changes_at_once():
    before = until('a light window', lambda: get_brightness() > 0.5 and get_brightness())
    choose(T('Appearance'), T('Dark'), 2)
    until('a dark window', lambda: get_brightness() < before - 0.2)
    until('the appearance', lambda: read_setting('appearance') == "'dark'")


@case
def the_reminder_is_kept():
    choose(T('Remind of a certificate'), T('30 days before its end'), 1)
    until('the reminder', lambda: read_setting('reminder') == "'30'")


@case
def the_folder_is_what_is_offered_for_saving():
    folder = HOME / 'papers'
    folder.mkdir()
    window.press('%s %s' % (T('Choose…'), T('Folder for downloads')))
    window.open_file(T('Folder for downloads'), str(folder) + '/')
    window.find('label', str(folder))
    until('the folder', lambda: read_setting('download-folder') == "'%s'" % folder)


@case
def the_program_is_well():
    assert window.process.poll() is None, 'the program ended by itself'
    log = window.read_log()
    for word in ('AddressSanitizer', 'runtime error', 'CRITICAL'):
        assert word not in log, log


if not all(outcomes):
    print('# the program said: ' + window.read_log().replace('\n', '\n# '))
    for node in window.walk():
        print('#', node.get_role_name(), node.get_name())
window.close()
demo.close()
print('1..%d' % len(outcomes))
sys.exit(0 if all(outcomes) else 1)
