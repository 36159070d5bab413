#!/usr/bin/python3
"""listen.py FILE: a second listener on the accessibility bus, as any program of the user could be one. Writes a line of JSON for
everything that is said of the windows there: events with their texts, and at each line of standard input all that can be asked
for; then it prints a line. (GTK 4.8 crashes when it is asked for what is just going: nothing is asked in between.)"""

import json
import sys

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

EVENTS = ['object:text-changed', 'object:text-caret-moved', 'object:text-selection-changed', 'object:property-change',
          'object:state-changed', 'object:value-changed', 'object:children-changed', 'object:announcement', 'window', 'focus']

out = open(sys.argv[1], 'w', encoding='utf-8', buffering=1)
scans = 0


def say(**what):
    out.write(json.dumps(what, ensure_ascii=False) + '\n')


def ask(question, *arguments):
    try:
        return question(*arguments)
    except GLib.Error:
        return None  # it has no such side, or is gone


def tell_of(node):
    length = ask(Atspi.Text.get_character_count, node)
    return {
        'name': ask(node.get_name),
        'description': ask(node.get_description),
        'text': ask(Atspi.Text.get_text, node, 0, -1) if length else None,
        'attributes': ask(node.get_attributes),
    }


def on_event(event):
    data = event.any_data
    say(event=event.type, source=str(hash(event.source)), data=data if isinstance(data, str) else None)


def walk(node, depth=0):
    for i in range(ask(node.get_child_count) or 0):
        child = ask(node.get_child_at_index, i)
        if child is not None and depth < 60:
            say(scan=scans, of=tell_of(child))
            walk(child, depth + 1)


def scan(channel, condition):
    global scans
    if not sys.stdin.readline():
        loop.quit()
        return GLib.SOURCE_REMOVE
    scans += 1
    walk(Atspi.get_desktop(0))
    print('scanned', flush=True)
    return GLib.SOURCE_CONTINUE


Atspi.init()
listener = Atspi.EventListener.new(on_event)
for name in EVENTS:
    listener.register(name)
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT_IDLE, GLib.IO_IN | GLib.IO_HUP, scan)
say(ready=True)
loop.run()
