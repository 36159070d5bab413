"""A CA with its server, a member of it, and the PC that shows codes: by calls, so that the phone's side is what is tried."""

import base64
import hashlib
import json
import os
import pathlib
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
import uuid

sys.path.insert(0, str(pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT']) / 'tests' / 'cli'))
from cli_world import World, case, finish  # noqa: E402,F401

PASSWORD = 'Secret-of-the-account-41'
NAME, UNIT = '天津市滨海数字认证测试单位', '91120116MA06TEA10Q'


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__('%d %s' % (status, body))
        self.status, self.id, self.details = status, body.get('error'), body.get('details', {})


class PhoneWorld(World):
    def __init__(self):
        super().__init__()
        self.context = ssl.create_default_context(cafile=str(self.trust))
        self.profile = self.call('GET', '/v1/profile')

    def call(self, method, path, body=None, token=None):
        headers = {'Content-Type': 'application/json', 'Idempotency-Key': str(uuid.uuid4())}
        if token is not None:
            headers['Authorization'] = 'Bearer ' + token
        data = None if method == 'GET' else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, context=self.context) as answer:
                return json.loads(answer.read() or b'{}')
        except urllib.error.HTTPError as error:
            raise Refused(error.code, json.loads(error.read())) from None

    def consents(self, where):
        return [{'id': text['id'], 'version': text['version']} for text in self.profile['consents'] if where in text['where']]

    def sms(self, mobile):
        """The newest code sent there."""
        return self.demo('sms?mobile=' + mobile)['code']

    def register(self, user, mobile):
        challenge = self.call('POST', '/v1/challenges')
        nonce, work = base64.b64decode(challenge['nonce']), 0
        while int.from_bytes(hashlib.sha256(nonce + str(work).encode()).digest()[:4], 'big') >> (32 - challenge['bits']):
            work += 1
        self.call('POST', '/v1/sms', {'mobile': mobile, 'purpose': 'register', 'challenge': challenge['id'], 'work': str(work)})
        answers = {'user-name': user, 'handler-name': '张三', 'handler-document-kind': 'resident-id',
                   'handler-document-number': '11010519491231002X', 'handler-mobile': mobile}
        self.call('POST', '/v1/accounts', {'answers': answers, 'password': PASSWORD, 'sms-code': self.sms(mobile),
                                           'consents': self.consents('register')})
        return self.call('POST', '/v1/sessions', {'user-name': user, 'password': PASSWORD, 'consents': self.consents('login')})['token']


class Code:
    """What a PC shows."""

    def __init__(self, world, path, token=None, name='财务室的电脑', **body):
        self.world = world
        started = world.call('POST', path, {'installation-name': name, **body}, token)
        self.ticket, self.address = started['ticket'], started['code']['address']

    def state(self):
        return self.world.call('GET', '/v1/scans/current', token=self.ticket)['state']

    def turn(self):
        self.address = self.world.call('POST', '/v1/scans/current/codes', token=self.ticket)['address']

    def claim(self, installation, code=None):
        body = {'consents': self.world.consents('login'), 'installation': installation}
        if code is not None:
            body['sms-code'] = code
        return self.world.call('POST', '/v1/scans/current/sessions', body, self.ticket)


class Shown:
    """A command that shows codes and waits: each is a message on its standard output."""

    def __init__(self, world, *words):
        self.process = subprocess.Popen([os.environ['CERTHALL_PROGRAMS'] + '/certhallctl', *map(str, words), '--json'],
                                        env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.rest = ''

    def read(self):
        while True:
            try:
                message, end = json.JSONDecoder().raw_decode(self.rest.lstrip())
                self.rest = self.rest.lstrip()[end:]
                return message
            except ValueError:
                line = self.process.stdout.readline()
                assert line, 'the command has ended: %s' % self.process.stderr.read()
                self.rest += line

    def read_last(self):
        """What it says when it is done, whatever codes it shows before."""
        message = self.read()
        while message['state'] == 'shown':
            message = self.read()
        return message

    def end(self):
        _, err = self.process.communicate()
        return self.process.returncode, err
