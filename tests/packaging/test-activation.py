#!/usr/bin/python3
"""The window is started by its name on the bus, as the desktop does it: to be shown, to open a file, to do what its menu offers."""

import os
import pathlib
import subprocess
import sys
import time

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

from tap import case, finish  # noqa: E402

NAME = 'org.certhall.Certhall'
PATH = '/org/certhall/Certhall'
HOME = pathlib.Path(os.environ['TEST_HOME'])
PROGRAMS = pathlib.Path(os.environ['CERTHALL_PROGRAMS'])
LIMIT = 60


def start_bus():
    """A bus of its own that knows of our program and of nothing else."""
    services = HOME / 'services'
    services.mkdir()
    (services / (NAME + '.service')).write_text(
        '[D-BUS Service]\nName=%s\nExec=%s --gapplication-service\n' % (NAME, PROGRAMS / 'certhall'), encoding='utf-8')
    (HOME / 'bus.conf').write_text('''<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=%s</listen><servicedir>%s</servicedir>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>''' % (HOME / 'run', services), encoding='utf-8')
    bus = subprocess.Popen(['dbus-daemon', '--nofork', '--config-file', str(HOME / 'bus.conf'), '--print-address'],
                           stdout=subprocess.PIPE, text=True)
    return bus, bus.stdout.readline().strip()


def call(path, interface, method, arguments, name=NAME, answer=None):
    reply = connection.call_sync(name, path, interface, method, arguments, answer, Gio.DBusCallFlags.NONE, LIMIT * 1000, None)
    return reply.unpack() if reply is not None else None


def find_windows():
    """Titles of what is on the screen."""
    shown = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '.'], capture_output=True, text=True, check=False).stdout
    return {subprocess.run(['xdotool', 'getwindowname', window], capture_output=True, text=True, check=False).stdout.strip()
            for window in shown.split()}


def wait_for(title):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if any(title in shown for shown in find_windows()):
            return []
        GLib.MainContext.default().iteration(False)
        time.sleep(0.05)
    return ['no window %s, but %s' % (title, sorted(find_windows()))]


def make_certificate():
    path = HOME / 'firm.cer'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '300',
                    '-subj', '/C=CN/O=Testing Ltd/CN=Testing Ltd', '-keyout', str(HOME / 'key'), '-out', str(path)],
                   check=True, stderr=subprocess.DEVNULL)
    return path


def activate_action(name):
    call(PATH, 'org.freedesktop.Application', 'ActivateAction', GLib.Variant('(sava{sv})', (name, [], {})))


def open_file(path):
    call(PATH, 'org.freedesktop.Application', 'Open', GLib.Variant('(asa{sv})', ([path.as_uri()], {})))


def activate_check():
    activate_action('check')
    yield from wait_for('Environment check')


def activate_window():
    call(PATH, 'org.freedesktop.Application', 'Activate', GLib.Variant('(a{sv})', ({},)))
    yield from wait_for('Certhall')


def open_certificate():
    open_file(make_certificate())
    yield from wait_for('firm.cer')


def open_nonsense():
    path = HOME / 'nonsense.cer'
    path.write_text('no certificate', encoding='utf-8')
    before = find_windows()
    open_file(path)
    end = time.monotonic() + LIMIT
    while len(find_windows()) <= len(before) and time.monotonic() < end:
        time.sleep(0.05)
    if any('nonsense' in title for title in find_windows()):
        yield 'it is shown as a certificate'




daemon, address = start_bus()
os.environ['DBUS_SESSION_BUS_ADDRESS'] = address
connection = Gio.DBusConnection.new_for_address_sync(
    address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
case('window', activate_window())
case('action', activate_check())
case('certificate', open_certificate())
case('nonsense', open_nonsense())
daemon.terminate()
daemon.wait()
finish()
