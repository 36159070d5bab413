#!/usr/bin/python3
"""What is set in the preferences works at once, or where it says so from the next start on; and the hotline is there on every page by F1."""

import configparser
import gettext
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
from cases import case, check_program, finish  # noqa: E402
from stage import BUILD, PROFILE, Atspi, Demo, T, Window, active_window, has_state, until  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'fixtures'))
from desktop import SYSTEMD, Desktop  # noqa: E402

CHINESE = gettext.translation('certhall', localedir=BUILD / 'po', languages=['zh_CN']).gettext
HOME = pathlib.Path(os.environ['TEST_HOME'])
KEYFILE = pathlib.Path(os.environ['XDG_CONFIG_HOME']) / 'glib-2.0' / 'settings' / 'keyfile'


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
    window.press(T('Copy: %s') % T('Address of the CA’s service'))
    window.find('label', T('Copied'))
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


def choose_language(title, label, value, *keys):
    """By keys that lead to the same row from wherever the list stands: a list that is just opening may miss one."""
    def is_chosen():
        if read_setting('language') == value:
            return True
        window.focus(title, 'combo box')
        window.keys('space')
        window.find('label', label)
        window.keys(*keys, 'Return')
        return False

    until('the language', is_chosen)


def start_again(**environment):
    """The program is started anew, by a system that speaks what the environment says."""
    global window
    check_program(window)
    window.close()
    window = Window(demo, environment={'GSETTINGS_BACKEND': 'keyfile', **environment})


@case
def another_language_is_spoken_from_the_next_start():
    choose_language(T('Language'), '简体中文', "'zh_CN'", 'Home', 'Down')
    window.find('label', T('Another language is spoken from the next start of the program on.'))
    start_again()
    window.find('push button', CHINESE('New certificate'))
    window.find('label', PROFILE['short-name']['zh'])


@case
def english_is_spoken_where_the_system_speaks_chinese():
    window.keys('ctrl+comma')
    until('the preferences', lambda: active_window() == CHINESE('Preferences'))
    choose_language(CHINESE('Language'), 'English', "'en'", 'End')
    start_again(LANGUAGE='zh_CN')
    window.find('push button', 'New certificate')
    window.find('label', PROFILE['short-name']['en'])


@case
def the_language_of_the_system_is_spoken_again():
    open_preferences()
    choose_language(T('Language'), T('As the system'), "'system'", 'Home')
    start_again(LANGUAGE='zh_CN')
    window.find('push button', CHINESE('New certificate'))


@case
def the_folder_is_what_is_offered_for_saving():
    folder = HOME / 'papers'
    folder.mkdir()
    start_again()
    open_preferences()
    window.press('%s %s' % (T('Choose…'), T('Folder for downloads')))
    window.open_file(T('Folder for downloads'), str(folder) + '/')
    window.find('label', str(folder))
    until('the folder', lambda: read_setting('download-folder') == "'%s'" % folder)


def find_switch(is_on):
    """As the system has it: not while it is asked."""
    def look():
        switch = window.look('check box', T('Remind while the program is closed'))
        return switch and has_state(switch, Atspi.StateType.SENSITIVE) and has_state(switch, Atspi.StateType.CHECKED) == is_on and switch

    return until('the switch', look)


@case
def nobody_looks_where_the_system_cannot():
    start_again()
    open_preferences()
    find_switch(False)
    window.press(T('Remind while the program is closed'), role='check box')
    window.find('label', T('This system does not let the program look once a day'), exact=False)
    find_switch(False)


@case
def the_system_looks_once_a_day():
    desktop = Desktop(os.environ['DBUS_SESSION_BUS_ADDRESS'])
    desktop.offer(SYSTEMD)
    window.press(T('Remind while the program is closed'), role='check box')
    find_switch(True)
    assert desktop.timer_is_on
    # It is the system that is asked how it stands
    start_again()
    open_preferences()
    find_switch(True)
    window.press(T('Remind while the program is closed'), role='check box')
    find_switch(False)
    assert not desktop.timer_is_on
    desktop.withdraw(SYSTEMD)
    desktop.close()


@case
def the_program_is_well():
    check_program(window)


finish(window, demo)
