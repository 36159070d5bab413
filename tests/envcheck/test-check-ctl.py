#!/usr/bin/python3
"""certhallctl envcheck: without server, login and network; status, JSON and report tell the same."""

import json
import os
import pathlib
import pwd
import re
import socket
import subprocess
import tempfile

import jsonschema

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
CTL = pathlib.Path(os.environ['CERTHALL_PROGRAMS']) / 'certhallctl'
SERVER_UNREACHABLE = 5
NO_CARD_SERVICE = 61
USAGE = 64
outcomes = []


def case(name, good, *seen):
    outcomes.append(good)
    print('%s %d %s' % ('ok' if good else 'not ok', len(outcomes), name))
    for text in () if good else seen:
        print('# ' + str(text).replace('\n', '\n# '))


def ctl(*args):
    result = subprocess.run([CTL, 'envcheck', *args], capture_output=True, text=True, check=False)
    return result.returncode, result.stdout, result.stderr


SCHEMA = json.loads((ROOT / 'data' / 'envcheck-report.schema.json').read_text(encoding='utf-8'))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def case_schema(name, report):
    """By somebody else's reading of the schema."""
    wrong = ['%s: %s' % ('/'.join(map(str, error.absolute_path)), error.message) for error in VALIDATOR.iter_errors(report)]
    case(name, not wrong, *wrong)


def list_ids(file, table):
    """The ids of a table of the sources, in order."""
    text = (ROOT / 'src' / 'envcheck' / file).read_text(encoding='utf-8')
    return re.findall(r'X \(\w+, +"([a-z-]+)"', text.split('#define %s(X)' % table, 1)[1].split('\n\n', 1)[0].split('*/', 1)[0])


def find_closed_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


jsonschema.Draft7Validator.check_schema(SCHEMA)
known = SCHEMA['definitions']
for label, enum, file, table in (('states', known['state'], 'ch-finding.h', 'CH_CHECK_STATES'),
                                 ('actions', known['check']['properties']['action'], 'ch-finding.h', 'CH_CHECK_ACTIONS'),
                                 ('groups', known['check']['properties']['group'], 'ch-check.h', 'CH_CHECK_GROUPS')):
    ids = list_ids(file, table)
    case('schema-' + label, ids and enum['enum'] == ids, ids)

with tempfile.TemporaryDirectory() as home:
    # A home whose name would tell who the user is
    os.environ.update({'HOME': home, 'XDG_DATA_HOME': home + '/share', 'XDG_RUNTIME_DIR': home})
    server = 'https://127.0.0.1:%d' % find_closed_port()
    report = home + '/report.json'

    status, out, err = ctl('--server', server, '--json', '--report', report)
    found = json.loads(out)
    checks = {row['id']: row for row in found['checks']}
    # UKeys are offered: a PC on which their service does not run is told so first
    first = NO_CARD_SERVICE if checks['card-service']['state'] == 'failed' else SERVER_UNREACHABLE
    case('status', status == found['exit-status'] == first, status, out, err)
    case('state', found['state'] == 'failed')
    case('entry', checks['entry.server']['error'] == 'server-unreachable', checks['entry.server'])
    case('clock', checks['clock']['state'] == 'passed', checks['clock'])
    case('ukey', checks['card-service']['state'] in ('passed', 'failed'), checks['card-service'])
    case('report', json.loads(pathlib.Path(report).read_text(encoding='utf-8')) == found)

    case_schema('schema', found)
    case_schema('schema-report', json.loads(pathlib.Path(report).read_text(encoding='utf-8')))
    broken = dict(found, checks=[dict(row, todo=None) for row in found['checks']])
    case('schema-can-fail', not VALIDATOR.is_valid(broken) and not VALIDATOR.is_valid(dict(found, name='anna')))

    text_report = home + '/report.txt'
    status, out, err = ctl('--server', server, '--report', text_report)
    case('text', status == first and server in out, out, err)
    case('text-report', pathlib.Path(text_report).read_text(encoding='utf-8').splitlines()[1:]
         == out.splitlines()[1:], out)
    user = pwd.getpwuid(os.getuid()).pw_name
    case('nobody', home not in out and '/%s/' % user not in out and '~/share/certhall' in out, out)

    # By itself, with nothing but the program: it says what it can, and asks nobody
    status, out, err = ctl('--offline', '--json')
    found = json.loads(out)
    checks = {row['id']: row for row in found['checks']}
    case_schema('schema-offline', found)
    case('offline', status == found['exit-status'] and not any(c.startswith('entry') for c in checks), status, out, err)
    case('offline-clock', checks['clock']['state'] == 'passed', checks['clock'])

    # Only what is asked for, and what that depends on
    status, out, err = ctl('--offline', '--only', 'card', '--only', 'disk', '--json')
    case('only', {row['id'] for row in json.loads(out)['checks']} == {'card-service', 'readers', 'card', 'disk'}, out, err)
    case('only-unknown', ctl('--offline', '--only', 'everything')[0] == USAGE)

    # A page that needs nothing from elsewhere
    page = home + '/report.html'
    status, out, err = ctl('--server', server, '--html', page)
    html = pathlib.Path(page).read_text(encoding='utf-8')
    case('html', html.startswith('<!DOCTYPE html>') and server in html and not out, out, err)
    case('html-alone', not re.search(r'(src|href|url\()', html) and home not in html)

    # What was read out on the telephone
    status, out, err = ctl('--server', server, '--json')
    code = json.loads(out)['code']
    # What else this PC lacks is in it too
    case('code', '622' in code.split('-')[:-1], code)
    status, out, err = ctl('--explain', code, '--json')
    case('explain', status == 0 and [f['id'] for f in json.loads(out)['failures']] == code.split('-')[:-1], out, err)
    status, out, err = ctl('--explain', 'server-unreachable')
    case('explain-error', status == 0 and '622' in out, out, err)
    digit = str((int(code[-1]) + 1) % 10)
    case('explain-misheard', ctl('--explain', code[:-1] + digit)[0] == USAGE)

    case('unwritable-report', ctl('--server', server, '--report', '/proc/report')[0] not in (0, SERVER_UNREACHABLE))
    case('usage', ctl('everything')[0] == USAGE)

print('1..%d' % len(outcomes))
raise SystemExit(0 if all(outcomes) else 1)
