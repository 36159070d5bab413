#!/usr/bin/python3
"""Many applications from a sheet: what is wrong is said before anything is sent; one signature; no row twice, whatever is
killed on the way."""

import codecs
import csv
import io
import os
import signal
import subprocess
import time
import zipfile

from cli_world import CTL, DAEMON, PASSPHRASE, RESTING, World, case, finish

FLOW = 'apply.person.soft.enterprise-pay'
WRONG, COLUMNS, WORKBOOK, ENCODING, BROKEN, SIGNER, STOPPED = 85, 84, 80, 81, 82, 87, 88
LONG = 'CERTHALL_LONG' in os.environ

world = World()
world.make_documents()
folder = world.dir / 'sheets'
folder.mkdir()
(folder / 'ids').mkdir()
for name in ('licence.png', 'bundle.zip'):
    (folder / name).write_bytes((world.dir / name).read_bytes())
(folder / 'ids' / '张三.png').write_bytes((world.dir / 'handler.png').read_bytes())
account = world.answers('account.json', user_name='zhang-san', handler_name='张三', handler_document_kind='resident-id',
                        handler_document_number='11010519491231002X', handler_mobile='13800138000')
answers = world.answers('answers.json', licence='licence.png', handler_id='handler.png', bundle='bundle.zip',
                        unit_name='天津市滨海数字认证测试单位', unit_code='91120116MA06TEA10Q', term='one-year', province='天津市',
                        city='和平区', handler_name='张三', handler_document_kind='resident-id',
                        handler_document_number='11010519491231002X', handler_mobile='13800138000',
                        handler_email='zhang.san@example.com')
RUN = ('--pin-file', world.dir / 'pin', '--no-input', '--json')


def number(n):
    """An identity number like any other, with the right check character."""
    body = '1201061990%02d%02d%03d' % (1 + n // 28000 % 12, 1 + n // 1000 % 28, n % 1000)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + '10X98765432'[sum(int(digit) * weight for digit, weight in zip(body, weights)) % 11]


def person(n, **other):
    row = {'person-name': '王' + '一二三四五六七八九十'[n % 10], 'person-document-number': number(n),
           'person-mobile': '139%08d' % n, 'term': '一年', 'province': '天津市', 'city': '和平区', 'handler-name': '张三',
           'handler-document-number': '11010519491231002X', 'handler-mobile': '13800138000',
           'handler-email': 'zhang.san@example.com', 'person-id': 'ids\\张三.png', 'bundle': 'bundle.zip'}
    row.update({key.replace('_', '-'): value for key, value in other.items()})
    return row


THREE = [person(n, handler_address='-3 号楼') for n in (11, 12, 13)]


def sheet(name, rows, encoding='utf-8', heading=None):
    out = io.StringIO()
    writer = csv.DictWriter(out, heading or list(rows[0]), extrasaction='ignore')
    writer.writeheader()
    writer.writerows(rows)
    path = folder / name
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def check(path, status=0):
    return world.expect(status, 'batch', 'check', FLOW, path, '--json').json


def problems(path):
    return [(one['row'], one['field'], one['reason']) for one in check(path, WRONG)['problems']]


def send(path, status=0, *more):
    return world.expect(status, 'batch', 'send', FLOW, path, *RUN, *more).json


def count():
    return {row['id']: row['state'] for row in world.expect(0, 'application', 'list', '--limit', '200', '--json').json['items']}


def until(what, holds):
    end = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


@case
def an_account_and_nothing_to_sign_with():
    world.expect(0, 'account', 'register', '--answers', account, '--ask', world.ask, '--password-file', world.dir / 'password',
                 '--accept-consents')
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file',
                 world.dir / 'password')


@case
def a_template_has_a_column_for_each_field_and_document():
    out = folder / 'template.csv'
    world.expect(0, 'batch', 'template', FLOW, '--out', out)
    assert out.read_bytes().startswith(codecs.BOM_UTF8)
    heading = next(csv.reader(io.StringIO(out.read_text(encoding='utf-8-sig'))))
    for field in person(1):
        assert sum(cell.endswith('(%s)' % field) for cell in heading) == 1, (field, heading)
    # what was saved is accepted as it is
    rows = [dict(zip(heading, (person(1).get(cell.rsplit('(', 1)[1][:-1], '') for cell in heading)))]
    assert check(sheet('filled.csv', rows, 'utf-8-sig')) == {'rows': 1, 'wrong': 0, 'problems': []}
    world.expect(34, 'batch', 'template', 'apply.person.soft.self-pay')


@case
def encodings_of_spreadsheet_programs_are_read():
    rows = [person(1, handler_address='"甲", 3 号'), person(2)]
    for encoding in ('utf-8', 'utf-8-sig', 'gb18030'):
        assert check(sheet('one.csv', rows, encoding))['rows'] == 2, encoding
    # a line break in a cell is read, and the field says what it thinks of it; the next row is two lines further down
    broken = check(sheet('one.csv', [person(1, handler_address='3 号\r\n后门'), person(2, person_mobile='1')]), WRONG)
    assert [(one['row'], one['line'], one['reason']) for one in broken['problems']] == [(1, 2, 'invisible'), (2, 4, 'mobile')]


@case
def other_files_are_refused_by_what_they_are():
    workbook = folder / 'book.xlsx'
    with zipfile.ZipFile(workbook, 'w') as book:
        book.writestr('[Content_Types].xml', '<Types/>')
        book.writestr('xl/workbook.xml', '<workbook/>')
    assert 'workbook' in world.expect(WORKBOOK, 'batch', 'check', FLOW, workbook).err
    sheet('wide.csv', [person(1)], 'utf-16')
    world.expect(ENCODING, 'batch', 'check', FLOW, folder / 'wide.csv')
    (folder / 'open.csv').write_text('person-name\n"张', encoding='utf-8')
    assert 'Line 2' in world.expect(BROKEN, 'batch', 'check', FLOW, folder / 'open.csv').err
    world.expect(COLUMNS, 'batch', 'check', FLOW, sheet('none.csv', [], heading=['person-name']))


@case
def everything_wrong_is_told_at_once_by_row_and_column():
    rows = [person(1, person_name='=HYPERLINK("x")', person_mobile='1390000'),
            person(2, person_document_number='1.20106E+17'),
            person(3, term='三年', city='石家庄市'),
            person(4, person_id='ids/nobody.png', bundle=''),
            person(1),
            person(5, person_document_number=number(5)[:-1] + ('0' if number(5)[-1] != '0' else '1')),
            person(6)]
    found = problems(sheet('wrong.csv', rows))
    assert found == [(1, 'person-name', 'formula'), (1, 'person-mobile', 'mobile'),
                     (2, 'person-document-number', 'number-rounded'), (3, 'term', 'choice'), (3, 'city', 'region'),
                     (4, 'person-id', 'file-not-found'), (4, 'bundle', 'file-missing'),
                     (5, 'person-document-number', 'duplicate'), (6, 'person-document-number', 'id-check')], found
    said = world.expect(WRONG, 'batch', 'check', FLOW, folder / 'wrong.csv').out
    assert 'Row 2 (line 3), column “Document number of the person”: The spreadsheet program' in said, said
    assert count() == {}


@case
def columns_are_compared_with_the_template():
    heading = [key for key in person(1) if key != 'person-mobile'] + ['nickname']
    found = problems(sheet('columns.csv', [person(1, nickname='x')], heading=heading))
    assert found == [(0, 'nickname', 'column'), (0, 'person-mobile', 'column-missing')], found


@case
def files_are_taken_from_below_the_sheet_only():
    os.symlink(world.dir / 'licence.png', folder / 'link.png')
    os.symlink(world.dir, folder / 'up')
    os.symlink(folder / 'licence.png', folder / 'inside.png')
    tricks = ['../licence.png', '..\\licence.png', str(world.dir / 'licence.png'), 'ids/../../licence.png', 'link.png',
              'up/licence.png', 'C:\\licence.png', 'file:///etc/passwd', '~/licence.png', '/etc/passwd']
    found = problems(sheet('paths.csv', [person(n, person_id=trick) for n, trick in enumerate(tricks)]))
    assert found == [(n + 1, 'person-id', 'file-outside') for n in range(len(tricks))], found
    assert check(sheet('inside.csv', [person(1, person_id='inside.png')]))['wrong'] == 0
    (folder / 'page.html').write_text('<html><body>no picture</body></html>')
    found = problems(sheet('kind.csv', [person(1, person_id='page.html')]))
    assert [one[:2] for one in found] == [(1, 'person-id')] and found[0][2] in ('file-type', 'file-text'), found


@case
def nobody_signs_without_a_certificate_of_the_account():
    assert world.expect(SIGNER, 'batch', 'send', FLOW, sheet('three.csv', THREE), *RUN).json['error'] == 'batch-signer'
    assert world.expect(0, 'batch', 'list', '--json').json['items'] == [] and count() == {}


@case
def the_account_gets_a_certificate():
    outcome = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.enterprise-pay', '--answers', answers, *RUN)
    world.demo('applications/%s/review' % outcome.json['application'], {})
    assert world.expect(0, 'flow', 'resume', outcome.json['application'], *RUN).json['state'] == 'done'


@case
def what_is_wrong_is_not_sent_in_part():
    world.expect(WRONG, 'batch', 'send', FLOW, folder / 'wrong.csv', *RUN)
    assert len(count()) == 1 and world.expect(0, 'batch', 'list', '--json').json['items'] == []


@case
def a_sheet_is_sent_by_one_signature():
    path = sheet('three.csv', THREE)
    sent = send(path, 0, '--out', folder / 'result.csv')
    assert (sent['state'], sent['rows'], sent['sent'], sent['failed']) == ('done', 3, 3, 0), sent
    states = count()
    assert [states[row['application']] for row in sent['items']] == ['submitted'] * 3, states
    shown = world.expect(0, 'application', 'show', sent['items'][1]['application'], '--json').json
    assert shown['answers']['person-document-number'] == number(12) and shown['answers']['term'] == 'one-year'
    assert {one['id'] for one in shown['documents']} == {'person-id', 'bundle'}, shown
    # what a spreadsheet would compute is text in what we write
    assert '"\'-3 号楼"' in (folder / 'result.csv').read_text(encoding='utf-8-sig')
    listed = world.expect(0, 'batch', 'list', '--json').json['items']
    assert [(one['rows'], one['sent']) for one in listed] == [(3, 3)], listed
    rows = world.expect(0, 'batch', 'status', listed[0]['id'], '--json').json['items']
    assert [(row['row'], row['state'], row['is-sent']) for row in rows] == [(n, 'submitted', True) for n in (1, 2, 3)], rows


@case
def the_same_sheet_again_sends_nothing():
    before = count()
    sent = send(folder / 'three.csv')
    assert (sent['state'], sent['sent']) == ('done', 3) and count() == before
    # the result, saved and chosen by mistake, is the same sheet
    again = world.expect(0, 'batch', 'send', FLOW, folder / 'result.csv', *RUN).json
    assert again['batch'] == sent['batch'] and count() == before


def begun(name):
    for batch in world.expect(0, 'batch', 'list', '--json').json['items']:
        if batch['name'] == name:
            return batch
    return {'begun': 0, 'sent': 0}


def start(path):
    return subprocess.Popen([CTL, 'batch', 'send', FLOW, str(path), *map(str, RUN)], env=world.env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@case
def killed_at_each_row_it_goes_on_and_no_row_is_twice():
    n_rows = 6
    for at in range(1, n_rows + 1, 1 if LONG else 3):
        name = 'killed-%d.csv' % at
        path = sheet(name, [person(100 * at + n) for n in range(n_rows)])
        before = count()
        process = start(path)
        until('row %d' % at, lambda: begun(name)['begun'] >= at or process.poll() is not None)
        process.kill()
        process.communicate()
        sent = send(path)
        assert (sent['state'], sent['sent']) == ('done', n_rows), sent
        made = set(count()) - set(before)
        assert made == {row['application'] for row in sent['items']} and len(made) == n_rows, (made, sent)
        assert {count()[one] for one in made} == {'submitted'}


def serve_again():
    """At the same address: whoever has the port meanwhile gives it back."""
    world.server.stdout.close()
    world.server = subprocess.Popen([DAEMON, 'serve', '--dir', str(world.ca), '--listen', world.url.split('//')[1], '--demo'],
                                    stdout=subprocess.PIPE, stderr=world.log, text=True)
    return world.url in world.server.stdout.readline()


@case
def the_server_killed_in_the_middle_it_goes_on():
    name, n_rows = 'server.csv', 8
    path = sheet(name, [person(1000 + n) for n in range(n_rows)])
    before = count()
    process = start(path)
    until('two rows', lambda: begun(name)['begun'] >= 2 or process.poll() is not None)
    world.server.send_signal(signal.SIGKILL)
    world.server.wait()
    process.communicate()
    until('the server', serve_again)
    sent = send(path)
    made = set(count()) - set(before)
    assert (sent['state'], sent['sent'], len(made)) == ('done', n_rows, n_rows), (sent, made)


@case
def ten_thousand_rows_are_checked():
    rows = [person(n) for n in range(10000)]
    rows[9999]['person-mobile'] = '1'
    path = sheet('large.csv', rows)
    begin = time.monotonic()
    found = check(path, WRONG)
    print('# 10,000 rows checked in %.1f s, with the sanitizers' % (time.monotonic() - begin))
    assert found['rows'] == 10000 and [(one['row'], one['line']) for one in found['problems']] == [(10000, 10001)], found
    world.expect(83, 'batch', 'check', FLOW, sheet('larger.csv', rows + [person(10001)]))


@case
def secrets_are_nowhere():
    for text in world.seen:
        assert PASSPHRASE not in text


world.close()
finish()
