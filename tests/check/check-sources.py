#!/usr/bin/python3
"""Rules on the text of the sources: length, what must stand first, what must not be there."""

import re

from tap import SRC, case, finish, sources

MAX_LINES = 700
# Whoever takes part in the demonstration; everything else must not know that there is one
DEMO_PLACES = ('programs/', 'server/demo/')
# (name, pattern, endings, where it is allowed after all, why not)
FORBIDDEN = [
    ('unfinished', r'\b(TODO|FIXME|XXX)\b', ('.c', '.h', '.ui', '.css', '.build'), (), 'finish it or leave it out'),
    ('goto', r'\bgoto\s+\w+;', ('.c',), (), 'g_autoptr instead'),
    ('exit', r'\b_?exit\s*\(|\bg_error\s*\(', ('.c',), ('programs/',), 'nothing but main ends the process'),
    ('unsafe-calls', r'\b(strcpy|strcat|sprintf|gets|strtok|system|popen|tmpnam|mktemp)\s*\(', ('.c', '.h'), (),
     'there is a safe one'),
    ('nested-loops', r'\bg_main_loop_run\s*\(', ('.c',), ('programs/',), 'asynchronous pairs instead'),
    ('secret-widgets', r'AdwPasswordEntryRow|adw_password_entry_row|GtkPasswordEntry\b|gtk_password_entry_new'
     r'|gtk_entry_set_visibility|<property name="visibility">\s*(false|False|0|no)', ('.c', '.h', '.ui'), (),
     'it speaks each key on the accessibility bus: use ChSecretRow'),
]


def find_forbidden(pattern, endings, allowed):
    for path, text in sources(*endings):
        if path.startswith(allowed):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(pattern, line):
                yield '%s:%d: %s' % (path, number, line.strip()[:100])


def find_secret_text():
    """The bare GtkText of ChSecretRow is the only one that hides what is typed."""
    for path, text in sources('.c', '.ui'):
        if 'GtkPasswordEntryBuffer' in text or 'gtk_password_entry_buffer_new' in text:
            if not path.startswith('ui/ch-secret-row'):
                yield '%s has a secret field of its own: use ChSecretRow' % path


def find_wrong_heads():
    for path, text in sources('.c'):
        first = next((line for line in text.splitlines() if line.startswith('#include')), '')
        if first != '#include "config.h"':
            yield '%s: config.h must be included first' % path
    for path, text in sources('.h'):
        if '#pragma once' not in text:
            yield '%s: no #pragma once' % path


case('length', ('%s has %d lines: past %d split it by concern' % (path, text.count('\n'), MAX_LINES)
                for path, text in sources('.c', '.h', '.ui', '.css') if text.count('\n') > MAX_LINES))
case('heads', find_wrong_heads())
case('demonstration', ('%s: the demonstration is known here' % problem for problem in find_forbidden(
    r'demo', ('.c', '.h', '.ui', '.css', '.sql'), DEMO_PLACES)))
for rule, regex, suffixes, places, why in FORBIDDEN:
    case(rule, ('%s (%s)' % (problem, why) for problem in find_forbidden(regex, suffixes, places)))
case('secret-fields', find_secret_text())
case('tabs', ('%s has tabs or blanks at line ends' % path for path, text in sources('.c', '.h', '.ui', '.css')
              if re.search(r'\t|[ ]+$', text, re.MULTILINE)))
finish()
