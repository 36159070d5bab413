#!/usr/bin/python3
"""A CA with three entries, one of which goes out of order in the middle of a business: it goes on through another with the same
session, and nothing is done twice. Which is in use is told, chosen by hand, and remembered."""

import os
import pathlib
import sys
import threading

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
sys.path.insert(0, str(ROOT / 'tests' / 'fixtures'))
from cli_world import RESTING, World, case, finish  # noqa: E402
from relay import Relay  # noqa: E402

NAMES = {'official': '官网入口', 'telecom': '电信入口', 'unicom': '联通入口'}
relays = {key: Relay() for key in NAMES}
world = World(entries=[{'id': key, 'name': {'zh': name, 'en': key.capitalize()}, 'url': relays[key].url} for key, name in NAMES.items()])
host, port = world.url.split('//')[1].split(':')
for relay in relays.values():
    relay.to = (host, int(port))
relays['unicom'].cut()
world.env['CERTHALL_SERVER'] = relays['official'].url
world.make_documents()
RUN = ('--pin-file', world.dir / 'pin', '--no-input', '--json')
PERSON = {'handler_name': '张三', 'handler_document_kind': 'resident-id', 'handler_document_number': '11010519491231002X',
          'handler_mobile': '13800138000'}
UNIT = {'unit_name': '天津市滨海数字认证测试单位', 'unit_code': '91120116MA06TEA10Q', 'term': 'two-years', 'province': '天津市', 'city': '和平区'}
state = {}


def show():
    return {item['id']: item for item in world.expect(0, 'ca', 'entries', '--json').json['items']}


def make_ask(cut):
    """Asks for the code of an SMS as the other one does; before it answers, the entry `cut` is out of order."""
    asked, answered = world.dir / 'asked', world.dir / 'answered'
    for path in (asked, answered):
        if not path.exists():
            os.mkfifo(path)

    def wait():
        asked.read_text()
        relays[cut].cut()
        answered.write_text('go on\n')
    threading.Thread(target=wait, daemon=True).start()
    path = pathlib.Path(world.write('ask-and-cut', '#!/bin/sh\necho now >%s && read -r line <%s && exec %s "$@"\n' % (asked, answered, world.ask)))
    path.chmod(0o700)
    return path


@case
def measured_and_told():
    entries = show()
    assert set(entries) == set(NAMES), entries
    assert entries['official']['state'] == entries['telecom']['state'] == 'answers' and entries['official']['milliseconds'] > 0, entries
    assert entries['unicom']['state'] == 'silent' and entries['unicom']['milliseconds'] == 0, entries
    assert [key for key in entries if entries[key]['current']] in (['official'], ['telecom']), entries
    assert not any(entry['chosen'] for entry in entries.values())
    told = world.expect(0, 'ca', 'entries', env={'LANGUAGE': 'en'}).out
    assert 'Telecom' in told and 'does not answer' in told and 'in use' in told, told


@case
def chosen_by_hand_and_remembered():
    world.expect(0, 'ca', 'use', 'telecom')
    before = relays['official'].n_taken
    entries = show()
    assert entries['telecom']['current'] and entries['telecom']['chosen'], entries
    # It is measured; everything else goes through the one that was chosen
    assert relays['official'].n_taken <= before + 1
    assert world.expect(14, 'ca', 'use', 'nowhere', '--json').json['error'] == 'not-found'
    world.expect(0, 'ca', 'use', 'official')
    assert show()['official']['current']


@case
def out_of_order_in_the_middle_of_a_registration():
    account = world.answers('account.json', user_name='zhang-san', **PERSON)
    world.expect(0, 'account', 'register', '--answers', account, '--password-file', world.dir / 'password', '--accept-consents',
                 '--ask', make_ask('official'))


@case
def remembered_although_another_is_wanted():
    entries = show()
    assert entries['telecom']['current'] and entries['official']['chosen'] and entries['official']['state'] == 'silent', entries


@case
def back_and_forth_between_the_steps():
    relays['official'].mend()
    assert show()['official']['current']
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file', world.dir / 'password')
    rests = world.expect(RESTING, 'flow', 'run', 'apply.enterprise.soft.enterprise-pay', '--answers', world.answers('unit', **UNIT), *RUN)
    # The session began at the one entry and holds at the other
    relays['official'].cut()
    papers = world.answers('papers', licence='licence.png', handler_id='handler.png', bundle='bundle.zip', **PERSON,
                           handler_email='zhang.san@example.com')
    state['application'] = rests.json['application']
    rests = world.expect(RESTING, 'flow', 'resume', state['application'], '--answers', papers, *RUN)
    assert rests.json['step'] == 'review', rests
    relays['official'].mend()
    relays['telecom'].cut()
    world.demo('applications/%s/review' % state['application'], {})
    done = world.expect(0, 'flow', 'resume', state['application'], *RUN)
    assert done.json['certificate'], done


@case
def nothing_was_done_twice():
    assert [a['id'] for a in world.expect(0, 'application', 'list', '--json').json['items']] == [state['application']]


@case
def nobody_there():
    relays['official'].cut()
    assert world.expect(5, 'ca', 'entries', '--json').json['error'] == 'server-unreachable'
    for key in ('official', 'telecom', 'unicom'):
        relays[key].mend()
    world.expect(0, 'ca', 'use', 'auto')
    assert all(entry['state'] == 'answers' and not entry['chosen'] for entry in show().values())


@case
def nothing_is_kept_of_many_people():
    kept = list((world.dir / 'data' / 'certhall').rglob('entries-*.json'))
    assert len(kept) == 1 and kept[0].stat().st_mode & 0o777 == 0o600, kept
    kept[0].unlink()
    world.expect(0, 'ca', 'use', 'telecom', '--shared')
    assert not list((world.dir / 'data' / 'certhall').rglob('entries-*.json'))


assert world.close() == 0
for relay in relays.values():
    relay.cut()
finish()
