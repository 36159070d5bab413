#!/usr/bin/python3
"""Renewing a certificate of a software token in the terminal: when it may be, paid and not, with what openssl says of the old
and the new certificate, and what lies on the token afterwards."""

import datetime
import json
import subprocess
import urllib.request
import ssl

from cli_world import PASSWORD, RESTING, World, case, finish

world = World()
world.make_documents()
PERSON = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
          'handler_mobile': '13800138000', 'handler_email': 'zhang.san@example.com'}
UNIT = {'unit_name': '天津市滨海数字认证测试单位', 'unit_code': '91120116MA06TEA10Q', 'term': 'one-year', 'province': '天津市',
        'city': '和平区'}
account = world.answers('account.json', user_name='zhang-san', **{key: PERSON[key] for key in list(PERSON)[:4]})
answers = world.answers('answers.json', licence='licence.png', handler_id='handler.png', bundle='bundle.zip', **UNIT, **PERSON)
term = world.answers('term.json', term='one-year')
RUN = ('--pin-file', world.dir / 'pin', '--no-input', '--json')
DAY = 24 * 60 * 60
SELF_PAY, ENTERPRISE = 'renew.enterprise.soft.self-pay', 'renew.enterprise.soft.enterprise-pay'
state = {}


def openssl(*words, data=None):
    process = subprocess.run(['openssl', *map(str, words)], capture_output=True, text=data is None, input=data, timeout=60)
    return process.returncode, process.stdout, process.stderr


def fetch(path):
    context = ssl.create_default_context(cafile=str(world.trust))
    with urllib.request.urlopen(world.url + path, context=context) as answer:
        return answer.read()


def log_in():
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file',
                 world.dir / 'password')


def move_to(when):
    """The clock of the CA; a session is too old then."""
    world.demo('clock', {'now': when.isoformat().replace('+00:00', 'Z')})
    log_in()


def new_certificate(settlement):
    outcome = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.' + settlement, '--answers', answers, *RUN)
    application = outcome.json['application']
    if settlement == 'self-pay':
        world.demo('orders/%s/pay' % outcome.json['order'], {})
        world.expect(RESTING, 'flow', 'resume', application, *RUN)
    world.demo('applications/%s/review' % application, {})
    done = world.expect(0, 'flow', 'resume', application, *RUN).json
    assert done['state'] == 'done', done
    return done


def save(serial, name):
    """The certificate as the CA has it, with its chain, as openssl wants them."""
    path = world.dir / name
    shown = {row['serial']: row for row in world.expect(0, 'cert', 'list', '--json').json['items']}
    import base64
    for part, ending in (('der', ''), ('issuing-ca', '.ca'), ('root-ca', '.root')):
        der = world.dir / (name + ending + '.der')
        der.write_bytes(base64.b64decode(shown[serial][part]))
        openssl('x509', '-inform', 'DER', '-in', der, '-out', str(path) + ending + '.pem')
    return shown[serial]


def dates(name):
    said = openssl('x509', '-in', world.dir / (name + '.pem'), '-noout', '-dates', '-dateopt', 'iso_8601')[1]
    return [datetime.datetime.fromisoformat(line.split('=')[1].replace('Z', '+00:00')) for line in said.split('\n') if line]


def crl_says(serial):
    """What stands in the newest list about a serial number."""
    path = world.dir / 'crl.der'
    path.write_bytes(fetch('/crl/rsa.crl'))
    text = openssl('crl', '-inform', 'DER', '-in', path, '-noout', '-text')[1]
    if serial not in text:
        return 'good'
    return 'Superseded' if 'Superseded' in text.split(serial)[1].split('Serial Number')[0] else 'revoked'


def ocsp_says(name):
    cert, ca, root = (world.dir / (name + ending) for ending in ('.pem', '.ca.pem', '.root.pem'))
    request, answer = world.dir / 'ocsp.req', world.dir / 'ocsp.der'
    openssl('ocsp', '-issuer', ca, '-cert', cert, '-no_nonce', '-reqout', request)
    context = ssl.create_default_context(cafile=str(world.trust))
    call = urllib.request.Request(world.url + '/ocsp', request.read_bytes(), {'Content-Type': 'application/ocsp-request'})
    with urllib.request.urlopen(call, context=context) as got:
        answer.write_bytes(got.read())
    return openssl('ocsp', '-issuer', ca, '-cert', cert, '-respin', answer, '-CAfile', root, '-verify_other', ca, '-noverify')[1]


def tokens():
    return world.expect(0, 'token', 'list', '--json').json['items']


@case
def a_certificate_is_there_to_be_renewed():
    world.expect(0, 'account', 'register', '--answers', account, '--password-file', world.dir / 'password', '--accept-consents',
                 '--ask', world.ask)
    log_in()
    state['old'] = new_certificate('self-pay')
    save(state['old']['certificate'], 'old')
    state['end'] = dates('old')[1]


@case
def too_early_says_from_when():
    outcome = world.expect(48, 'flow', 'run', SELF_PAY, '--certificate', state['old']['certificate'], '--answers', term, *RUN)
    assert outcome.json['error'] == 'renew-early', outcome
    listed = world.expect(0, 'cert', 'list', '--json').json['items']
    assert [row['serial'] for row in listed] == [state['old']['certificate']], listed
    # A second before the window it is too early, and from then on it is not
    move_to(state['end'] - datetime.timedelta(days=90, seconds=60))
    world.expect(48, 'flow', 'run', SELF_PAY, '--certificate', state['old']['certificate'], '--answers', term, *RUN)


@case
def unknown_and_unfitting_are_refused():
    move_to(state['end'] - datetime.timedelta(days=30))
    assert world.expect(14, 'flow', 'run', SELF_PAY, '--certificate', 'AB12', *RUN).json['error'] == 'not-found'
    outcome = world.expect(34, 'flow', 'run', ENTERPRISE, '--certificate', state['old']['certificate'], *RUN)
    assert outcome.json['error'] == 'not-offered', outcome
    outcome = world.expect(34, 'flow', 'run', 'renew.person.soft.self-pay', '--certificate', state['old']['certificate'], *RUN)
    assert outcome.json['error'] == 'not-offered', outcome


@case
def rests_at_the_payment_and_is_one_at_a_time():
    outcome = world.expect(RESTING, 'flow', 'run', SELF_PAY, '--certificate', state['old']['certificate'], '--answers', term, *RUN)
    assert (outcome.json['step'], outcome.json['fen']) == ('pay', 30000), outcome
    state['renewal'] = outcome.json
    again = world.expect(48, 'flow', 'run', SELF_PAY, '--certificate', state['old']['certificate'], '--answers', term, *RUN)
    assert again.json['error'] == 'certificate-open', again
    # Nothing has happened to the old certificate yet, neither here nor there
    assert crl_says(state['old']['certificate']) == 'good'
    assert 'good' in ocsp_says('old'), ocsp_says('old')
    assert len(tokens()) == 1, tokens()


@case
def paid_it_is_installed_without_a_review():
    world.demo('orders/%s/pay' % state['renewal']['order'], {})
    outcome = world.expect(0, 'flow', 'resume', state['renewal']['application'], *RUN)
    state['new'] = outcome.json
    assert outcome.json['state'] == 'done' and outcome.json['token'] == state['old']['token'], outcome
    assert outcome.json['certificate'] != state['old']['certificate'], outcome
    history = [row['what'] for row in world.expect(0, 'application', 'show', outcome.json['application'], '--json').json['history']]
    assert history[-3:] == ['approved-by-rule', 'issued', 'installed'], history


@case
def the_new_one_goes_on_where_the_old_one_ends():
    save(state['new']['certificate'], 'new')
    begin, end = dates('new')
    assert end == state['end'].replace(year=state['end'].year + 1), (end, state['end'])
    assert begin < state['end']
    assert openssl('verify', '-attime', str(int(begin.timestamp())), '-CAfile', world.dir / 'new.root.pem', '-untrusted',
                   world.dir / 'new.ca.pem', world.dir / 'new.pem')[0] == 0
    subject = [openssl('x509', '-in', world.dir / (name + '.pem'), '-noout', '-subject', '-nameopt', 'RFC2253,-esc_msb,utf8')[1]
               for name in ('old', 'new')]
    assert '天津市滨海数字认证测试单位' in subject[1] and subject[1].split('CN=')[1].split(',')[0] in subject[0], subject
    # The holder's number at the CA stays; the key does not
    trust = [openssl('x509', '-in', world.dir / (name + '.pem'), '-noout', '-text')[1] for name in ('old', 'new')]
    number = [text.split('Y100038')[1][:24] for text in trust]
    assert number[0] == number[1], number
    keys = [openssl('x509', '-in', world.dir / (name + '.pem'), '-noout', '-pubkey')[1] for name in ('old', 'new')]
    assert keys[0] != keys[1]


@case
def the_old_one_is_superseded_and_off_the_token():
    assert crl_says(state['old']['certificate']) == 'Superseded', crl_says(state['old']['certificate'])
    assert 'revoked' in ocsp_says('old') and 'superseded' in ocsp_says('old'), ocsp_says('old')
    assert crl_says(state['new']['certificate']) == 'good'
    assert 'good' in ocsp_says('new'), ocsp_says('new')
    keys = world.expect(0, 'token', 'show', state['new']['token'], '--json').json['objects']
    assert [key['certificate'] for key in keys] == [state['new']['certificate']], keys


@case
def what_is_renewed_is_not_renewed_twice():
    outcome = world.expect(40, 'flow', 'run', SELF_PAY, '--certificate', state['old']['certificate'], '--answers', term, *RUN)
    assert outcome.json['error'] == 'certificate-revoked', outcome
    world.expect(48, 'flow', 'run', SELF_PAY, '--certificate', state['new']['certificate'], '--answers', term, *RUN)


@case
def settled_by_the_enterprise_it_is_one_command():
    old = new_certificate('enterprise-pay')
    shown = save(old['certificate'], 'unit')
    move_to(dates('unit')[1] - datetime.timedelta(days=89))
    assert shown['flow'] == 'apply.enterprise.soft.enterprise-pay', shown
    outcome = world.expect(0, 'flow', 'run', ENTERPRISE, '--certificate', old['certificate'], '--answers', term, *RUN)
    assert outcome.json['state'] == 'done' and outcome.json['token'] == old['token'], outcome
    assert crl_says(old['certificate']) == 'Superseded'


@case
def too_late_says_what_instead():
    old = new_certificate('enterprise-pay')
    save(old['certificate'], 'late')
    move_to(dates('late')[1] + datetime.timedelta(seconds=60))
    outcome = world.expect(48, 'flow', 'run', ENTERPRISE, '--certificate', old['certificate'], '--answers', term, *RUN)
    assert outcome.json['error'] == 'renew-late', outcome


@case
def secrets_are_seen_nowhere():
    everything = '\n'.join(world.seen)
    assert PASSWORD not in everything


assert world.close() == 0
finish()
