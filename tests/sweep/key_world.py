"""A CA whose certificates are on USB keys and can be renewed at once, an account, a person with one key, and the PC the key is
plugged into."""

import base64
import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import sqlite3
import ssl
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
sys.path[:0] = [str(ROOT / 'tests' / folder) for folder in ('cli', 'fixtures')]
from card_world import MODULE, PIN, SO_PIN, CardWorld  # noqa: E402
from cli_world import CTL, DAEMON, RESTING, World  # noqa: E402

APPLY, RENEW = 'apply.enterprise.ukey.enterprise-pay', 'renew.enterprise.ukey.enterprise-pay'
APPLY_PAID, RENEW_PAID = 'apply.enterprise.ukey.self-pay', 'renew.enterprise.ukey.self-pay'
UNLOCK = 'unlock.enterprise.ukey.enterprise-pay'
NEW_PIN = '730518'
A_MINUTE, A_DAY = 61, 24 * 3600 + 1
PERSON = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
          'handler_mobile': '13800138000'}
UNIT = {'unit_name': '天津市滨海数字认证测试单位', 'unit_code': '91120116MA06TEA10Q', 'province': '天津市', 'city': '和平区'}


def find_module():
    """OpenSC as the distribution has it, where p11-kit is told of it."""
    folder = subprocess.run(['pkg-config', '--variable=p11_module_path', 'p11-kit-1'], check=True, capture_output=True, text=True)
    return str(pathlib.Path(folder.stdout.strip()).parent / MODULE)


def read_profile():
    return json.loads((ROOT / 'data' / 'profiles' / 'binhai.json').read_text(encoding='utf-8'))


def parse_time(text):
    return datetime.datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp()


def openssl(*words, data=None):
    return subprocess.run(['openssl', *map(str, words)], check=True, capture_output=True, input=data).stdout


class KeyWorld(World):
    def __init__(self, pin=PIN, cards=1, **policy):
        profile = read_profile()
        rows = {row['settlement']: row for row in profile['projects'] if row['medium'] == 'soft'}
        usual = {'flows': [APPLY, RENEW, APPLY_PAID, RENEW_PAID, UNLOCK], 'made_here': [],
                 'projects': [dict(row, medium='ukey') for row in rows.values()],
                 'limits': dict(profile['limits'], **{'renew-days': 400}),
                 'replacing': [{'business': 'renew', 'review': False, 'new-end': 'fresh', 'old': 'superseded'}]}
        super().__init__(**dict(usual, **policy))
        self.cards = CardWorld(cards=cards, readers=cards)
        self.card_pin, self.n_pcs = pin, 0
        self.env.update(CERTHALL_MODULES=find_module(), PCSCLITE_CSOCK_NAME=os.environ['PCSCLITE_CSOCK_NAME'])
        self.write('pin', pin + '\n')
        self.run_words = ('--pin-file', self.dir / 'pin', '--no-input', '--json')
        self.term = self.answers('term.json', term='one-year')
        self.make_unlocking()

    def close(self):
        self.cards.close()
        return super().close()

    def register(self):
        self.make_documents()
        self.expect(0, 'account', 'register', '--answers', self.answers('account.json', user_name='zhang-san', **PERSON),
                    '--password-file', self.dir / 'password', '--accept-consents', '--ask', self.ask)
        self.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file',
                    self.dir / 'password')

    def apply(self, flow=APPLY):
        """A certificate on the key that is plugged in. Returns its serial number."""
        answers = self.answers('answers.json', licence='licence.png', handler_id='handler.png', bundle='bundle.zip', term='one-year',
                               handler_email='zhang.san@example.com', **UNIT, **PERSON)
        resting = self.expect(RESTING, 'flow', 'run', flow, '--answers', answers, *self.run_words).json
        if 'order' in resting:
            self.demo('orders/%s/pay' % resting['order'], {})
            resting = self.resume(resting['application'], RESTING)
        self.demo('applications/%s/review' % resting['application'], {})
        return self.resume(resting['application'])['certificate']

    def renew(self, serial, status, flow=RENEW):
        return self.expect(status, 'flow', 'run', flow, '--certificate', serial, '--answers', self.term, *self.run_words).json

    def resume(self, application, status=0):
        return self.expect(status, 'flow', 'resume', application, *self.run_words).json

    def make_unlocking(self):
        """What `token unlock` asks for: the mobile, a new PIN, and a code that came after what `begin_unlocking` saw last."""
        self.write('old-code', '')
        self.write('new-pin', NEW_PIN + '\n')
        ask = pathlib.Path(self.write('ask-unlock', '''#!/usr/bin/python3
import json, ssl, sys, time, urllib.request
assert sys.argv[-1] == 'unlock-code', sys.argv
request = urllib.request.Request(%(url)r, headers={'Demo-Token': open(%(token)r).read().strip()})
context = ssl.create_default_context(cafile=%(trust)r)
old, code = open(%(old)r).read(), None
for _ in range(600):
    code = json.loads(urllib.request.urlopen(request, context=context).read()).get('code')
    if code not in (None, old):
        break
    time.sleep(0.1)
print(code)
''' % {'url': self.url + '/demo/v1/sms?mobile=' + PERSON['handler_mobile'], 'trust': str(self.trust),
       'token': str(self.ca / 'demo-token'), 'old': str(self.dir / 'old-code')}))
        ask.chmod(0o700)
        self.ask_unlock = ask

    def hand_over(self, application, so_pin=SO_PIN, card=0):
        """The CA is told what unlocks the card on which the certificate of that application is, as its office does."""
        subprocess.run([DAEMON, 'medium', 'keep', '--dir', self.ca, self.cards.show(card)['serial'], '--application', application,
                        '--so-pin-file', self.write('so-pin', so_pin + '\n')], check=True, env=os.environ)

    def write_store(self, *changes):
        """Beside the server that runs: SQL. Returns the first column of the first row of the last one."""
        with contextlib.closing(sqlite3.connect(self.ca / 'certhall.db', timeout=60)) as store, store:
            for change in changes:
                row = store.execute(change).fetchone()
        return row[0] if row else None

    def pass_time(self, seconds):
        """What has happened in unlocking is older by so much; no session ends by it."""
        self.write_store('UPDATE escrow_history SET at = at - %d' % seconds,
                         'UPDATE sms_code SET sent = sent - %d, expires = expires - %d' % (seconds, seconds),
                         'UPDATE counter SET since = since - %d, ends = ends - %d' % (seconds, seconds))

    def begin_unlocking(self, mobile=PERSON['handler_mobile'], ask=None):
        """The words of the command. A code that is on its way from before has arrived afterwards."""
        sent = self.write_store("SELECT MAX (sent) FROM sms_code WHERE purpose = 'unlock' AND mobile = '%s'" % PERSON['handler_mobile'])
        for _ in range(600):
            box = self.demo('sms?mobile=' + PERSON['handler_mobile'])
            codes = [row for row in box['messages'] if 'code' in row]
            if sent is None or (codes and parse_time(codes[0]['at']) >= sent):
                break
            time.sleep(0.1)
        self.write('old-code', box.get('code', ''))
        return [CTL, 'token', 'unlock', '--answers', self.answers('unlock.json', unlock_mobile=mobile), '--ask', ask or self.ask_unlock,
                '--new-pin-file', self.dir / 'new-pin', '--json']

    def unlock(self, status=0, **options):
        return self.expect(status, *self.begin_unlocking(**options)[1:]).json

    def get_escrow(self, card=0):
        """(state, releases nobody confirmed, whether a next one is kept)"""
        with contextlib.closing(sqlite3.connect(self.ca / 'certhall.db', timeout=60)) as store:
            return store.execute('SELECT state, runs, next IS NOT NULL FROM escrow WHERE serial = ?',
                                 [self.cards.show(card)['serial']]).fetchone()

    def sit_at_another_pc(self):
        """Another data directory: no drafts, no journal. The session is that of the same account."""
        self.n_pcs += 1
        home = self.dir / ('pc-%d' % self.n_pcs)
        home.mkdir(0o700)
        self.env.update(dict.fromkeys(('XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME', 'HOME'), str(home)))

    def fetch(self, path):
        """What the CA says, to the session of the program."""
        token = next((self.dir / 'run' / 'certhall').glob('session-*')).read_text(encoding='utf-8').split()[-1]
        request = urllib.request.Request(self.url + path, headers={'Authorization': 'Bearer ' + token})
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=str(self.trust))) as answer:
            return json.loads(answer.read())

    def get_application(self, application):
        return self.fetch('/v1/applications/' + application)

    def get_state(self, serial):
        return self.fetch('/v1/certificates/' + serial)['state']

    def tool(self, *words):
        """pkcs11-tool, logged in."""
        return self.cards.tool('--login', '--pin', self.card_pin, *words)

    def check_works(self, serial, shown=True):
        """A stranger finds certificate and key under the id that is made of the key, and the one verifies what the other signs.
        Where it is not `shown`, the certificate is that of the CA. Returns its state there."""
        certificate = self.fetch('/v1/certificates/' + serial)
        der = base64.b64decode(certificate['der'])
        public = openssl('x509', '-inform', 'DER', '-noout', '-pubkey', data=der)
        key_id = hashlib.sha256(openssl('pkey', '-pubin', '-outform', 'DER', data=public)).hexdigest()[:40]
        read, signature = self.dir / 'read.der', self.dir / 'signature'
        for name, content in (('public.pem', public), ('to-be-signed', b'a contract')):
            (self.dir / name).write_bytes(content)
        if shown:
            self.cards.tool('--id', key_id, '--read-object', '--type', 'cert', '--output-file', read)
            assert read.read_bytes() == der, 'the certificate under the id of the key is another'
        self.tool('--id', key_id, '--sign', '--mechanism', 'SHA256-RSA-PKCS', '--input-file', self.dir / 'to-be-signed',
                  '--output-file', signature)
        openssl('dgst', '-sha256', '-verify', self.dir / 'public.pem', '-signature', signature, self.dir / 'to-be-signed')
        return certificate['state']

    def list_objects(self):
        """What a stranger finds, logged in."""
        return self.tool('--list-objects')

    def count_objects(self):
        """How many private keys and certificates that are."""
        seen = self.list_objects()
        return seen.count('Private Key Object'), seen.count('Certificate Object')
