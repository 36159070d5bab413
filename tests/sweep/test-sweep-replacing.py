#!/usr/bin/python3
"""A certificate on a USB key is renewed; it is broken off at each command of the card. Until the new certificate was proved the old
one works and is in force; afterwards the new one. At another PC, which knows nothing but the account, it is gone on with."""

from key_world import KeyWorld
from cli_world import CTL, case, finish
from sweep import Sweep

world = KeyWorld()
cards = world.cards
state = {'unseen': 0, 'hidden': 0, 'again': 0, 'cards': 0}
# Keys that nobody sees make a card slower and fuller, in the whole sweep without end
MAX_UNSEEN = 4


def put_a_certificate_on_a_new_card():
    cards.insert()
    cards.initialise()
    state['serial'] = world.apply()
    assert world.check_works(state['serial']) == 'installed' and world.count_objects() == (1, 1)
    state['cards'] += 1


@case
def a_certificate_is_on_the_card():
    world.register()
    put_a_certificate_on_a_new_card()


def begin():
    """All but what is done to the card: a renewal that stops where no card is."""
    cards.remove()
    if cards.show()['keys'] - 1 > MAX_UNSEEN:
        put_a_certificate_on_a_new_card()
        cards.remove()
    state['application'] = world.renew(state['serial'], status=60)['application']
    cards.insert()


def go_on():
    return [CTL, 'flow', 'resume', state['application'], *world.run_words], world.env


def check_what_is_left(application, old):
    """One of the two works and is in force."""
    if application['state'] == 'done':
        assert world.check_works(application['certificate']) == 'installed' and world.get_state(old) == 'revoked'
        return
    # OpenSC shows no certificate behind one that is half written
    hidden = application['state'] == 'issued' and world.count_objects()[1] == 0
    state['hidden'] += hidden
    assert world.check_works(old, shown=not hidden) == 'installed'


def check(broken):
    old = state['serial']
    application = world.get_application(state['application'])
    check_what_is_left(application, old)
    world.sit_at_another_pc()
    done = world.ctl('flow', 'resume', state['application'], *world.run_words).json
    if done.get('error') == 'key-missing':
        # Cut off while OpenSC wrote the description of the key: nobody finds it again, and another is made for it
        assert application['state'] == 'issued', (application, done)
        world.expect(0, 'application', 'again', state['application'], '--json')
        done = world.resume(state['application'])
        state['again'] += 1
    assert done['state'] == 'done', (application, done)
    new = done.get('certificate') or application['certificate']
    assert new != old, done
    assert world.check_works(new) == 'installed' and world.get_state(old) == 'revoked'
    # Old key and old certificate are gone, and so is what broke off
    assert world.count_objects() == (1, 1), world.list_objects()
    # But for a key that was cut off before anything but itself was on the card: it is seen by nobody
    state['unseen'] = max(state['unseen'], cards.show()['keys'] - 1)
    state['serial'] = new


@case
def renewing_is_broken_off_at_each_command():
    assert Sweep(cards).run('renewal', begin, go_on, check) > 0
    print('# %(cards)d cards; up to %(unseen)d keys on one that nobody sees; %(hidden)d times the old certificate was not shown until '
          'the new one was stored; %(again)d times the certificate was made again' % state)


assert world.close() == 0
finish()
