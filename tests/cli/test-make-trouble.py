#!/usr/bin/python3
"""What goes wrong while USB keys are made: a key is lost, two of the staff begin at once, the server dies, another key is in the
reader, one that is not blank. Whatever happens, one certificate is in force, and nothing is wiped that somebody has not named."""

import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(os.environ['CERTHALL_SOURCE_ROOT'], 'tests', folder) for folder in ('sweep', 'fixtures')]
from making_world import MakingWorld  # noqa: E402
from card_world import PIN, CardWorld  # noqa: E402
from cli_world import case, finish  # noqa: E402

# Commands of the card
MAKE_KEY, SIGN = '46', '68'
# A command that is answered when the test says so
HELD = 600000

world = MakingWorld(cards=2)
cards = world.cards
here = os.environ['PCSCLITE_CSOCK_NAME']
facts = {}


def take_out(*which):
    for card in which:
        if cards.show(card)['inserted']:
            cards.remove(card)


def begin(application, *words):
    """Without waiting for it."""
    world.log_in('max')
    return subprocess.Popen(world.get_words(application, *words), env=world.get_env('max'), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(what, is_so):
    end = time.monotonic() + 300
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def hold(application):
    """Max makes it, and is held between the officer’s PIN, which the store has by then, and the key."""
    cards.fault(0, ins=MAKE_KEY, delay=HELD)
    process = begin(application)
    wait_for('the PIN in the store', lambda: process.poll() is not None or world.query('SELECT 1 FROM escrow WHERE making = ?', application))
    return process


def list_states(application):
    return [state for state, _ in world.list_certificates(application)]


@case
def a_certificate_whose_key_is_pulled_out_goes_on_no_other_one():
    facts['lost'] = application = world.apply()
    world.put_in_blank(0)
    cards.fault(0, ins=SIGN, at=1, remove='after')
    broken = world.make('max', application)
    assert broken.json['error'] == 'token-gone' and list_states(application) == ['issued'], broken
    world.put_in_blank(1)
    outcome = world.make('moritz', application)
    assert outcome.json['error'] == 'key-missing' and not cards.show(1)['initialised'], outcome
    assert world.query('SELECT 1 FROM escrow WHERE serial = ?', cards.show(1)['serial']) == []


@case
def made_again_the_lost_one_is_revoked():
    outcome = world.make('moritz', facts['lost'], '--again')
    assert outcome.status == 0 and outcome.json['token'] == cards.show(1)['serial'], outcome
    assert list_states(facts['lost']) == ['revoked', 'installed']


@case
def the_lost_key_when_it_is_found_is_not_taken_for_the_good_one():
    cards.heal(0)
    cards.insert(0)
    assert cards.show(0)['keys'] == 1
    world.check_made('max', facts['lost'], 1)
    take_out(0, 1)


@case
def a_key_that_is_here_is_made_anew_where_that_is_said():
    application = world.apply()
    world.put_in_blank(0)
    cards.fault(0, ins=SIGN, at=1, remove='after')
    world.make('max', application)
    assert list_states(application) == ['issued']
    cards.heal(0)
    cards.insert(0)
    outcome = world.make('max', application, '--again')
    assert outcome.status == 0 and list_states(application) == ['revoked', 'installed'], outcome
    world.check_made('moritz', application, 0)
    take_out(0)


@case
def a_certificate_on_it_is_wiped_for_nobody_who_has_not_named_it():
    application = world.apply()
    world.put_in_blank(0)
    # The certificate is stored, its proof broken off
    cards.fault(0, ins=SIGN, at=2, remove='before')
    broken = world.make('max', application)
    assert broken.json['error'] == 'token-gone' and broken.json['step'] == 'confirm', broken
    cards.heal(0)
    cards.insert(0)
    for words in (('--again',), ()):
        outcome = world.make('max', application, *words)
        assert outcome.json['error'] == 'token-no-blank' and cards.show(0)['keys'] == 1, outcome
        assert list_states(application) == ['revoked']
    outcome = world.make('max', application, '--medium', cards.show(0)['serial'])
    assert outcome.status == 0 and list_states(application) == ['revoked', 'installed'], outcome
    world.check_made('moritz', application, 0)
    take_out(0)


@case
def somebody_elses_key_is_left_alone():
    application = world.apply()
    world.put_in_blank(0)
    cards.initialise(0, 'Somebody')
    cards.tool('--slot', 0, '--login', '--pin', PIN, '--keypairgen', '--key-type', 'EC:prime256v1', '--label', 'mine', '--id', '01')
    outcome = world.make('max', application)
    assert outcome.json['error'] == 'token-no-blank' and cards.show(0)['keys'] == 1, outcome
    # Named, it is to be wiped, but only by who has what it is opened with
    outcome = world.make('max', application, '--medium', cards.show(0)['serial'])
    assert outcome.status != 0 and cards.show(0)['keys'] == 1, outcome
    world.put_in_blank(1)
    outcome = world.make('max', application)
    assert outcome.status == 0 and outcome.json['token'] == cards.show(1)['serial'] and cards.show(0)['keys'] == 1, outcome
    take_out(0)
    world.check_made('max', application, 1)
    take_out(1)


@case
def begun_on_one_key_it_is_finished_on_another():
    application = world.apply()
    world.put_in_blank(0)
    cards.fault(0, ins=SIGN, at=1, remove='before')
    broken = world.make('max', application)
    assert broken.json['error'] == 'token-gone' and list_states(application) == [], broken
    world.put_in_blank(1)
    outcome = world.make('moritz', application)
    assert outcome.status == 0 and outcome.json['token'] == cards.show(1)['serial'], outcome
    cards.heal(0)
    cards.insert(0)
    world.check_made('max', application, 1)
    take_out(0, 1)


@case
def of_two_who_begin_at_once_one_finishes():
    there = CardWorld(cards=2, readers=1)
    try:
        other = os.environ['PCSCLITE_CSOCK_NAME']
        there.insert(1, 0)
        os.environ['PCSCLITE_CSOCK_NAME'] = here
        application = world.apply()
        world.put_in_blank(0)
        process = hold(application)
        # Another room, another reader, another blank key
        world.env['PCSCLITE_CSOCK_NAME'] = other
        outcome = world.make('moritz', application)
        assert outcome.status == 0 and outcome.json['token'] == there.show(1)['serial'], outcome
        cards.heal(0)
        out, said = process.communicate(timeout=300)
        assert process.returncode == 52 and '"making-taken"' in out, out + said
        assert list_states(application) == ['installed']
        # Whoever came too late goes on: it is finished, on the other key
        world.env['PCSCLITE_CSOCK_NAME'] = here
        outcome = world.make('max', application)
        assert outcome.json['error'] == 'key-missing' and cards.show(0)['keys'] == 1, outcome
        world.env['PCSCLITE_CSOCK_NAME'] = os.environ['PCSCLITE_CSOCK_NAME'] = other
        world.cards = there
        world.check_made('moritz', application, 1)
    finally:
        world.cards = cards
        there.close()
        world.env['PCSCLITE_CSOCK_NAME'] = os.environ['PCSCLITE_CSOCK_NAME'] = here
    take_out(0)


@case
def a_server_that_dies_in_the_middle_is_gone_on_with():
    application = world.apply()
    world.put_in_blank(0)
    process = hold(application)
    world.kill_server()
    cards.heal(0)
    out, said = process.communicate(timeout=300)
    assert process.returncode != 0 and '"failed"' in out, out + said
    world.start_server()
    outcome = world.make('moritz', application)
    assert outcome.status == 0 and list_states(application) == ['installed'], outcome
    world.check_made('moritz', application, 0)


@case
def the_equipment_ends_well():
    assert world.close() == 0


finish()
