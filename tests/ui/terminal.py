"""The same person at a terminal of the same PC: brings an application to where a test of the window begins, and is the other
window on it. Both share the session."""

import json
import os
import pathlib
import subprocess
import urllib.request
import uuid

from path import HANDLER, SECRETS, UNIT
from stage import PROFILE, PROGRAMS, ROOT, new_mobile

RESTING = 75
SELF_PAY = 'ra-test'
ENTERPRISE_PAY = 'ra-test-key-account'
KEY_ENTERPRISE_PAY = 'ra-test-ukey-key-account'
DOCUMENTS = {'licence': 'licence.png', 'handler-id': 'handler.png', 'bundle': 'bundle.zip'}


class Terminal:
    def __init__(self, demo, folder):
        """The documents are in `folder`."""
        self.demo, self.folder = demo, pathlib.Path(folder)
        self.mobile = new_mobile()
        self.unit = {'unit-name': UNIT['unit-name'], 'unit-code': UNIT['unit-code'], 'term': 'one-year', 'province': '天津市',
                     'city': '和平区'}
        self.handler = {'handler-name': HANDLER['name'], 'handler-document-kind': 'resident-id',
                        'handler-document-number': HANDLER['document'], 'handler-mobile': self.mobile,
                        'handler-email': HANDLER['email']}
        self.write('password', SECRETS['password'] + '\n')
        self.write('pin', SECRETS['passphrase'] + '\n')

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content, encoding='utf-8')
        path.chmod(0o600)
        return path

    def run(self, *words, status=0):
        """certhallctl WORDS --json; returns what it printed. None: whatever status it ends with."""
        # The slow unwinder of the window's tests makes each TLS handshake take seconds
        process = subprocess.run([PROGRAMS / 'certhallctl', *words, '--json'], stdin=subprocess.DEVNULL, capture_output=True,
                                 text=True, timeout=120, check=False, env=dict(
            os.environ, CERTHALL_SERVER=self.demo.url, CERTHALL_TRUST=str(self.demo.trust), CERTHALL_DATA_DIR=str(ROOT / 'data'),
            ASAN_OPTIONS='detect_leaks=0:intercept_tls_get_addr=0'))
        assert status in (None, process.returncode), 'certhallctl %s: status %d: %s%s' % (
            ' '.join(map(str, words)), process.returncode, process.stdout, process.stderr)
        return json.loads(process.stdout or '{}')

    def register(self):
        """And logs in; a window opened afterwards finds the session."""
        ask = self.write('ask', '#!/bin/sh\ncurl --silent --cacert "%s" -H "Demo-Token: %s" "%s/demo/v1/sms?mobile=%s" |'
                         'sed \'s/.*"code":"\\([0-9]*\\)".*/\\1/\'\n'
                         % (self.demo.trust, self.demo.token, self.demo.url, self.mobile))
        ask.chmod(0o700)
        account = dict({key: value for key, value in self.handler.items() if key != 'handler-email'}, **{'user-name': self.mobile})
        self.run('account', 'register', '--answers', self.write('account.json', json.dumps(account)), '--ask', ask,
                 '--password-file', self.folder / 'password', '--accept-consents')
        self.run('account', 'login', '--user', self.mobile, '--password-file', self.folder / 'password', '--accept-consents')

    def _flow(self, verb, what, answers, status):
        given = self.write('answers.json', json.dumps(answers))
        return self.run('flow', verb, what, '--answers', given, '--pin-file', self.folder / 'pin', '--no-input', status=status)

    def begin(self, project, *answers):
        """A new application with these answers; it rests at what is not among them. Returns its number."""
        given = {key: value for some in answers for key, value in some.items()}
        row = next(row for row in PROFILE['projects'] if row['id'] == project)
        flow = 'apply.enterprise.%s.%s' % (row['medium'], row['settlement'])
        return self._flow('run', flow, dict(given, project=project), RESTING)['application']

    def go_on(self, application, *answers, status=RESTING):
        return self._flow('resume', application, {key: value for some in answers for key, value in some.items()}, status)

    def change(self, application, answers):
        """Another window on the same application saves these: the one call of it, with the session both have."""
        session, = (pathlib.Path(os.environ['XDG_RUNTIME_DIR']) / 'certhall').glob('session-*')
        body = json.dumps({'version': self.show(application)['version'], 'answers': answers}).encode()
        request = urllib.request.Request('%s/v1/applications/%s/answers' % (self.demo.url, application), body, method='PUT', headers={
            'Authorization': 'Bearer ' + session.read_text(encoding='utf-8').splitlines()[1], 'Idempotency-Key': str(uuid.uuid4()),
            'Content-Type': 'application/json'})
        with urllib.request.urlopen(request, context=self.demo.context, timeout=120) as answer:
            assert answer.status == 200

    def show(self, application):
        return self.run('application', 'show', application)

    def list(self, topic='application'):
        return self.run(topic, 'list')['items']
