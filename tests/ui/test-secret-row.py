#!/usr/bin/python3
"""What is typed into a secret row never gets to the accessibility bus; what is typed beside it does."""

import os
import pathlib
import subprocess
import sys

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'check'))
from tap import case, finish  # noqa: E402

SECRET = 'zq7xkw9v'
OPEN = 'mjytr'
EVENTS = ['object:text-changed', 'object:text-caret-moved', 'object:text-selection-changed', 'object:property-change',
          'object:state-changed', 'object:children-changed', 'window', 'focus']
LIMIT_S = 60

heard = []
loop = GLib.MainLoop()


def on_event(event):
    try:
        text = '%s %s' % (event.type, event.any_data)
    except (GLib.Error, TypeError):
        text = event.type
    heard.append((event.type, text))


def pump_until(condition):
    """Handles what comes until the condition holds; no time is relied on, the limit only ends a hang."""
    late = []
    GLib.timeout_add_seconds(LIMIT_S, lambda: late.append(1))
    while not condition():
        if late:
            return False
        GLib.MainContext.default().iteration(True)
    return True


def walk(node):
    if node is None:
        return
    yield node
    for index in range(node.get_child_count()):
        yield from walk(node.get_child_at_index(index))


def find(name, role=None):
    desktop = Atspi.get_desktop(0)
    for node in walk(desktop):
        try:
            if node.get_name() == name and (role is None or node.get_role() == role):
                return node
        except GLib.Error:
            continue
    return None


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def find_text():
    return [text for kind, text in heard if kind.startswith('object:text-changed')]


Atspi.init()
listener = Atspi.EventListener.new(on_event)
for name in EVENTS:
    listener.register(name)

GLib.timeout_add(50, lambda: True)
window = subprocess.Popen([sys.argv[1], 'secret'], env=dict(os.environ, LANGUAGE='en'))
started = pump_until(lambda: find('Passphrase', Atspi.Role.TEXT) is not None and find('Open') is not None)
case('shown', [] if started else ['the row is not in the tree'])

node = find('Passphrase', Atspi.Role.TEXT)
case('named', [] if node is not None else ['there is no text with the name of the row'])
case('no-text-interface', ['the row offers its text'] if node is not None and node.get_text_iface() is not None else [])

run('xdotool', 'search', '--sync', '--onlyvisible', '--name', '^ui-show$', 'windowactivate', '--sync')
focused = pump_until(lambda: node.get_state_set().contains(Atspi.StateType.FOCUSED)
                     or run('xdotool', 'key', 'Tab') is None)
run('xdotool', 'type', '--delay', '20', SECRET)
# The row beside it says each key: once it is heard, everything typed before has been said or never will be
run('xdotool', 'key', 'Tab')
run('xdotool', 'key', 'Tab')
run('xdotool', 'type', '--delay', '20', OPEN)
case('open-row-is-heard', [] if pump_until(lambda: len(find_text()) >= len(OPEN)) else
     ['the listener hears nothing: the test would see no leak'])

case('secret-is-not-heard', ['heard %s' % text for kind, text in heard
                             if any(mark in text.split(' ', 1)[-1] for mark in SECRET if mark not in OPEN)
                             and kind.startswith('object:text')]
     + ['heard all of it: %s' % text for kind, text in heard if SECRET in text])
window.terminate()
window.wait()
finish()
