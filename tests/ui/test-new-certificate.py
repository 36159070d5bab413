#!/usr/bin/python3
"""The way of a person through the real window: registration, login, application, payment, review, key, certificate; by roles
and names alone, secrets by real keys. Meanwhile a second listener on the accessibility bus must hear no secret."""

import collections
import json
import os
import pathlib
import subprocess
import sys
import traceback

sys.dont_write_bytecode = True
from path import SECRETS, UNIT, Path  # noqa: E402
from stage import Demo, Late, T, Window, until  # noqa: E402

HOME = pathlib.Path(os.environ['TEST_HOME'])
outcomes = []


def case(name, deed):
    """One case of the test; those after one that failed cannot pass."""
    problem = 'a case before it failed' if outcomes and not all(outcomes) else None
    if problem is None:
        try:
            deed()
        except (Late, AssertionError, OSError, subprocess.SubprocessError) as error:
            problem = '%s: %s' % (type(error).__name__, error)
            traceback.print_exc()
    outcomes.append(problem is None)
    if problem is not None:
        print('# ' + problem.replace('\n', '\n# '))
    print('%s %d %s' % ('not ok' if problem else 'ok', len(outcomes), name), flush=True)


def check_certificate():
    window.find('heading', T('The certificate is installed'))
    window.press(T('Home'))
    window.wait_gone('heading', T('The certificate is installed'))
    window.keys('ctrl+2')
    window.find('list item', UNIT['unit-name'])
    window.find('label', T('Valid'))
    tokens = list((pathlib.Path(os.environ['XDG_DATA_HOME']) / 'certhall' / 'tokens').glob('*'))
    assert any(b'CERTIFICATE' in token.read_bytes() for token in tokens if token.is_file()), 'no certificate in %s' % tokens


def check_applications():
    window.keys('ctrl+3')
    window.find('label', T('Done'))


def hear():
    return [json.loads(line) for line in heard.read_text(encoding='utf-8').splitlines() if line.endswith('}')]


def check_silence():
    """Neither whole nor letter by letter."""
    secrets = [*SECRETS.values(), path.code]
    typed = collections.defaultdict(str)
    said = []
    n_scans = max((line.get('scan', 0) for line in hear()), default=0)
    assert n_scans == 2, 'the pages with secrets were looked at %d times' % n_scans
    for line in hear():
        if (line.get('event') or '').startswith('object:text-changed:insert'):
            typed[line['source']] += line['data'] or ''
        said += [line.get('data')] + [v for v in (line.get('of') or {}).values() if isinstance(v, str)]
    said = [text for text in said if text] + list(typed.values())
    assert any(path.mobile in text for text in said), 'the listener heard nothing of what is no secret'
    for secret in secrets:
        for text in said:
            assert secret not in text, 'the bus heard a secret of %d characters' % len(secret)


def ask_invoice():
    """What was paid for is followed by its invoice: unit and code are proposed, the rest is typed."""
    window.press(T('Ask for it…'))
    window.find('heading', T('Ask for the invoice'))
    for name, text in (('Address', '西七道26号'), ('Telephone', '022-24890000'), ('Bank', '中国银行天津分行'),
                       ('Bank account', '2700123456789012')):
        window.fill(T(name), text)
    window.press(T('Ask for it'))
    window.wait_text(T('Being made out'), exact=False)


def check_program():
    assert window.process.poll() is None, 'the program ended by itself'
    log = window.read_log()
    for word in ('AddressSanitizer', 'runtime error', 'CRITICAL'):
        assert word not in log, log
    for secret in [*SECRETS.values(), path.code]:
        assert secret not in log, 'a secret is in the log'


def scan(page):
    """What is on the page now must not be told either."""
    if page.endswith('-filled'):
        listener.stdin.write('scan\n')
        listener.stdin.flush()
        listener.stdout.readline()


heard = HOME / 'heard.jsonl'
demo = Demo()
window = Window(demo)
listener = subprocess.Popen([sys.executable, pathlib.Path(__file__).parent / 'listen.py', heard], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)
until('the listener', lambda: heard.exists() and heard.stat().st_size > 0)
path = Path(demo, window, HOME / 'documents', at=scan, typed_name=True)
facts = {}

case('register', path.register)
case('log-in', path.log_in)
case('choose', path.choose)
case('subject', path.fill_subject)
case('documents', path.upload)
case('handler', path.fill_handler)
case('pay', lambda: facts.update(order=path.pay()))
case('submit', lambda: facts.update(application=path.submit()))
case('approve', lambda: demo.review(facts['application']))
case('passphrase', path.choose_passphrase)
case('certificate', check_certificate)
case('applications', check_applications)
case('invoice', ask_invoice)
case('program', check_program)
listener.stdin.close()
listener.wait()
case('no-secret-on-the-bus', check_silence)
if not all(outcomes):
    print('# the program said: ' + window.read_log().replace('\n', '\n# '))
window.close()
demo.close()
print('1..%d' % len(outcomes))
sys.exit(0 if all(outcomes) else 1)
