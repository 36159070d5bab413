#!/usr/bin/python3
"""A certificate on a USB key is renewed; it is broken off at each command of the card. Until the new certificate was proved the old
one works and is in force; afterwards the new one. At another PC, which knows nothing but the account, it is gone on with."""

import base64
import hashlib
import json
import os
import pathlib
import ssl
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
sys.path[:0] = [str(ROOT / 'tests' / folder) for folder in ('cli', 'fixtures')]
from card_world import MODULE, PIN, CardWorld  # noqa: E402
from cli_world import CTL, RESTING, World, case, finish  # noqa: E402
from sweep import Sweep  # noqa: E402

APPLY, RENEW = 'apply.enterprise.ukey.enterprise-pay', 'renew.enterprise.ukey.enterprise-pay'
profile = json.loads((ROOT / 'data' / 'profiles' / 'binhai.json').read_text(encoding='utf-8'))
project = next(row for row in profile['projects'] if row['id'] == 'ra-test-key-account')
# One certificate after the other is renewed at once
world = World(flows=[APPLY, RENEW], projects=[dict(project, medium='ukey')], limits=dict(profile['limits'], **{'renew-days': 400}),
              replacing=[{'business': 'renew', 'review': False, 'new-end': 'fresh', 'old': 'superseded'}])
cards = CardWorld(cards=1, readers=1)
PERSON = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
          'handler_mobile': '13800138000'}
UNIT = {'unit_name': '天津市滨海数字认证测试单位', 'unit_code': '91120116MA06TEA10Q', 'province': '天津市', 'city': '和平区'}
world.env.update(CERTHALL_MODULES='/usr/lib/x86_64-linux-gnu/' + MODULE, PCSCLITE_CSOCK_NAME=os.environ['PCSCLITE_CSOCK_NAME'])
world.write('pin', PIN + '\n')
RUN = ('--pin-file', world.dir / 'pin', '--no-input', '--json')
state = {'pcs': 0, 'unseen': 0, 'hidden': 0, 'again': 0}


def sit_at_another_pc():
    """Another data directory: no drafts, no journal. The session is that of the same account."""
    state['pcs'] += 1
    home = world.dir / ('pc-%d' % state['pcs'])
    home.mkdir(0o700)
    world.env.update(XDG_DATA_HOME=str(home), XDG_STATE_HOME=str(home), XDG_CACHE_HOME=str(home), HOME=str(home))


def fetch(path):
    """What the CA says, to the session of the program."""
    token = next((world.dir / 'run' / 'certhall').glob('session-*')).read_text(encoding='utf-8').split()[-1]
    request = urllib.request.Request(world.url + path, headers={'Authorization': 'Bearer ' + token})
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=str(world.trust))) as answer:
        return json.loads(answer.read())


def openssl(*words, data=None):
    return subprocess.run(['openssl', *map(str, words)], check=True, capture_output=True, input=data).stdout


def check_works(serial, may_hide=False):
    """A stranger finds certificate and key under the id that is made of the key, and the one verifies what the other signs.
    Returns the state of the certificate at the CA. OpenSC shows no certificate behind one that is half written: with `may_hide`
    that of the CA does."""
    certificate = fetch('/v1/certificates/' + serial)
    der = base64.b64decode(certificate['der'])
    public = openssl('x509', '-inform', 'DER', '-noout', '-pubkey', data=der)
    key_id = hashlib.sha256(openssl('pkey', '-pubin', '-outform', 'DER', data=public)).hexdigest()[:40]
    for name, content in (('public.pem', public), ('to-be-signed', b'a contract')):
        (world.dir / name).write_bytes(content)
    if may_hide and count_objects()[1] == 0:
        state['hidden'] += 1
    else:
        cards.tool('--id', key_id, '--read-object', '--type', 'cert', '--output-file', world.dir / 'read.der')
        assert (world.dir / 'read.der').read_bytes() == der, 'the certificate under the id of the key is another'
    cards.tool('--login', '--pin', PIN, '--id', key_id, '--sign', '--mechanism', 'SHA256-RSA-PKCS', '--input-file',
               world.dir / 'to-be-signed', '--output-file', world.dir / 'signature')
    openssl('dgst', '-sha256', '-verify', world.dir / 'public.pem', '-signature', world.dir / 'signature', world.dir / 'to-be-signed')
    return certificate['state']


def count_objects():
    """What a stranger finds: how many private keys and certificates."""
    seen = cards.tool('--login', '--pin', PIN, '--list-objects')
    return seen.count('Private Key Object'), seen.count('Certificate Object')


@case
def a_certificate_is_on_the_card():
    world.make_documents()
    account = world.answers('account.json', user_name='zhang-san', **PERSON)
    answers = world.answers('answers.json', licence='licence.png', handler_id='handler.png', bundle='bundle.zip', term='one-year',
                            handler_email='zhang.san@example.com', **UNIT, **PERSON)
    world.expect(0, 'account', 'register', '--answers', account, '--password-file', world.dir / 'password', '--accept-consents',
                 '--ask', world.ask)
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file',
                 world.dir / 'password')
    cards.insert()
    cards.initialise()
    resting = world.expect(RESTING, 'flow', 'run', APPLY, '--answers', answers, *RUN).json
    world.demo('applications/%s/review' % resting['application'], {})
    state['serial'] = world.expect(0, 'flow', 'resume', resting['application'], *RUN).json['certificate']
    assert check_works(state['serial']) == 'installed' and count_objects() == (1, 1)


def begin():
    """All but what is done to the card: a renewal that stops where no card is."""
    cards.remove()
    outcome = world.expect(60, 'flow', 'run', RENEW, '--certificate', state['serial'], '--answers', world.answers('term.json', term='one-year'),
                           *RUN)
    state['application'] = outcome.json['application']
    cards.insert()


def go_on():
    return [CTL, 'flow', 'resume', state['application'], *RUN], world.env


def check(broken):
    old = state['serial']
    shown = fetch('/v1/applications/' + state['application'])
    if shown['state'] == 'done':
        assert check_works(shown['certificate']) == 'installed' and fetch('/v1/certificates/' + old)['state'] == 'revoked'
    else:
        # Nothing was confirmed: the old one is in force and works
        assert check_works(old, may_hide=shown['state'] == 'issued') == 'installed'
    sit_at_another_pc()
    done = world.ctl('flow', 'resume', state['application'], *RUN).json
    if done.get('error') == 'key-missing':
        # Cut off while OpenSC wrote the description of the key: nobody finds it again, and another is made for it
        assert shown['state'] == 'issued', (shown, done)
        world.expect(0, 'application', 'again', state['application'], '--json')
        done = world.expect(0, 'flow', 'resume', state['application'], *RUN).json
        state['again'] += 1
    new = done.get('certificate') or shown['certificate']
    assert done['state'] == 'done' and new != old, done
    assert check_works(new) == 'installed' and fetch('/v1/certificates/' + old)['state'] == 'revoked'
    # Old key and old certificate are gone, and so is what broke off
    assert count_objects() == (1, 1), cards.tool('--login', '--pin', PIN, '--list-objects')
    # But for a key that was cut off before anything but itself was on the card: it is seen by nobody
    state['unseen'] = cards.show()['keys'] - 1
    state['serial'] = new


@case
def renewing_is_broken_off_at_each_command():
    assert Sweep(cards).run('renewal', begin, go_on, check) > 0
    print('# %(unseen)d keys are left that nobody sees; %(hidden)d times the old certificate was not shown until the new one was '
          'stored; %(again)d times the certificate was made again' % state)


cards.close()
assert world.close() == 0
finish()
