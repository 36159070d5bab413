#!/usr/bin/python3
"""The whole path in the terminal, against a real server: both settlements, resting and going on, a refusal; what openssl says
of the certificate; and that no secret is seen on the way."""

import json
import os
import pathlib
import pty
import subprocess

from cli_world import (CTL, DAEMON, FILE_PASSPHRASE, NEW_PASSPHRASE, PASSPHRASE, PASSWORD, RESTING, ROOT, STAFF_PASSWORD, World, case,
                       finish)

world = World()
world.make_documents()
account = world.answers('account.json', user_name='zhang-san', handler_name='张三', handler_document_kind='resident-id',
                        handler_document_number='11010519491231002X', handler_mobile='13800138000')
HANDLER = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
           'handler_mobile': '13800138000', 'handler_email': 'zhang.san@example.com'}
UNIT = {'unit_name': '天津市滨海数字认证测试单位', 'unit_code': '91120116MA06TEA10Q', 'term': 'one-year', 'province': '天津市',
        'city': '和平区'}
# Relative to the answers file
DOCUMENTS = {'licence': 'licence.png', 'handler_id': 'handler.png', 'bundle': 'bundle.zip'}
answers = world.answers('answers.json', **UNIT, **HANDLER, **DOCUMENTS)
RUN = ('--pin-file', world.dir / 'pin', '--no-input', '--json')
state = {}


def openssl(*words):
    """What the tool says: its words and status."""
    process = subprocess.run(['openssl', *map(str, words)], capture_output=True, text=True, timeout=60)
    return process.returncode, process.stdout + process.stderr


# -- Before there is an account ------------------------------------------------------------------------------------------

@case
def the_commands_explain_themselves():
    listed = world.expect(0, '--help').out
    for line in listed.splitlines():
        words = line.split()
        if line.startswith('  ') and len(words) > 2:
            assert 'Usage' in world.expect(0, words[0], words[1], '--help').out, line
    assert world.ctl('flow', 'sing').status == 64
    assert world.ctl('flow', 'run').status == 64
    assert world.ctl('flow', 'list', '--loudly').status == 64


@case
def flows_are_listed_and_shown():
    flows = {flow['id']: flow for flow in world.expect(0, 'flow', 'list', '--json').json['items']}
    assert flows['apply.enterprise.soft.self-pay']['offered'] and flows['apply.enterprise.soft.enterprise-pay']['offered']
    shown = world.expect(0, 'flow', 'show', 'apply.enterprise.soft.self-pay', '--json').json
    fields = {field['id']: field for step in shown['steps'] for field in step.get('fields', [])}
    assert fields['passphrase']['secret'] and fields['licence']['document'] and fields['unit-email']['optional']
    assert 'needs' in world.expect(0, 'flow', 'show', 'apply.enterprise.soft.self-pay').out
    assert world.ctl('flow', 'show', 'apply.enterprise.soft.for-nothing').status == 34


@case
def what_a_business_needs_is_told_to_everybody():
    profile = json.loads((ROOT / 'data' / 'profiles' / 'binhai.json').read_text(encoding='utf-8'))
    for flow in profile['flows']:
        business, subject, _, settlement = flow.split('.')
        if business == 'download':
            continue  # a code is all it takes
        told = world.expect(0, 'flow', 'needs', flow, '--json').json
        items = {part: [item for item in told['items'] if item['part'] == part] for part in ('documents', 'data', 'price', 'steps')}
        rules = [rule for rule in profile['documents'] if business in rule['businesses'] and subject in rule['subjects']]
        assert [(item['id'], item['formats'], item['max-bytes']) for item in items['documents']] \
            == [(rule['id'], rule['formats'], rule['max-bytes']) for rule in rules], told
        charged = business in ('apply', 'renew', 'replace') and settlement == 'self-pay'
        looked_up = {'apply': 'handler-mobile', 'unlock': 'unlock-mobile'}.get(business, 'certificate')
        assert looked_up in [item['id'] for item in items['data']], told
        assert ('pay' in [item['id'] for item in items['steps']]) == charged, told
        assert (('100.00' if business == 'replace' else '300.00') in items['price'][0]['value']) == charged, told
        text = world.expect(0, 'flow', 'needs', flow).out
        assert all(rule['name']['en'] in text and rule['note']['en'] in text for rule in rules), text
        assert profile['hotline'] in text, text
        assert ('%d working days' % told['review-days'] in text) == (business not in ('renew', 'unlock')), text
    assert world.ctl('flow', 'needs', 'apply.enterprise.soft.for-nothing').status == 34


@case
def projects_are_listed_without_an_account():
    projects = {project['id']: project for project in world.expect(0, 'project', 'list', '--json').json['items']}
    assert projects['ra-test']['terms'][0]['fen'] == 30000, projects
    shown = world.expect(0, 'project', 'list').out
    assert '300' in shown and 'RA test (key accounts)' in shown, shown


@case
def projects_are_searched_as_in_the_window():
    def search(text):
        return [project['id'] for project in world.expect(0, 'project', 'list', '--search', text, '--json').json['items']]

    assert search('ＫＥＹ accounts') == ['ra-test-key-account', 'ra-test-ukey-key-account', 'ra-test-phone-key-account']
    assert search('大客户 软盾') == ['ra-test-key-account']
    assert search('') == ['ra-test', 'ra-test-key-account', 'ra-test-ukey', 'ra-test-ukey-key-account', 'ra-test-phone',
                          'ra-test-phone-key-account']
    assert search('harbour') == []
    outcome = world.expect(0, 'project', 'list', '--search', 'harbour')
    assert outcome.out == '' and 'No project has these words.' in outcome.err, outcome


@case
def another_server_is_not_spoken_to():
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=Certhall TLS CA', '-keyout',
            world.dir / 'other.key', '-out', world.dir / 'other.pem')
    assert world.ctl('flow', 'list', '--trust', world.dir / 'other.pem').status == 13
    assert world.ctl('flow', 'list', '--server', 'https://127.0.0.1:1').status == 5
    assert world.ctl('flow', 'list', '--server', world.url.replace('https', 'http')).status == 64


@case
def who_is_not_logged_in_is_told_so():
    failure = world.expect(20, 'application', 'list', '--json').json
    assert failure['error'] == 'not-logged-in'
    assert '[not-logged-in]' in world.expect(20, 'flow', 'run', 'apply.enterprise.soft.self-pay').err


# -- The account ------------------------------------------------------------------------------------------------------------

REGISTER = ('account', 'register', '--answers', account, '--password-file', world.dir / 'password')


@case
def agreements_must_be_accepted():
    outcome = world.expect(25, *REGISTER, '--no-input')
    assert 'service-agreement' in outcome.err and '2021-02' in outcome.err


@case
def without_anybody_to_ask_registration_rests():
    outcome = world.expect(RESTING, *REGISTER, '--accept-consents', '--no-input', '--json')
    assert outcome.json == {'state': 'resting', 'field': 'sms-code'}
    some = world.answers('some.json', user_name='zhang-san')
    outcome = world.expect(RESTING, 'account', 'register', '--answers', some, '--no-input')
    assert outcome.out == 'handler-name\n', outcome


@case
def registers_with_the_code_of_the_phone():
    world.expect(0, *REGISTER, '--accept-consents', '--ask', world.ask)
    # The code is spent, and there may not be another within the minute
    world.expect(24, *REGISTER, '--accept-consents', '--ask', world.ask)


@case
def logs_in():
    wrong = world.write('wrong-password', 'not the password\n')
    login = ('account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input')
    world.expect(21, *login, '--password-file', wrong)
    # A wrong one delays the next
    world.demo('clock', {'advance': 5})
    world.expect(0, *login, '--password-file', world.dir / 'password')
    world.demo('clock', {'offset': 0})
    files = list((world.dir / 'run' / 'certhall').glob('session-*'))
    assert len(files) == 1 and files[0].stat().st_mode & 0o777 == 0o600, files
    state['session'] = files[0].read_text().splitlines()[1]
    assert world.expect(0, 'application', 'list', '--json').json['items'] == []


@case
def a_typed_password_is_not_shown():
    keys, terminal = pty.openpty()
    process = subprocess.Popen([CTL, 'account', 'login', '--user', 'zhang-san', '--accept-consents'], env=world.env,
                               stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    seen = b''
    while b'Password: ' not in seen:
        seen += os.read(keys, 1024)
    # Typed with a slip of the finger
    os.write(keys, (PASSWORD + 'x').encode() + b'\x7f\r')
    try:
        while True:
            seen += os.read(keys, 1024)
    except OSError:  # the terminal is closed
        pass
    assert process.wait() == 0, seen
    assert PASSWORD.encode() not in seen and b'Logged in as zhang-san' in seen, seen


# -- Pay by QR code -----------------------------------------------------------------------------------------------------------

SELF_PAY = ('flow', 'run', 'apply.enterprise.soft.self-pay')


@case
def secrets_are_refused_in_answers():
    for field in ('passphrase', 'password', 'sms-code'):
        outcome = world.expect(64, *SELF_PAY, '--answers', world.answers('secret.json', **{field: 'x'}), *RUN)
        assert field in outcome.json['message'], outcome
    outcome = world.expect(64, *SELF_PAY, '--answers', world.answers('unknown.json', unit_nmae='x'), *RUN)
    assert 'unit-nmae' in outcome.json['message']
    for text in ('[]', '{"unit-name": 1}', '{"unit-name": "a"} {}', ''):
        world.expect(64, *SELF_PAY, '--answers', world.write('broken.json', text), *RUN)
    assert world.expect(0, 'application', 'list', '--json').json['items'] == []


@case
def rests_where_something_is_missing():
    outcome = world.expect(RESTING, *SELF_PAY, '--no-input')
    assert outcome.out == 'unit-name\n', outcome
    state['application'] = world.expect(0, 'application', 'list', '--json').json['items'][0]['id']
    outcome = world.expect(RESTING, 'flow', 'resume', state['application'], '--answers',
                           world.answers('unit.json', **UNIT), *RUN)
    assert (outcome.json['step'], outcome.json['field']) == ('documents', 'licence'), outcome


@case
def says_which_field_is_wrong():
    wrong = world.answers('wrong.json', **dict(UNIT, unit_code='91120116MA06TEA10A'), **HANDLER, **DOCUMENTS)
    outcome = world.expect(3, *SELF_PAY, '--answers', wrong, *RUN)
    assert outcome.json['state'] == 'failed' and outcome.json['error'] == 'invalid-input'
    assert outcome.json['fields'] == [{'field': 'unit-code', 'reason': 'uscc-check'}], outcome


@case
def rests_at_the_payment():
    outcome = world.expect(RESTING, 'flow', 'resume', state['application'], '--answers', answers, *RUN)
    report = outcome.json
    assert (report['state'], report['step'], report['field']) == ('resting', 'pay', 'pay'), report
    assert report['fen'] == 30000 and report['code'].startswith('weixin://'), report
    state['order'] = report['order']
    again = world.expect(RESTING, 'flow', 'resume', state['application'], '--channel', 'alipay', '--no-input', '--json').json
    assert again['order'] == report['order'] and again['code'] != report['code'], again
    assert world.expect(RESTING, 'flow', 'resume', state['application'], '--no-input').out == 'pay\n'


@case
def rests_at_the_review():
    world.demo('orders/%s/pay' % state['order'], {})
    outcome = world.expect(RESTING, 'flow', 'resume', state['application'], *RUN)
    assert (outcome.json['step'], outcome.json['field']) == ('review', 'review'), outcome
    assert state['application'] in world.expect(0, 'application', 'list').out
    assert '天津市滨海数字认证测试单位' in world.expect(0, 'application', 'show', state['application']).out


@case
def staff_refuse_and_the_applicant_corrects():
    world.expect(20, 'staff', 'list')
    world.be_staff('alice')
    assert state['application'] in world.expect(0, 'staff', 'list').out
    world.expect(64, 'staff', 'refuse', state['application'])
    world.expect(0, 'staff', 'refuse', state['application'], '--reason', 'unit-name=Not as on the licence',
                 '--reason', 'licence=Too dark')
    shown = world.ctl('application', 'show', state['application'])
    assert 'Not as on the licence' in shown.err, shown
    # What was refused is asked for again: the server’s old answer is none
    outcome = world.expect(RESTING, 'flow', 'resume', state['application'], *RUN)
    assert outcome.json['field'] == 'unit-name', outcome
    mended = world.answers('mended.json', unit_name='天津市滨海数字认证测试有限公司', licence='handler.png')
    outcome = world.expect(RESTING, 'flow', 'resume', state['application'], '--answers', mended, *RUN)
    assert outcome.json['field'] == 'review', outcome


@case
def staff_approve_and_the_certificate_is_installed():
    world.expect(0, 'staff', 'approve', state['application'], '--json')
    outcome = world.expect(RESTING, 'flow', 'resume', state['application'], '--no-input')
    assert outcome.out == 'passphrase\n', outcome
    report = world.expect(0, 'flow', 'resume', state['application'], *RUN).json
    assert report['state'] == 'done', report
    state.update(certificate=report['certificate'], token=report['token'])
    shown = world.expect(0, 'application', 'show', state['application'], '--json').json
    assert shown['state'] == 'done' and shown['certificate'] == report['certificate']
    # Going on with what is done changes nothing
    assert world.expect(0, 'flow', 'resume', state['application'], *RUN).json['certificate'] == report['certificate']


@case
def the_receipt_is_saved():
    out = world.dir / 'receipt.pdf'
    told = world.expect(0, 'application', 'receipt', state['application'], '--out', out, '--json').json
    assert out.read_bytes().startswith(b'%PDF') and out.stat().st_mode & 0o077 == 0, told
    text = subprocess.run(['pdftotext', '-layout', out, '-'], check=True, capture_output=True, text=True).stdout
    assert state['application'] in text and told['code'] in text and HANDLER['handler_mobile'] not in text, text
    # The same code again, and nothing is written over
    again = world.expect(0, 'application', 'receipt', state['application'], '--out', world.dir / 'again.pdf', '--json').json
    assert again['code'] == told['code'], again
    world.expect(17, 'application', 'receipt', state['application'], '--out', out)
    # Staff to whom somebody comes with it find the same code by a session of their own
    shown = world.expect(0, 'staff', 'receipt', state['application'], '--out', world.dir / 'staff.pdf', '--json').json
    assert shown['code'] == told['code'] and (world.dir / 'staff.pdf').read_bytes().startswith(b'%PDF'), shown
    world.expect(14, 'staff', 'receipt', 'no-such-application', '--out', world.dir / 'none.pdf')
    assert not (world.dir / 'none.pdf').exists()


# -- What follows --------------------------------------------------------------------------------------------------------------

INVOICE = {'invoice_title': '天津市滨海数字认证测试有限公司', 'invoice_tax_number': '91120116MA06TEA10Q', 'invoice_address': '西七道26号',
           'invoice_phone': '022-24890000', 'invoice_bank': '中国银行', 'invoice_account': '2700123456789012',
           'invoice_email': 'zhang.san@example.com'}


@case
def lists_are_searched_and_turned():
    def found(topic, *words):
        return [item.get('application', item['id']) for item in world.expect(0, topic, 'list', '--json', *words).json['items']]
    assert found('application', '--text', '测试 有限公司') == [state['application']]
    assert found('application', '--text', '%') == [] and found('application', '--part', 'turn') == []
    assert found('order', '--state', 'paid', '--text', state['certificate'].lower()) == [state['application']]
    assert '300.00' in world.expect(0, 'order', 'show', state['order']).out
    page = world.expect(0, 'application', 'list', '--limit', '1', '--sort', 'created', '--json').json
    rest = world.expect(0, 'application', 'list', '--sort', 'created', '--after', page['next'], '--json').json['items']
    assert page['total'] == 2 and [item['id'] for item in rest] != [page['items'][0]['id']] and len(rest) == 1, rest
    for wrong in (('--limit', '201'), ('--limit', 'x'), ('--sort', 'size'), ('--part', 'half')):
        world.expect(64, 'application', 'list', *wrong)


@case
def the_invoice_is_asked_for_made_and_fetched():
    due = world.expect(0, 'invoice', 'list', '--state', 'due', '--json').json['items']
    assert [item['application'] for item in due] == [state['application']] and due[0]['fen'] == 30000, due
    outcome = world.expect(RESTING, 'invoice', 'ask', state['application'], '--no-input')
    assert outcome.out == 'invoice-title\n', outcome
    wrong = world.answers('invoice-wrong.json', **dict(INVOICE, invoice_tax_number='91120116MA06TEA10A'))
    world.expect(3, 'invoice', 'ask', state['application'], '--answers', wrong, '--no-input')
    world.expect(0, 'invoice', 'ask', state['application'], '--answers', world.answers('invoice.json', **INVOICE), '--no-input')
    world.expect(14, 'invoice', 'get', state['application'])
    world.add_staff('carl', 'maker')
    world.be_staff('carl')
    assert state['application'] in world.expect(0, 'staff', 'invoices', '--state', 'asked').out
    pdf = world.write('made.pdf', '%PDF-1.7 an invoice')
    world.expect(0, 'staff', 'invoice', state['application'], '26117000000012345678', pdf)
    world.be_staff('alice')
    out = world.dir / 'invoice.pdf'
    world.expect(0, 'invoice', 'get', state['application'], '--out', out)
    assert out.read_text() == '%PDF-1.7 an invoice'
    assert world.expect(0, 'delivery', 'list', '--json').json['items'] == []


# -- Settled by the enterprise --------------------------------------------------------------------------------------------------

@case
def the_enterprise_settles_in_a_dozen_words():
    report = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.enterprise-pay', '--answers', answers, *RUN).json
    assert report['step'] == 'review', report
    world.demo('applications/%s/review' % report['application'], {'approve': True})
    done = world.expect(0, 'flow', 'resume', report['application'], *RUN).json
    assert done['state'] == 'done' and done['certificate'] != state['certificate'], done


# -- A legal person, a person ---------------------------------------------------------------------------------------------------

PLACE = {'term': 'one-year', 'province': '天津市', 'city': '和平区'}
LEGAL_PERSON = {'legal_person_name': '李四', 'legal_person_document_kind': 'passport', 'legal_person_document_number': 'E12345678'}
PERSON = {'person_name': '王五', 'person_document_kind': 'resident-id', 'person_document_number': '11010519491231002X',
          'person_mobile': '13800138001'}


def walk(flow, name, given):
    report = world.expect(RESTING, 'flow', 'run', flow, '--answers', given, *RUN).json
    if report['step'] == 'pay':
        world.demo('orders/%s/pay' % report['order'], {})
        report = world.expect(RESTING, 'flow', 'resume', report['application'], *RUN).json
    assert report['step'] == 'review', report
    world.demo('applications/%s/review' % report['application'], {'approve': True})
    done = world.expect(0, 'flow', 'resume', report['application'], *RUN).json
    shown = world.expect(0, 'cert', 'show', done['certificate'], '--json').json
    assert shown['name'] == name, shown
    return shown


@case
def a_legal_person_applies():
    given = world.answers('legal-person.json', **UNIT, **LEGAL_PERSON, **HANDLER, **DOCUMENTS, legal_person_id='handler.png')
    walk('apply.legal-person.soft.enterprise-pay', '李四', given)


@case
def a_person_applies():
    given = world.answers('person.json', **PERSON, **PLACE, **HANDLER, person_id='handler.png', bundle='bundle.zip')
    shown = walk('apply.person.soft.self-pay', '王五', given)
    assert '11010519491231002X' not in json.dumps(shown, ensure_ascii=False), shown


@case
def waits_for_payment_and_review_when_it_may():
    errors = world.dir / 'waiting'
    with open(errors, 'w', encoding='utf-8') as stream:
        process = subprocess.Popen([CTL, 'flow', 'run', 'apply.enterprise.soft.self-pay', '--answers', answers, '--pin-file',
                                    str(world.dir / 'pin')], env=world.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=stream, text=True)
    while not (waiting := world.demo('orders')['items']) or 'weixin://' not in errors.read_text():
        assert process.poll() is None, errors.read_text()
    seen = errors.read_text()
    assert waiting[0]['attempt']['code'] in seen and '300.00' in seen, seen
    # What a phone reads off the terminal is what the server issued
    rows = [line[len('\033[30;107m'):-len('\033[0m')] for line in seen.splitlines() if line.startswith('\033[30;107m')]
    halves = {' ': (0, 0), '▀': (1, 0), '▄': (0, 1), '█': (1, 1)}
    pixels = [[1 - halves[c][half] for c in row] for row in rows for half in (0, 1)]
    scaled = [[value * 255 for value in line for _ in range(4)] for line in pixels for _ in range(4)]
    (world.dir / 'qr.pgm').write_bytes(b'P5 %d %d 255\n' % (len(scaled[0]), len(scaled)) + b''.join(map(bytes, scaled)))
    read = subprocess.run(['zbarimg', '--raw', '--quiet', str(world.dir / 'qr.pgm')], capture_output=True, text=True).stdout
    assert read.strip() == waiting[0]['attempt']['code'], read

    world.demo('orders/%s/pay' % waiting[0]['id'], {})
    while not (queue := world.demo('applications')['items']):
        assert process.poll() is None, errors.read_text()
    world.demo('applications/%s/review' % queue[0]['id'], {'approve': True})
    out, _ = process.communicate(timeout=120)
    world.seen += [out, errors.read_text()]
    assert process.returncode == 0 and len(out.strip()) == 32, (out, errors.read_text())


# -- Another way than forward ----------------------------------------------------------------------------------------------------

@case
def a_draft_turns_to_another_project_and_is_deleted():
    def listed():
        return {item['id'] for item in world.expect(0, 'application', 'list', '--json').json['items']}

    before = listed()
    world.expect(RESTING, *SELF_PAY, '--no-input')
    draft = (listed() - before).pop()
    changed = world.expect(0, 'application', 'change', draft, 'apply.person.soft.enterprise-pay', 'ra-test-key-account',
                           '--json').json
    assert changed['answers']['certificate-type'] == 'person' and 'settled' in changed['facts'], changed
    assert world.expect(RESTING, 'flow', 'resume', draft, '--no-input').out == 'person-name\n'
    world.expect(0, 'application', 'discard', draft)
    world.expect(14, 'application', 'show', draft)


@case
def what_is_withdrawn_is_paid_back():
    report = world.expect(RESTING, *SELF_PAY, '--answers', answers, *RUN).json
    world.expect(33, 'application', 'discard', report['application'])
    world.demo('orders/%s/pay' % report['order'], {})
    world.expect(RESTING, 'flow', 'resume', report['application'], *RUN)
    withdrawn = world.expect(0, 'application', 'withdraw', report['application'], '--json').json
    assert withdrawn['state'] == 'withdrawn', withdrawn
    world.expect(33, 'application', 'withdraw', report['application'])
    # Whoever paid reads how much goes back and why, wherever the order or the application is shown
    for words in (('application', 'show', report['application']), ('order', 'show', withdrawn['order'])):
        told = world.expect(0, *words).out
        assert '300.00 yuan' in told and 'The application was withdrawn' in told, told
        refund, = world.expect(0, *words, '--json').json['refunds']
        assert refund['fen'] == 30000 and refund['reason'] == 'withdrawn', refund
        assert not {'asked-by', 'checked-by', 'approved-by', 'note'} & set(refund), refund
    assert '300.00 yuan goes back' in world.expect(0, 'order', 'list').out


# -- What others say of the certificate -------------------------------------------------------------------------------------------

def export_certificate():
    token = world.expect(0, 'token', 'show', state['token'], '--json').json
    import base64
    der = base64.b64decode(token['objects'][0]['der'])
    (world.dir / 'cert.der').write_bytes(der)
    openssl('x509', '-inform', 'DER', '-in', world.dir / 'cert.der', '-out', world.dir / 'cert.pem')
    return world.dir / 'cert.pem'


@case
def openssl_verifies_the_chain():
    cert = export_certificate()
    ca = world.ca / 'ca'
    status, words = openssl('verify', '-x509_strict', '-CAfile', ca / 'root-rsa.pem', '-untrusted', ca / 'issuing-rsa.pem', cert)
    assert status == 0 and 'OK' in words, words
    subject = openssl('x509', '-in', cert, '-noout', '-subject', '-nameopt', 'RFC2253,utf8,-esc_msb')[1]
    assert 'CN=天津市滨海数字认证测试有限公司' in subject, subject


@case
def openssl_finds_it_good_by_ocsp():
    cert = export_certificate()
    ca = world.ca / 'ca'
    request, response = world.dir / 'ocsp.req', world.dir / 'ocsp.res'
    openssl('ocsp', '-issuer', ca / 'issuing-rsa.pem', '-cert', cert, '-reqout', request)
    subprocess.run(['curl', '--silent', '--fail', '--cacert', str(world.trust), '--header',
                    'Content-Type: application/ocsp-request', '--data-binary', '@%s' % request, '--output', str(response),
                    world.url + '/ocsp'], check=True)
    trusted = ('-issuer', ca / 'issuing-rsa.pem', '-CAfile', ca / 'root-rsa.pem', '-verify_other', ca / 'issuing-rsa.pem')
    # Signed by whom it must be, with our nonce; then what it says
    status, words = openssl('ocsp', '-reqin', request, '-respin', response, *trusted)
    assert status == 0 and 'Response verify OK' in words and 'once' not in words, words
    status, words = openssl('ocsp', *trusted, '-respin', response, '-cert', cert, '-no_nonce')
    assert status == 0 and 'cert.pem: good' in words, words


@case
def openssl_reads_the_crl():
    cert = export_certificate()
    ca = world.ca / 'ca'
    crl = world.dir / 'rsa.crl'
    subprocess.run(['curl', '--silent', '--fail', '--cacert', str(world.trust), '--output', str(crl),
                    world.url + '/crl/rsa.crl'], check=True)
    status, words = openssl('crl', '-inform', 'DER', '-in', crl, '-CAfile', ca / 'issuing-rsa.pem', '-noout')
    assert status == 0 and 'verify OK' in words, words
    openssl('crl', '-inform', 'DER', '-in', crl, '-out', world.dir / 'rsa.crl.pem')
    status, words = openssl('verify', '-crl_check', '-CRLfile', world.dir / 'rsa.crl.pem', '-CAfile', ca / 'root-rsa.pem',
                            '-untrusted', ca / 'issuing-rsa.pem', cert)
    assert status == 0, words


@case
def the_terminal_says_the_same():
    cert = export_certificate()
    chain = world.ca / 'ca' / 'chain-rsa.pem'
    report = world.expect(0, 'cert', 'verify', cert, '--anchor', chain, '--json').json
    outcomes = {check['id']: check['outcome'] for check in report['checks']}
    assert outcomes == dict.fromkeys(('chain', 'validity', 'usage', 'crl', 'ocsp'), 'passed'), report
    # Without --anchor those are trusted whom the CA of the server names, and nobody when it is not asked
    assert world.expect(0, 'cert', 'verify', cert, '--json').json['valid'] is True
    assert world.expect(39, 'cert', 'verify', cert, '--offline', '--json').json['reason'] == 'unknown-issuer'
    world.expect(0, 'cert', 'verify', state['certificate'], '--anchor', chain)
    # Without a way to the CA what was revoked is not known, and that is said
    report = world.expect(49, 'cert', 'verify', cert, '--anchor', chain, '--json', '--trust', world.dir / 'other.pem').json
    assert {check['id']: check['outcome'] for check in report['checks']}['crl'] == 'unknown', report
    damaged = bytearray((world.dir / 'cert.der').read_bytes())
    damaged[-5] ^= 1
    (world.dir / 'damaged.der').write_bytes(damaged)
    assert world.expect(39, 'cert', 'verify', world.dir / 'damaged.der', '--anchor', chain, '--json').json['reason'] == 'bad-signature'
    # A folder, with what is no certificate in it, and a table for spreadsheets
    folder = world.dir / 'many'
    folder.mkdir()
    (folder / 'good.pem').write_bytes(pathlib.Path(cert).read_bytes())
    (folder / 'junk.cer').write_bytes(b'junk')
    (folder / 'key.pem').write_text('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n')
    many = world.expect(39, 'cert', 'verify', folder, '--anchor', chain, '--json', '--out', world.dir / 'table.csv').json
    assert (many['passed'], many['failed'], many['unknown']) == (1, 2, 0), many
    assert {row['source']: row['reason'] for row in many['certificates']} == {
        'good.pem': 'ok', 'junk.cer': 'no-certificate', 'key.pem': 'holds-key'}, many
    assert (world.dir / 'table.csv').read_text(encoding='utf-8-sig').count('\n') == 4
    offline = world.expect(49, 'cert', 'verify', cert, '--anchor', chain, '--offline', '--json').json
    assert offline['verdict'] == 'unknown' and offline['reason'] == 'crl-missing', offline
    assert 'no-certificate' in str(world.expect(17, 'cert', 'verify', folder / 'junk.cer', '--json'))
    shown = world.expect(0, 'cert', 'show', cert, '--json').json
    assert shown['serial'] == state['certificate'] and shown['name'], shown


@case
def possession_is_proved_by_signing():
    chain = ('--anchor', world.ca / 'ca' / 'chain-rsa.pem', '--json', '--no-input')
    objects = world.expect(0, 'token', 'show', state['token'], '--json').json['objects']
    key = next(o['key-id'] for o in objects if o.get('certificate') == state['certificate'])
    for name in (state['certificate'], key, export_certificate()):
        report = world.expect(0, 'cert', 'verify', name, *chain, '--possession', '--pin-file', world.dir / 'pin').json
        last = report['checks'][-1]
        assert (last['id'], last['outcome']) == ('possession', 'passed') and state['token'] in last['text'], report
    # It is only tried when it is asked for, and only with the right passphrase
    assert 'possession' not in str(world.expect(0, 'cert', 'verify', key, *chain).json)
    world.expect(RESTING, 'cert', 'verify', key, *chain, '--possession')
    world.expect(55, 'cert', 'verify', key, *chain, '--possession', '--pin-file', world.write('bad-pin', 'not the passphrase\n'))
    # A certificate whose key is elsewhere
    lost = world.ctl('cert', 'verify', world.ca / 'ca' / 'issuing-rsa.pem', *chain, '--possession', '--pin-file', world.dir / 'pin')
    assert lost.json['error'] == 'key-missing' and lost.status not in (0, 39), lost


@case
def openssl_opens_what_is_exported():
    bundle = world.dir / 'bundle.p12'
    export = ('token', 'export', state['token'], '--out', bundle, '--no-input')
    world.expect(RESTING, *export)
    wrong = world.write('wrong-pin', 'not the passphrase\n')
    of_file = world.write('file-pin', FILE_PASSPHRASE + '\n')
    weak = world.write('weak-pin', '1234567890\n')
    world.expect(55, *export, '--pin-file', wrong)
    world.expect(RESTING, *export, '--pin-file', world.dir / 'pin')
    world.expect(57, *export, '--pin-file', world.dir / 'pin', '--file-pin-file', weak)
    assert not bundle.exists()
    world.expect(0, *export, '--pin-file', world.dir / 'pin', '--file-pin-file', of_file)
    assert bundle.stat().st_mode & 0o777 == 0o600
    status, words = openssl('pkcs12', '-in', bundle, '-passin', 'file:%s' % of_file, '-nodes', '-nocerts')
    assert status == 0 and 'PRIVATE KEY' in words, words
    world.expect(17, *export, '--pin-file', world.dir / 'pin')
    # The key is here already, and nowhere twice
    take = ('token', 'import', bundle, '--no-input', '--pin-file', world.dir / 'pin', '--file-pin-file')
    assert world.expect(59, *take, of_file, '--json').json['error'] == 'token-exists'
    assert world.expect(55, *take, wrong, '--json').json['error'] == 'file-passphrase'
    assert world.expect(58, 'token', 'import', world.dir / 'licence.png', '--json').json['error'] == 'file-foreign'


# -- Care of the token --------------------------------------------------------------------------------------------------------

@case
def the_passphrase_is_changed():
    new = world.write('new-pin', NEW_PASSPHRASE + '\n')
    change = ('token', 'passphrase', state['token'], '--no-input', '--pin-file', world.dir / 'pin')
    world.expect(RESTING, *change)
    world.expect(57, *change, '--new-pin-file', world.dir / 'weak-pin')
    world.expect(0, *change, '--new-pin-file', new)
    world.expect(55, 'token', 'test', state['token'], '--no-input', '--pin-file', world.dir / 'pin')
    world.expect(0, 'token', 'test', state['token'], '--no-input', '--pin-file', new)


@case
def the_token_moves_to_another_pc():
    other = {'XDG_DATA_HOME': str(world.dir / 'other-pc'), 'XDG_RUNTIME_DIR': str(world.dir / 'run')}
    file, new = world.dir / 'move.certhall-backup', world.dir / 'new-pin'
    world.expect(0, 'token', 'backup', state['token'], '--move', '--out', file, '--no-input', '--pin-file', new)
    assert file.read_text().startswith('Certhall back-up of a software token 1\n') and file.stat().st_mode & 0o777 == 0o600
    world.expect(59, 'token', 'delete', state['token'], '--code', '12345678', '--no-input', '--pin-file', new)
    world.expect(55, 'token', 'import', file, '--no-input', '--file-pin-file', world.dir / 'wrong-pin', env=other)
    taken = world.expect(0, 'token', 'import', file, '--no-input', '--file-pin-file', new, '--json', env=other).json
    assert taken['name'] == state['token'] and len(taken['code']) == 8
    world.expect(0, 'token', 'test', state['token'], '--no-input', '--pin-file', new, env=other)
    world.expect(0, 'token', 'delete', state['token'], '--code', taken['code'], '--no-input', '--pin-file', new)
    assert world.expect(50, 'token', 'show', state['token'])
    # And back again, by a back-up that is none for moving
    back = world.dir / 'back.certhall-backup'
    world.expect(0, 'token', 'backup', state['token'], '--out', back, '--no-input', '--pin-file', new, env=other)
    taken = world.expect(0, 'token', 'import', back, '--no-input', '--file-pin-file', new, '--json').json
    assert 'code' not in taken
    delete = ('token', 'delete', state['token'], '--no-input', '--pin-file', new)
    assert world.expect(RESTING, *delete, env=other).out == 'confirm\n'
    world.expect(2, *delete, '--confirm', '0000', env=other)
    world.expect(0, *delete, '--confirm', state['token'], env=other)


@case
def the_certificate_logs_in():
    run = world.dir / 'holder-run'
    run.mkdir(0o700)
    holder = {'XDG_RUNTIME_DIR': str(run)}
    login = ('account', 'login', '--token', state['token'], '--no-input')
    world.expect(25, *login, '--pin-file', world.dir / 'new-pin', env=holder)
    world.expect(55, *login, '--accept-consents', '--pin-file', world.dir / 'pin', env=holder)
    done = world.expect(0, *login, '--accept-consents', '--pin-file', world.dir / 'new-pin', '--json', env=holder).json
    assert done['name'], done
    # What is seen is this certificate's application, and of the account nothing
    seen = world.expect(0, 'application', 'list', '--json', env=holder).json['items']
    assert len(seen) == 1 and len(world.expect(0, 'application', 'list', '--json').json['items']) > 1
    world.expect(22, 'flow', 'run', 'apply.enterprise.soft.self-pay', *RUN, env=holder)
    world.expect(0, 'account', 'logout', env=holder)
    world.expect(20, 'application', 'list', env=holder)


# -- Secrets ------------------------------------------------------------------------------------------------------------------

@case
def no_secret_is_seen():
    session = next((world.dir / 'run' / 'certhall').glob('session-*')).read_text().splitlines()[1]
    secrets = [PASSWORD, PASSPHRASE, NEW_PASSPHRASE, FILE_PASSPHRASE, STAFF_PASSWORD, session, state['session']]
    places = {'what was printed': ''.join(world.seen).encode(), 'argv and environment': (world.dir / 'proc').read_bytes(),
              "the server's log": (world.dir / 'server.log').read_bytes()}
    for path in (world.dir / 'data').rglob('*'):
        if path.is_file():
            places[str(path)] = path.read_bytes()
    for path in world.ca.rglob('*'):
        if path.is_file() and path.name != 'demo-token':
            places[str(path)] = path.read_bytes()
    assert len(places) > 8, places.keys()
    for place, content in places.items():
        for secret in secrets:
            assert secret.encode() not in content, '%s is in %s' % (secret, place)
    code = (world.dir / 'code').read_text()
    assert code not in ''.join(world.seen), 'the SMS code was printed'


@case
def nothing_is_kept_that_the_server_has():
    left = [path for path in (world.dir / 'data' / 'certhall' / 'state').rglob('*') if path.is_file()]
    # Of the one that was filled in wrong only
    texts = ''.join(path.read_text() for path in left)
    assert '91120116MA06TEA10Q' not in texts, left


@case
def logging_out_ends_the_session_there_and_here():
    files = list((world.dir / 'run' / 'certhall').glob('session-*'))
    kept = files[0].read_text()
    world.expect(0, 'account', 'logout')
    assert not files[0].exists()
    world.expect(0, 'staff', 'list')
    world.expect(0, 'account', 'logout', '--staff')
    world.expect(20, 'staff', 'list')
    # Somebody who copied it gains nothing
    files[0].write_text(kept)
    files[0].chmod(0o600)
    world.expect(20, 'application', 'list')


@case
def the_server_ends_well():
    assert world.close() == 0


finish()
