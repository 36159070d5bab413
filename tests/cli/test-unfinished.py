#!/usr/bin/python3
"""A renewal on a USB key that ends between the new certificate, which is in force, and the old key, which is still on the card: the
list of applications says so where the key is, on that PC and on any other, and what it says to type finishes it."""

import os
import pathlib
import signal
import sys

ROOT = pathlib.Path(os.environ['CERTHALL_SOURCE_ROOT'])
sys.path.insert(0, str(ROOT / 'tests' / 'sweep'))
from key_world import KeyWorld  # noqa: E402
from cli_world import CTL, case, finish  # noqa: E402
from sweep import Sweep  # noqa: E402

world = KeyWorld()
cards = world.cards
world.register()
cards.insert()
cards.initialise()
state = {'old': world.apply()}
sweep = Sweep(cards)
HINT = 'certhallctl flow resume %s'


def say_unfinished():
    """What the list of applications says to people."""
    return world.expect(0, 'application', 'list').err


def break_off(way, nth):
    """A renewal until the nth command that deletes anything: the first makes room for the new certificate, the second deletes the
    old one, those after it its key."""
    cards.remove()
    application = world.renew(state['old'], status=60)['application']
    cards.insert()
    broken = sweep.break_off([CTL, 'flow', 'resume', application, *world.run_words], world.env, nth, way, ins='E4')
    state.update(application=application, new=world.get_application(application)['certificate'])
    assert world.get_application(application)['state'] == 'done', broken
    return broken


def check_unfinished(certificates):
    assert world.get_state(state['old']) == 'revoked' and world.get_state(state['new']) == 'installed'
    assert world.count_objects() == (2, certificates), world.list_objects()
    assert HINT % state['application'] in say_unfinished(), say_unfinished()


def check_finished():
    assert world.resume(state['application'])['state'] == 'done'
    assert world.count_objects() == (1, 1), world.list_objects()
    assert world.check_works(state['new']) == 'installed' and 'flow resume' not in say_unfinished()
    state['old'] = state['new']


@case
def killed_when_its_certificate_is_gone_the_old_key_is_told_and_deleted():
    assert break_off('kill', 2).status == -signal.SIGKILL
    sweep.put_back()
    check_unfinished(certificates=1)
    check_finished()


@case
def pulled_out_before_it_is_told_once_it_is_plugged_into_another_pc():
    assert break_off('before', 2).status == 50
    cards.heal()
    assert 'flow resume' not in say_unfinished()
    world.sit_at_another_pc()
    cards.insert()
    check_unfinished(certificates=2)
    check_finished()


assert world.close() == 0
finish()
