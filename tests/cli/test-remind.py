#!/usr/bin/python3
"""Ends of certificates are told while nobody is logged in and the server is gone: by notifications, once a day by the system, and by a calendar, which a program of others reads."""

import datetime
import json
import subprocess
import sys

import icalendar

from cli_world import RESTING, ROOT, World, case, finish

sys.path.insert(0, str(ROOT / 'tests' / 'fixtures'))
from desktop import NOTIFICATIONS, PORTAL, SYSTEMD, Desktop, no_desktop  # noqa: E402

world = World()
world.make_documents()
PERSON = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
          'handler_mobile': '13800138000', 'handler_email': 'zhang.san@example.com'}
account = world.answers('account.json', user_name='zhang-san', **{key: PERSON[key] for key in list(PERSON)[:4]})
answers = world.answers('answers.json', unit_name='天津市滨海数字认证测试单位', unit_code='91120116MA06TEA10Q', term='one-year',
                        province='天津市', city='和平区', licence='licence.png', handler_id='handler.png', bundle='bundle.zip', **PERSON)
RUN = ('--pin-file', world.dir / 'pin', '--no-input', '--json')
desktop = Desktop()
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
state = {}


def find_book():
    return next(path for path in world.dir.rglob('reminders') if path.parent.name == 'known')


def remember(*rows):
    """As if these were seen long ago: serial, days until the end, medium."""
    items = [{'serial': serial, 'name': '测试单位 <%s>' % serial, 'medium': medium, 'told': told,
              'not-after': (NOW + datetime.timedelta(seconds=int(days * 86400))).isoformat().replace('+00:00', 'Z')} for serial, days, medium, told in rows]
    find_book().write_text(json.dumps({'items': items}, ensure_ascii=False), encoding='utf-8')


def told():
    """What was shown since it was looked last."""
    shown = [arguments for method, arguments in desktop.calls if method == 'Notify']
    desktop.calls.clear()
    return shown


@case
def what_the_account_has_is_remembered():
    world.expect(0, 'account', 'register', '--answers', account, '--password-file', world.dir / 'password', '--accept-consents', '--ask',
                 world.ask)
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file', world.dir / 'password')
    application = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.enterprise-pay', '--answers', answers, *RUN).json['application']
    world.demo('applications/%s/review' % application, {})
    state['serial'] = world.expect(0, 'flow', 'resume', application, *RUN).json['certificate']
    world.expect(0, 'cert', 'list', '--json')
    [row] = world.expect(0, 'remind', 'list', '--json').json['items']
    assert row['serial'] == state['serial'] and row['medium'] == 'soft', row
    assert row['not-after'] == world.expect(0, 'cert', 'list', '--json').json['items'][0]['not-after'], row


@case
def what_was_revoked_is_forgotten():
    subprocess.run(['sqlite3', str(world.ca / 'certhall.db'), "UPDATE certificate SET state = 'revoked'"], check=True)
    world.expect(0, 'cert', 'list', '--json')
    rows = world.expect(0, 'remind', 'list', '--json').json['items']
    subprocess.run(['sqlite3', str(world.ca / 'certhall.db'), "UPDATE certificate SET state = 'installed'"], check=True)
    assert rows == [], rows
    world.expect(0, 'cert', 'list')
    assert len(world.expect(0, 'remind', 'list', '--json').json['items']) == 1


world.server.terminate()
world.server.wait()


@case
def each_end_is_told_once_at_each_of_its_days():
    desktop.offer(NOTIFICATIONS)
    remember(('AA', 91, 'soft', 0), ('BB', 90, 'ukey', 0), ('CC', 29, 'soft', 90), ('DD', 7, 'soft', 30), ('EE', 1 / 24, 'ukey', 7),
             ('FF', -3, 'soft', 0), ('11', 60, 'soft', 90), ('22', 5, 'soft', 7))
    world.expect(0, 'remind', 'notify', env=desktop.env)
    shown = told()
    # The most urgent first, and only those whose day has come; markup in a name is text
    assert [arguments[4].split('&lt;')[1][:2] for arguments in shown] == ['EE', 'DD', 'CC', 'BB'], shown
    assert [arguments[6]['urgency'] for arguments in shown] == [2, 2, 1, 1], shown
    assert all(arguments[6]['desktop-entry'] == 'org.certhall.Certhall' for arguments in shown), shown
    assert 'USB key' in shown[0][4] and 'USB key' not in shown[1][4], shown
    world.expect(0, 'remind', 'notify', env=desktop.env)
    assert told() == []


@case
def what_could_not_be_shown_is_told_later():
    desktop.withdraw(NOTIFICATIONS)
    remember(('AA', 6, 'soft', 0))
    outcome = world.expect(60, 'remind', 'notify', '--json', env=desktop.env)
    assert 'no-notices' in outcome.out + outcome.err, outcome
    world.expect(60, 'remind', 'notify', env=no_desktop())
    desktop.offer(NOTIFICATIONS)
    world.expect(0, 'remind', 'notify', env=desktop.env)
    assert len(told()) == 1


@case
def what_cannot_be_read_is_begun_anew():
    book = find_book()
    for content in ('', '{', '[]', '{"items":[{"serial":1}]}', '{"items":[' + '[' * 5000, '\0' * 100):
        book.write_text(content, encoding='utf-8')
        world.expect(0, 'remind', 'notify', env=desktop.env)
        assert world.expect(0, 'remind', 'list', '--json').json == {'items': []}
    assert told() == []


@case
def the_system_looks_once_a_day():
    desktop.offer(SYSTEMD)
    world.expect(0, 'remind', 'on', env=desktop.env)
    assert [method for method, _ in desktop.calls] == ['GetUnitFileState', 'EnableUnitFiles', 'Reload', 'StartUnit'], desktop.calls
    assert desktop.calls[1][1] == (['certhall-reminders.timer'], False, True), desktop.calls
    assert desktop.calls[3][1] == ('certhall-reminders.timer', 'replace'), desktop.calls
    desktop.calls.clear()
    world.expect(0, 'remind', 'off', env=desktop.env)
    assert [method for method, _ in desktop.calls] == ['GetUnitFileState', 'DisableUnitFiles', 'Reload', 'StopUnit'], desktop.calls
    desktop.calls.clear()
    desktop.withdraw(SYSTEMD)


@case
def in_a_sandbox_the_desktop_does_it():
    outcome = world.expect(60, 'remind', 'on', '--json', env=desktop.env)
    assert 'no-reminders' in outcome.out + outcome.err, outcome
    desktop.offer(PORTAL)
    desktop.grants = False
    world.expect(60, 'remind', 'on', env=desktop.env)
    desktop.grants = True
    desktop.calls.clear()
    world.expect(0, 'remind', 'on', env=desktop.env)
    [(method, (parent, options))] = desktop.calls
    assert method == 'RequestBackground' and options['autostart'] is True, desktop.calls
    assert options['commandline'] == ['certhallctl', 'remind', 'notify'], options
    world.expect(0, 'remind', 'off', env=desktop.env)
    assert desktop.calls[1][1][1]['autostart'] is False, desktop.calls
    desktop.calls.clear()


@case
def a_calendar_of_others_reads_the_ends():
    long_name = '天津市滨海新区非常长的名称' * 6
    remember(('AA', 91, 'soft', 0), ('BB', 30, 'ukey', 0))
    book = find_book()
    book.write_text(book.read_text(encoding='utf-8').replace('测试单位 <AA>', long_name + ', ; \\\\x 公司'), encoding='utf-8')
    printed = world.expect(0, 'remind', 'calendar').out.replace('\r\n', '\n').replace('\n', '\r\n')
    path = world.dir / 'ends.ics'
    world.expect(0, 'remind', 'calendar', '--out', path)
    raw = path.read_bytes()
    assert all(len(line) <= 75 for line in raw.split(b'\r\n')) and b'\n' not in raw.replace(b'\r\n', b''), raw
    assert printed.encode().split(b'\r\n')[0] == b'BEGIN:VCALENDAR'
    events = list(icalendar.Calendar.from_ical(raw).walk('VEVENT'))
    assert sorted(str(event['UID']) for event in events) == ['AA@certhall', 'BB@certhall'] and long_name + ', ; \\x 公司' in str(events[0]['SUMMARY']), events
    day = (NOW + datetime.timedelta(days=91)).astimezone().date()
    assert events[0].decoded('DTSTART') == day, events
    rings = sorted(alarm.decoded('TRIGGER') for alarm in events[0].walk('VALARM'))
    assert rings == [datetime.timedelta(days=-n, hours=9) for n in (90, 30, 7, 1)], rings
    # One of them, and never over a file that is there
    world.expect(14, 'remind', 'calendar', 'FF')
    [event] = icalendar.Calendar.from_ical(world.expect(0, 'remind', 'calendar', 'bb').out).walk('VEVENT')
    assert event['UID'].startswith('BB@'), event
    before = path.read_bytes()
    assert world.ctl('remind', 'calendar', '--out', path).status != 0 and path.read_bytes() == before


@case
def nothing_is_remembered_on_a_shared_pc():
    rows = world.expect(0, 'remind', 'list', '--shared', '--json').json['items'] if '--shared' in world.expect(
        0, 'remind', 'list', '--help').out else []
    assert rows == [], rows


desktop.close()
world.log.close()
finish()
