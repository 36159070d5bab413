"""The stage of the tests of the window: a demonstration CA, the program itself, and hands that find things by role and name."""

import gettext
import json
import os
import pathlib
import random
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

ROOT = pathlib.Path(os.environ.get('CERTHALL_SOURCE_ROOT', pathlib.Path(__file__).resolve().parents[2]))
BUILD = pathlib.Path(os.environ.get('CERTHALL_BUILD_ROOT', ROOT / '_build' / 'asan'))
PROGRAMS = pathlib.Path(os.environ.get('CERTHALL_PROGRAMS', BUILD / 'src' / 'programs'))
PATIENCE = int(os.environ.get('CERTHALL_PATIENCE', '180'))
RETRY = 5  # seconds

LANGUAGE = os.environ.get('LANGUAGE', 'en')
PROFILE = json.loads((ROOT / 'data' / 'profiles' / 'binhai.json').read_text(encoding='utf-8'))
_texts = gettext.translation('certhall', localedir=BUILD / 'po', languages=[LANGUAGE], fallback=True)


def T(text):
    """A text of the program as this language has it."""
    return _texts.gettext(text)


def P(pair):
    """A text of the profile as this language has it."""
    return pair['zh' if LANGUAGE.startswith('zh') else 'en']


class Late(Exception):
    """What was waited for did not come."""


def until(what, condition):
    """Looks again and again until there is something to see; returns it."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            found = condition()
        except GLib.Error:
            found = None  # it went away while it was looked at
        if found:
            return found
        if time.monotonic() > end:
            raise Late(what)
        time.sleep(0.05)


class Demo:
    """A demonstration CA of its own, and what a person does on the phone and a reviewer at a desk."""

    def __init__(self, change=None):
        """`change`: a function that changes the CA’s profile as shipped."""
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix='certhall-ca.'))
        ca = self.dir / 'ca'
        subprocess.run([ROOT / 'tests' / 'world' / 'make-store.sh', ca], check=True, env=dict(
            os.environ, CERTHALL_PROGRAMS=str(PROGRAMS), CERTHALL_BUILD_ROOT=str(BUILD), CERTHALL_DATA_DIR=str(ROOT / 'data')))
        if change is not None:
            profile = json.loads((ca / 'profile.json').read_text(encoding='utf-8'))
            change(profile)
            (ca / 'profile.json').write_text(json.dumps(profile, ensure_ascii=False), encoding='utf-8')
        self.log = open(self.dir / 'log', 'w+', encoding='utf-8')
        self.url = None
        self.start()
        self.trust = ca / 'tls-ca.pem'
        self.context = ssl.create_default_context(cafile=str(self.trust))

    def start(self):
        """The second time at the same address, as a service that comes back."""
        ca = self.dir / 'ca'
        address = '127.0.0.1:0' if self.url is None else self.url.split('//')[1]
        self.process = subprocess.Popen([PROGRAMS / 'certhalld', 'serve', '--dir', ca, '--listen', address, '--demo'],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line.startswith('listening '):
            raise Late('the server did not start: ' + (self.dir / 'log').read_text(encoding='utf-8'))
        self.url = line.split()[1]
        self.token = (ca / 'demo-token').read_text(encoding='utf-8').strip()

    def freeze(self):
        """It takes what is sent and answers nothing, until it is stopped."""
        self.process.send_signal(signal.SIGSTOP)

    def stop(self):
        """As a power cut does."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def call(self, path, body=None):
        request = urllib.request.Request(self.url + '/demo/v1/' + path, headers={'Demo-Token': self.token},
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, context=self.context, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or b'{}')

    def get_code(self, mobile):
        return until('an SMS code', lambda: self.call('sms?mobile=' + mobile).get('code'))

    def get_order(self):
        return until('an order with a code to pay',
                     lambda: next((o for o in self.call('orders')['items'] if o.get('attempt')), None))

    def pay(self, order):
        self.call('orders/%s/pay' % order, {})

    def get_application(self):
        return until('an application to be reviewed',
                     lambda: next(iter(self.call('applications')['items']), None))['id']

    def review(self, application, approve=True, reasons=()):
        self.call('applications/%s/review' % application,
                  {'approve': True} if approve else {'approve': False, 'reasons': list(reasons)})

    def close(self):
        self.process.terminate()
        status = self.process.wait(PATIENCE)
        self.log.close()
        shutil.rmtree(self.dir)
        if status != 0:
            raise Late('the server ended with status %d' % status)


class Window:
    """The program, driven from outside: by roles and names through the accessibility bus, secrets and files by real keys."""

    def __init__(self, demo, *arguments, environment=None):
        data = pathlib.Path(os.environ['XDG_DATA_HOME'])
        data.mkdir(parents=True, exist_ok=True)
        self.log_path = pathlib.Path(os.environ['TEST_HOME']) / ('certhall-%d.log' % random.getrandbits(32))
        self.log = open(self.log_path, 'w', encoding='utf-8')
        # G_DEBUG: while GTK 4.8 tells the bus of what is just going, it complains of itself
        self.process = subprocess.Popen([PROGRAMS / 'certhall', '--server', demo.url, '--trust', demo.trust, *arguments],
                                        stdout=self.log, stderr=self.log, env=dict(
            os.environ, CERTHALL_DATA_DIR=str(ROOT / 'data'), CERTHALL_LOCALE_DIR=str(BUILD / 'po'),
            GSETTINGS_SCHEMA_DIR=str(BUILD / 'data'), GTK_A11Y='atspi', G_DEBUG='', **(environment or {})))
        Atspi.init()
        self.root = until('the window on the accessibility bus', self._find_root)

    def _find_root(self):
        if self.process.poll() is not None:
            raise Late('the program ended: ' + self.read_log())
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application is not None and application.get_name() == 'certhall' and application.get_child_count() > 0:
                # What was seen once may have changed
                Atspi.Accessible.set_cache_mask(application, Atspi.Cache.NONE)
                return application
        return None

    def read_log(self):
        return self.log_path.read_text(encoding='utf-8')

    # -- Finding -----------------------------------------------------------------------------------------------------

    def walk(self, node=None):
        """Everything that can be seen, outermost first. What was never laid out has no size; the page in front of
        others comes first."""
        if node is None:
            # A window that goes can take what was known of the program with it
            self.root.clear_cache()
            if not ask(self.root.get_child_count):
                self.root = self._find_root() or self.root
            node = self.root
        for i in range(ask(node.get_child_count) or 0):
            child = ask(node.get_child_at_index, i)
            if child is not None and (ask(child.get_role_name) in ('frame', 'window', 'dialog') or has_size(child)):
                yield child
                yield from self.walk(child)

    def look(self, role, name, exact=True):
        """The first of that role and name, or None."""
        for node in self.walk():
            if ask(node.get_role_name) == role:
                label = ask(node.get_name) or ''
                if label == name or (not exact and label.startswith(name)):
                    return node
        return None

    def count_labels(self, beginning):
        return sum(node.get_role_name() == 'label' and (node.get_name() or '').startswith(beginning) for node in self.walk())

    def find(self, role, name, exact=True):
        try:
            return until('%s “%s”' % (role, name), lambda: self.look(role, name, exact))
        except Late as late:
            seen = ['%s “%s”' % (node.get_role_name(), node.get_name()) for node in self.walk() if node.get_name()]
            raise Late('%s; there are: %s; the program said: %s' % (late, ', '.join(seen), self.read_log())) from None

    def wait_text(self, text, exact=True):
        """Until a label says it."""
        return self.find('label', text, exact)

    def is_focused(self, role, name):
        """What stands behind in a stack or below a dialog can be found too; the focus is only in front. The buttons of a
        dialog say their name twice."""
        return any(has_state(node, Atspi.StateType.FOCUSED) for node in self.walk()
                   if ask(node.get_role_name) == role and ask(node.get_name) in (name, '%s %s' % (name, name)))

    def wait_gone(self, role, name):
        until('the end of %s “%s”' % (role, name), lambda: not self.look(role, name))

    # -- Doing -------------------------------------------------------------------------------------------------------

    def press(self, name, role='push button', exact=True):
        node = until('%s “%s”, ready to be pressed' % (role, name), lambda: ready(self.find(role, name, exact)))
        Atspi.Action.do_action(node, 0)

    def press_until(self, name, seen, role='push button'):
        """Until seen() says so: a row that is just made anew goes from below the finger, and what is busy hears nothing. Once more
        after a while only, so that nothing is begun twice."""
        pressed = [-RETRY]

        def look():
            found = seen()
            if not found and time.monotonic() - pressed[0] > RETRY:
                pressed[0] = time.monotonic()
                self.press_if_there(name, role)
            return found
        return until('what “%s” leads to' % name, look)

    def press_if_there(self, name, role='push button'):
        node = self.look(role, name)
        if has_state(node, Atspi.StateType.SENSITIVE):
            ask(Atspi.Action.do_action, node, 0)

    def fill(self, name, text):
        node = self.find('text', name)
        Atspi.EditableText.set_text_contents(node, text)

    def read(self, name):
        """What stands in a field that is no secret."""
        node = self.find('text', name)
        return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))

    def keys(self, *names):
        subprocess.run(['xdotool', 'key', '--clearmodifiers', *names], check=True)

    def type(self, text):
        """Real keys; read from standard input, so that no list of processes shows a secret."""
        subprocess.run(['xdotool', 'type', '--delay', '12', '--file', '-'], input=text, text=True, check=True)

    def focus(self, name, role='text', exact=True):
        """Goes there as a person does who has no mouse: by Tab. Who presses faster than the program follows passes by and
        comes round again, more slowly."""
        for pause in (0.03, 0.3, 1.5):
            for _ in range(40):
                node = self.find(role, name, exact)
                if has_state(node, Atspi.StateType.FOCUSED):
                    return node
                self.keys('Tab')
                time.sleep(pause)
        raise Late('the focus on %s “%s”' % (role, name))

    def type_secret(self, name, secret):
        self.focus(name)
        self.type(secret)

    def tick(self, name, role='check box', exact=True):
        """A box or a radio button: these have no action on the bus, so by the space bar."""
        self.focus(name, role, exact)
        self.keys('space')
        until('a tick at “%s”' % name, lambda: has_state(self.look(role, name, exact), Atspi.StateType.CHECKED))

    def choose(self, name):
        self.tick(name, exact=False)

    def choose_in_list(self, field, value, steps):
        """In a drop-down list, so many rows further down, or up."""
        self.focus(field, 'combo box')
        self.keys('space')
        self.find('label', value)
        self.keys(*['Down' if steps > 0 else 'Up'] * abs(steps), 'Return')

    def pick(self, field, value):
        """Of a long list, in its own window."""
        self.press(T('Choose: %s') % T(field), exact=False)
        search = self.find('entry', T('Search'))
        Atspi.EditableText.set_text_contents(search, value)
        until('the list to be searched', lambda: self.look('label', value) and active_window() == T(field))
        self.keys('Return')
        self.wait_gone('entry', T('Search'))

    def open_file(self, title, path):
        """In the file chooser of that title, by typing the path."""
        until('the file chooser “%s”' % title, lambda: active_window() == title)
        self.keys('ctrl+l')
        until('the place to type a path', lambda: any(
            node.get_role_name() in ('text', 'entry') and has_state(node, Atspi.StateType.FOCUSED) for node in self.walk()))
        self.type(str(path))
        until('the end of the file chooser', lambda: self.confirm_file(title))

    def save_file(self, title, path, is_written=True):
        """In the chooser of that title, which begins with the name that is proposed: returns it."""
        until('the file chooser “%s”' % title, lambda: active_window() == title)
        field = until('the name of the file', lambda: next(
            (node for node in self.walk() if ask(node.get_role_name) in ('text', 'entry')
             and has_state(node, Atspi.StateType.FOCUSED) and '.' in read_text(node)), None))
        name = read_text(field)
        self.keys('ctrl+a')
        self.type(str(path))
        until('the end of the file chooser', lambda: self.confirm_file(title))
        if is_written:
            until('the file “%s”' % path, lambda: pathlib.Path(path).is_file())
        return name

    def confirm_file(self, title):
        """The first Return may only take what the chooser completed."""
        if active_window() != title:
            return True
        self.keys('Return')
        time.sleep(0.3)
        return False

    def close(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.log.close()


def ask(question, *arguments):
    """What is just going answers no more."""
    try:
        return question(*arguments)
    except GLib.Error:
        return None


def read_text(node):
    return ask(Atspi.Text.get_text, node, 0, ask(Atspi.Text.get_character_count, node) or 0) or ''


def active_window():
    return subprocess.run(['xdotool', 'getactivewindow', 'getwindowname'], capture_output=True, text=True,
                          check=False).stdout.strip()


def has_size(node):
    try:
        extents = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
    except GLib.Error:
        return True  # pages of a stack are no widgets
    return extents.width > 0 and extents.height > 0


def has_state(node, state):
    return node is not None and node.get_state_set().contains(state)


def ready(node):
    return node if has_state(node, Atspi.StateType.SENSITIVE) else None


def new_mobile():
    return '199%08d' % random.randrange(10 ** 8)


def make_documents(folder):
    """Files as the profile asks for them: document id → path."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, size, colour in (('licence', '800x600', 'white-gray'), ('handler', '800x500', 'white-steelblue')):
        subprocess.run(['convert', '-size', size, 'gradient:' + colour, folder / (name + '.png')], check=True)
    with zipfile.ZipFile(folder / 'bundle.zip', 'w') as bundle:
        bundle.writestr('agreement.txt', 'Sample: agreement with seal\n')
    return {'licence': folder / 'licence.png', 'handler-id': folder / 'handler.png', 'bundle': folder / 'bundle.zip'}


def fail(message):
    print('# ' + str(message).replace('\n', '\n# '), file=sys.stderr, flush=True)
