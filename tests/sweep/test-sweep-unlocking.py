#!/usr/bin/python3
"""A locked USB key is unlocked; it is broken off at each command of the card. At another PC, which knows nothing of it, it is
unlocked by a second try: what the CA keeps is what the card has, each time."""

from key_world import A_DAY, A_MINUTE, NEW_PIN, KeyWorld
from card_world import PIN, CardError
from cli_world import case, finish
from sweep import Sweep

OLD_PIN, LATER_PIN = PIN, '918274'
SO_TRIES = 15

world = KeyWorld()
cards = world.cards
state = {'asked': 0, 'open': 0, 'set': 0}


def write_pin(pin):
    world.write('new-pin', pin + '\n')


def opens(pin):
    """For a stranger. Costs a try where it does not."""
    try:
        cards.tool('--login', '--pin', pin, '--list-objects')
    except CardError:
        return False
    return True


@case
def a_card_of_the_ca_is_locked():
    world.register()
    cards.insert()
    cards.initialise()
    state['certificate'] = world.apply()
    world.hand_over(world.expect(0, 'application', 'list', '--json').json['items'][0]['id'])


def begin():
    """Locked, and nothing of it is a day old."""
    world.pass_time(A_DAY)
    cards.ask('tries', 0, 'pin', 0)
    write_pin(NEW_PIN)
    assert world.get_escrow() == ('kept', 0, 0) and cards.show()['so-tries'] == SO_TRIES, (world.get_escrow(), cards.show())


def unlock():
    return world.begin_unlocking(), world.env


def check_what_is_left(broken):
    """Of two PINs of the officer’s the one on the card is kept; nothing was tried that could kill it."""
    escrow, card = world.get_escrow(), cards.show()
    assert escrow in (('kept', 0, 0), ('released', 1, 1)), escrow
    assert card['so-tries'] == SO_TRIES, card
    state['asked'] += escrow == ('kept', 0, 0) and card['pin-tries'] == 0
    state['open'] += escrow != ('kept', 0, 0) and card['pin-tries'] == 0
    state['set'] += card['pin-tries'] != 0
    if broken.status == 0:
        assert escrow == ('kept', 0, 0) and opens(NEW_PIN), escrow


def check(broken):
    world.seen.append(broken.out)
    check_what_is_left(broken)
    world.sit_at_another_pc()
    world.pass_time(A_MINUTE)
    write_pin(LATER_PIN)
    done = world.unlock()
    assert done['state'] == 'done' and world.get_escrow() == ('kept', 0, 0), done
    assert cards.show()['so-tries'] == SO_TRIES and opens(LATER_PIN)


@case
def unlocking_is_broken_off_at_each_command():
    assert Sweep(cards).run('unlocking', begin, unlock, check) > 0
    print('# %(asked)d times nothing had been released, %(open)d times it was released and the key still locked, %(set)d times it had '
          'its new PIN' % state)


@case
def what_was_changed_so_often_still_signs():
    world.card_pin = LATER_PIN
    assert world.check_works(state['certificate']) == 'installed'


@case
def what_opens_the_card_was_seen_nowhere():
    for secret in (OLD_PIN, NEW_PIN, LATER_PIN):
        assert secret not in '\n'.join(world.seen)


assert world.close() == 0
finish()
