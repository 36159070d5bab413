#!/usr/bin/python3
"""Renewing a certificate of a USB key in the terminal: paid and not, a key without room, a key that was lost before its certificate
was on it; what OpenSC's own tool finds on the card each time."""

import datetime
import os
import pathlib
import sys

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
sys.path.insert(0, str(ROOT / 'tests' / 'sweep'))
from key_world import APPLY, APPLY_PAID, RENEW_PAID, KeyWorld  # noqa: E402
from card_world import PIN  # noqa: E402
from cli_world import RESTING, case, finish  # noqa: E402

world = KeyWorld()
cards = world.cards
world.register()
cards.insert()
cards.initialise()
state = {'paid': world.apply(APPLY_PAID)}


def list_history(application):
    return [row['what'] for row in world.expect(0, 'application', 'show', application, '--json').json['history']]


@case
def without_room_nothing_is_paid_and_nothing_deleted():
    cards.ask('space', 0, 1024)
    failed = world.renew(state['paid'], 53, RENEW_PAID)
    assert (failed['error'], failed['step']) == ('token-full', 'room'), failed
    state['application'] = failed['application']
    assert 'order' not in world.get_application(failed['application']), failed
    assert world.count_objects() == (1, 1) and world.check_works(state['paid']) == 'installed'


@case
def with_room_it_goes_on_to_the_payment_with_the_key_made():
    cards.heal()
    resting = world.resume(state['application'], RESTING)
    assert (resting['step'], resting['fen']) == ('pay', 30000), resting
    # Looked at again there is no second new key
    resting = world.resume(state['application'], RESTING)
    assert world.count_objects() == (2, 1) and 'certhall:' + state['application'] in world.list_objects()
    assert world.check_works(state['paid']) == 'installed'
    state['order'] = resting['order']


@case
def paid_it_is_installed_and_only_then_the_old_one_is_superseded():
    world.demo('orders/%s/pay' % state['order'], {})
    done = world.resume(state['application'])
    assert done['state'] == 'done' and done['certificate'] != state['paid'], done
    assert list_history(state['application'])[-3:] == ['approved-by-rule', 'issued', 'installed']
    assert world.get_state(state['paid']) == 'revoked' and world.check_works(done['certificate']) == 'installed'
    assert world.count_objects() == (1, 1)
    state['new'] = done['certificate']


@case
def a_wrong_pin_costs_one_try_and_nothing_else():
    wrong = pathlib.Path(world.write('wrong-pin', '000000\n'))
    outcome = world.expect(55, 'flow', 'run', RENEW_PAID, '--certificate', state['new'], '--answers', world.term, '--pin-file', wrong,
                           '--no-input', '--json').json
    assert outcome['error'] == 'pin-wrong' and cards.show()['pin-tries'] == 2, outcome
    assert world.count_objects() == (1, 1) and world.check_works(state['new']) == 'installed'


def lose_key(application):
    """The key is pulled out once the certificate is issued, and never seen again: another one is there instead."""
    cards.fault(ins='E4', remove='before')
    failed = world.resume(application, 50)
    assert (failed['error'], failed['step']) == ('token-gone', 'store'), failed
    cards.ask('blank')
    cards.heal()
    cards.insert()
    cards.initialise()
    missing = world.resume(application, 54)
    assert missing['error'] == 'key-missing', missing
    assert world.count_objects() == (0, 0)
    return missing['certificate']


@case
def the_key_is_lost_and_the_certificate_made_again():
    answers = world.dir / 'answers.json'
    cards.ask('blank')
    cards.remove()
    cards.insert()
    cards.initialise()
    application = world.expect(RESTING, 'flow', 'run', APPLY, '--answers', answers, *world.run_words).json['application']
    world.demo('applications/%s/review' % application, {})
    for _ in range(3):
        lost = lose_key(application)
        world.expect(0, 'application', 'again', application, '--json')
        assert world.get_state(lost) == 'revoked'
    state['lost'] = lose_key(application)
    spent = world.expect(45, 'application', 'again', application, '--json')
    assert 'again-spent' in spent.err + spent.out, spent
    assert world.get_state(state['lost']) == 'issued'
    state['application'] = application


@case
def after_thirty_days_once_more_and_it_is_done():
    now = world.fetch('/v1/certificates/' + state['lost'])['not-before']
    later = datetime.datetime.fromisoformat(now.replace('Z', '+00:00')) + datetime.timedelta(days=31)
    world.demo('clock', {'now': later.isoformat().replace('+00:00', 'Z')})
    world.expect(0, 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input', '--password-file',
                 world.dir / 'password')
    world.expect(0, 'application', 'again', state['application'], '--json')
    done = world.resume(state['application'])
    assert done['certificate'] != state['lost'] and world.get_state(state['lost']) == 'revoked', done
    assert world.check_works(done['certificate']) == 'installed' and world.count_objects() == (1, 1)
    assert list_history(state['application']).count('made-again') == 4
    state['certificate'] = done['certificate']


@case
def the_pin_is_seen_nowhere():
    assert PIN not in '\n'.join(world.seen)


assert world.close() == 0
finish()
