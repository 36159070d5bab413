#!/usr/bin/python3
"""The staff make a USB key; it is broken off at each command of the card. Somebody else of the staff goes on at another desk: there
is one key with one working certificate, no other one is in force, and the store has what the key is opened with."""

from making_world import MAKERS, MakingWorld
from cli_world import case, finish
from sweep import Sweep

world = MakingWorld()
cards = world.cards
state = {'application': None, 'again': 0}


def begin():
    state['application'] = world.apply()
    world.put_in_blank()
    for name in MAKERS:
        world.log_in(name)


def make():
    return world.get_words(state['application']), world.get_env('max')


def go_on(application):
    """At the other desk, as the window and the terminal say."""
    outcome = world.make('moritz', application)
    if outcome.json.get('error') == 'key-missing':
        # Cut off while OpenSC wrote the description of the certified key: nobody finds it again, and another is made for it
        assert world.list_certificates(application)[-1][0] == 'issued', outcome
        outcome = world.make('moritz', application, '--again')
        state['again'] += 1
    assert outcome.status == 0, outcome


def check(broken):
    application = state['application']
    letter = world.get_letter(application)
    if letter.exists():
        assert world.list_certificates(application)[-1][0] == 'installed', 'a letter is written when the key is finished'
        letter.unlink()
    go_on(application)
    assert letter.read_bytes().startswith(b'%PDF')
    world.check_made('moritz', application)


@case
def making_is_broken_off_at_each_command():
    assert Sweep(cards).run('making', begin, make, check) > 0
    print('# %(again)d times the certificate was made again' % state)


assert world.close() == 0
finish()
