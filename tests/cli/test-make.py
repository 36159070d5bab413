#!/usr/bin/python3
"""A certificate on a USB key, made by the CA: applied for with its delivery, made by the staff on a blank card, sent, and read by
strangers. Then remote download onto a key in the hand. Real server, OpenSC on a virtual card."""

import os
import ssl
import subprocess
import sys
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ['CERTHALL_SOURCE_ROOT'], 'tests', 'fixtures'))
from card_world import MODULE, PIN, CardWorld  # noqa: E402
from cli_world import RESTING, World, case, finish  # noqa: E402

MOBILE, NUMBER, UNIT = '13800138000', '11010519491231002X', '91120116MA06TEA10Q'
NAME = '天津市滨海数字认证测试单位'
ADDRESS = '天津市空港经济区西七道26号'
cards = CardWorld()
world = World(two_people=True)
world.env['CERTHALL_MODULES'] = '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so'
world.env['CERTHALL_MODULE_LIMIT_MS'] = '90000'
world.make_documents()
world.add_staff('max', 'maker')
world.add_staff('susi', 'support')
account = world.answers('account.json', user_name='zhang-san', handler_name='张三', handler_document_kind='resident-id',
                        handler_document_number=NUMBER, handler_mobile=MOBILE)
common = dict(project='ra-test-ukey-key-account', unit_name=NAME, unit_code=UNIT, term='one-year', province='天津市', city='和平区',
              handler_name='张三', handler_document_kind='resident-id', handler_document_number=NUMBER, handler_mobile=MOBILE,
              handler_email='zhang.san@example.com', licence='licence.png', handler_id='handler.png', bundle='bundle.zip')
facts = {}


def apply(name, **more):
    answers = world.answers(name, **common, **more)
    return world.ctl('flow', 'run', 'apply.enterprise.ukey.enterprise-pay', '--answers', answers, '--no-input', '--json')


def approve(application):
    world.be_staff('alice')
    world.expect(0, 'staff', 'approve', application)
    world.be_staff('max')


def run_make(application, *words):
    """OpenSC loses sight of a card it has just initialised now and then: the same command goes on, as it says."""
    for _ in range(4):
        outcome = world.ctl('staff', 'make', application, '--json', *words)
        if outcome.status != 50 or outcome.json['step'] != 'make-initialise':
            break
        words = [word for word in words if word != '--again']
    return outcome


def make(application, *words):
    out = world.dir / ('letter-%d.pdf' % len(world.seen))
    outcome = run_make(application, '--out', out, *words)
    return outcome, out


def log_in():
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--password-file', world.dir / 'password', '--accept-consents')


def fetch(path):
    context = ssl.create_default_context(cafile=str(world.trust))
    with urllib.request.urlopen(world.url + path, context=context) as answer:
        return answer.read()


def make_again(name):
    """An approved application of its own, delivered to the hall."""
    outcome = apply(name, delivery_way='hall')
    assert outcome.json['step'] == 'review', outcome
    approve(outcome.json['application'])
    return outcome.json['application']


world.expect(0, 'account', 'register', '--answers', account, '--ask', world.ask, '--password-file', world.dir / 'password',
             '--accept-consents')
log_in()


@case
def delivery_is_asked_for_as_the_manual_names_it():
    outcome = apply('no-delivery.json')
    assert outcome.status == RESTING and outcome.json['field'] == 'delivery-unit', outcome
    outcome = apply('half.json', delivery_way='courier', delivery_unit=NAME, delivery_name='张三', delivery_phone='12')
    assert outcome.json['field'] == 'delivery-address' or outcome.json['error'] == 'invalid-input', outcome


@case
def by_courier_it_goes_to_review():
    outcome = apply('courier.json', delivery_way='courier', delivery_unit=NAME, delivery_name='李四', delivery_phone='13800138001',
                    delivery_address=ADDRESS)
    assert outcome.status == RESTING and outcome.json['step'] == 'review', outcome
    facts['application'] = outcome.json['application']
    shown = world.expect(0, 'application', 'show', facts['application']).out
    assert ADDRESS in shown and '李四' in shown, shown


@case
def nothing_is_made_before_the_approval_nor_by_who_approved():
    world.be_staff('max')
    outcome, _ = make(facts['application'])
    assert outcome.json['error'] == 'wrong-state', outcome
    approve(facts['application'])


@case
def the_applicant_waits_for_the_ca():
    outcome = world.ctl('flow', 'resume', facts['application'], '--no-input', '--json')
    assert outcome.status == RESTING and outcome.json['step'] == 'made', outcome


@case
def a_blank_key_is_wanted():
    outcome, letter = make(facts['application'])
    assert outcome.json['error'] == 'token-none' and not letter.exists(), outcome
    cards.insert(1)
    cards.initialise(1, 'Besetzt')
    slot = '--slot', 4 * cards.show(1)['reader']
    cards.tool(*slot, '--login', '--pin', PIN, '--keypairgen', '--key-type', 'EC:prime256v1', '--label', 'mine', '--id', '01')
    outcome, _ = make(facts['application'])
    assert outcome.json['error'] == 'token-no-blank' and cards.show(1)['keys'] == 1, outcome


@case
def a_serial_number_that_is_not_there_wipes_nothing():
    outcome, _ = make(facts['application'], '--medium', 'CHTEST99999')
    assert outcome.json['error'] == 'token-gone' and cards.show(1)['keys'] == 1, outcome


@case
def it_is_made_on_the_blank_key():
    cards.insert(0)
    outcome, letter = make(facts['application'])
    assert outcome.status == 0 and outcome.json['state'] == 'done', outcome
    facts['certificate'] = outcome.json['certificate']
    assert outcome.json['token'] == cards.show(0)['serial'], outcome
    assert letter.read_bytes().startswith(b'%PDF') and letter.stat().st_mode & 0o077 == 0
    facts['letter'] = letter
    assert cards.show(0)['keys'] == 1 and cards.show(1)['keys'] == 1


@case
def the_letter_has_two_pages_and_no_pin_in_its_text():
    text = subprocess.run(['pdftotext', '-layout', facts['letter'], '-'], capture_output=True, text=True, check=True).stdout
    assert facts['application'] in text and ADDRESS in text and '李四' in text, text
    assert text.count('\f') == 2, text
    inside = text.split('\f')[0]
    digits = [word for word in inside.split() if word.isdigit() and len(word) == 8]
    assert not digits, digits


@case
def strangers_read_what_was_written():
    slot = '--slot', str(4 * cards.show(0)['reader'])
    out = cards.tool(*slot, '--list-objects', '--type', 'cert')
    assert 'Certificate Object' in out, out
    der = world.dir / 'made.der'
    key_id = out.split('ID:')[1].split()[0]
    cards.tool(*slot, '--read-object', '--type', 'cert', '--id', key_id, '--output-file', der)
    issuing, root = world.dir / 'issuing.pem', world.dir / 'root.pem'
    for path, name in ((issuing, 'issuing-rsa.cer'), (root, 'root-rsa.cer')):
        subprocess.run(['openssl', 'x509', '-inform', 'DER', '-out', path], input=fetch('/ca/' + name), check=True)
    pem = world.dir / 'made.pem'
    subprocess.run(['openssl', 'x509', '-inform', 'DER', '-in', der, '-out', pem], check=True)
    verified = subprocess.run(['openssl', 'verify', '-CAfile', root, '-untrusted', issuing, pem], capture_output=True, text=True,
                              check=False)
    assert verified.returncode == 0, verified
    subject = subprocess.run(['openssl', 'x509', '-in', pem, '-noout', '-subject', '-nameopt', 'utf8'], capture_output=True,
                             text=True, check=True).stdout
    assert NAME in subject, subject


@case
def it_is_sent_and_the_holder_sees_the_number():
    world.expect(0, 'staff', 'send', facts['application'], '顺丰速运', 'SF1234567890')
    shown = world.expect(0, 'delivery', 'show', facts['application'], '--json').json
    assert shown['state'] == 'sent' and shown['number'] == 'SF1234567890' and shown['medium'] == cards.show(0)['serial'], shown
    assert ADDRESS in shown['place'], shown


@case
def what_has_left_is_not_made_again():
    outcome, _ = make(facts['application'])
    assert outcome.json['error'] == 'wrong-state', outcome


@case
def another_one_with_its_pin_by_sms():
    cards.remove(0)
    application = make_again('hall.json')
    typed = cards.show(1)['serial']
    outcome = run_make(application, '--pin-by-sms', '--medium', typed)
    assert outcome.status != 0 and outcome.json['error'] == 'so-pin-wrong', outcome
    assert cards.show(1)['keys'] == 1
    cards.remove(1)
    cards.ask('blank', 1)
    cards.insert(1)
    outcome = run_make(application, '--pin-by-sms')
    assert outcome.status == 0, outcome
    texts = [row['text'] for row in world.demo('sms?mobile=' + MOBILE)['messages']]
    found = [text for text in texts if '初始 PIN 码' in text]
    assert len(found) == 1, texts
    facts['pin'] = ''.join(c for c in found[0].split('PIN 码为')[1] if c.isdigit())[:8]
    facts['second'] = application


@case
def its_first_pin_opens_the_key_which_signs():
    slot = '--slot', str(4 * cards.show(1)['reader'])
    data, signature = world.dir / 'contract', world.dir / 'signature'
    data.write_bytes(b'contract')
    out = cards.tool(*slot, '--list-objects', '--type', 'cert')
    key_id = out.split('ID:')[1].split()[0]
    cards.tool(*slot, '--login', '--pin', facts['pin'], '--sign', '--mechanism', 'SHA256-RSA-PKCS', '--id', key_id, '--input-file', data,
               '--output-file', signature)
    der, pem, public = world.dir / 'second.der', world.dir / 'second.pem', world.dir / 'second.pub'
    cards.tool(*slot, '--read-object', '--type', 'cert', '--id', key_id, '--output-file', der)
    subprocess.run(['openssl', 'x509', '-inform', 'DER', '-in', der, '-out', pem], check=True)
    public.write_bytes(subprocess.run(['openssl', 'x509', '-in', pem, '-noout', '-pubkey'], capture_output=True, check=True).stdout)
    subprocess.run(['openssl', 'dgst', '-sha256', '-verify', public, '-signature', signature, data], check=True, capture_output=True)


@case
def a_lost_letter_is_made_anew_with_another_pin():
    outcome, letter = make(facts['second'])
    assert outcome.status == 0 and letter.exists(), outcome
    slot = '--slot', str(4 * cards.show(1)['reader'])
    refused = cards.run('pkcs11-tool', '--module', MODULE, *slot, '--login', '--pin', facts['pin'], '--list-objects')
    assert refused.returncode != 0 and cards.show(1)['pin-tries'] == 2, refused


@case
def a_download_onto_a_key_in_the_hand():
    application = make_again('download.json')
    world.be_staff('susi')
    code = world.expect(0, 'staff', 'download-code', application).out.strip()
    for card in (0, 1):
        if cards.show(card)['inserted']:
            cards.remove(card)
    cards.heal(0)
    cards.ask('blank', 0)
    cards.insert(0)
    cards.initialise(0, 'Kunde')
    cards.insert(1)
    keys = cards.show(1)['keys']
    # Of two keys nobody guesses which one is meant
    outcome = world.ctl('token', 'unlock', '--no-input', '--json')
    assert outcome.status == RESTING and (outcome.json['step'], outcome.json['field']) == ('choose-medium', 'medium'), outcome
    outcome = world.ctl('token', 'unlock', '--medium', 'CHTEST99999', '--no-input', '--json')
    assert outcome.status == 50 and outcome.json['error'] == 'token-gone', outcome
    path = world.dir / 'ask-code'
    path.write_text('#!/bin/sh\n[ "$1" = download-code ] && cat "%s"\n' % world.write('the-code', code + '\n'), encoding='utf-8')
    path.chmod(0o700)
    pin = world.write('card-pin', PIN + '\n')
    outcome = world.ctl('cert', 'download-by-code', '--ask', path, '--pin-file', pin, '--medium', cards.show(0)['serial'], '--json')
    assert outcome.status == 0 and outcome.json['token'] == cards.show(0)['serial'], outcome
    assert cards.show(0)['keys'] == 1 and cards.show(1)['keys'] == keys


@case
def the_equipment_ends_well():
    assert world.close() == 0
    cards.close()


finish()
