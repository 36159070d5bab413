"""A person with USB keys before the window: cards and readers of the test’s own, seen through OpenSC by window and terminal alike,
and a CA that puts certificates on them.

    desk = KeyDesk()                         # two readers, two cards beside them, a CA whose projects are for USB keys
    made = desk.issue(0)                     # a certificate of that CA on the first card, which is inserted afterwards
    window = Window(desk.demo)
    desk.cards.remove(0)                     # and all else of card_world.py
    …
    finish(window, desk.demo, desk)
"""

import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'fixtures'))
from card_world import PIN, SO_PIN, CardWorld  # noqa: E402
from path import UNIT  # noqa: E402
from stage import PROFILE, PROGRAMS, Demo, make_documents  # noqa: E402
from terminal import DOCUMENTS, ENTERPRISE_PAY, Terminal  # noqa: E402

WRONG_PIN = '111222'


def sell_keys(profile):
    """What the CA issues, it issues onto USB keys the person has in hand."""
    profile['made-here'] = []
    profile['projects'] = [dict(project, medium='ukey') for project in profile['projects'] if project['medium'] == 'soft']
    profile['flows'] = list(dict.fromkeys(flow.replace('.soft.', '.ukey.') for flow in profile['flows']))


class KeyDesk:
    def __init__(self, cards=2, readers=2, change=sell_keys):
        self.n_cards = cards
        self.cards = CardWorld(cards, readers)
        os.environ['CERTHALL_MODULES'] = os.environ['CERTHALL_CARD_MODULE']
        self.demo = Demo(change)
        self.folder = pathlib.Path(os.environ['TEST_HOME']) / 'documents'
        make_documents(self.folder)
        self.terminal = Terminal(self.demo, self.folder)
        self.terminal.write('card-pin', PIN + '\n')
        self.terminal.register()

    def issue(self, card, label='Certhall', name=UNIT['unit-name'], pin=PIN, stays_in=True, **answers):
        """Makes a blank card one with a certificate, and leaves it inserted or not. Only it is inserted meanwhile. Returns
        {'application', 'certificate', 'token'}: numbers."""
        terminal = self.terminal
        others = [i for i in self._list_inserted() if i != card]
        for other in others:
            self.cards.remove(other)
        if card not in self._list_inserted():
            self.cards.insert(card)
        if not self.cards.show(card)['initialised']:
            self.cards.initialise(card, label, pin)
        given = dict(terminal.unit, **DOCUMENTS, **terminal.handler, project=ENTERPRISE_PAY)
        given.update({'unit-name': name}, **{key.replace('_', '-'): value for key, value in answers.items()})
        run = ['--answers', terminal.write('answers.json', json.dumps(given)), '--pin-file', terminal.write('card-pin', pin + '\n'),
               '--no-input']
        settlement = next(row for row in PROFILE['projects'] if row['id'] == given['project'])['settlement']
        application = terminal.run('flow', 'run', 'apply.enterprise.ukey.' + settlement, *run, status=75)['application']
        if settlement == 'self-pay':
            self.demo.pay(self.demo.get_order()['id'])
            terminal.run('flow', 'resume', application, *run, status=75)
        self.demo.review(application)
        done = terminal.run('flow', 'resume', application, *run)
        made = {'application': application, 'token': done['token'],
                'certificate': terminal.show(application)['certificate']}
        if not stays_in:
            self.cards.remove(card)
        for other in others:
            self.cards.insert(other)
        return made

    def hand_over(self, card, application, so_pin=SO_PIN):
        """The CA is told what unlocks the card on which the certificate of that application is, as its office does."""
        subprocess.run([PROGRAMS / 'certhalld', 'medium', 'keep', '--dir', self.demo.dir / 'ca', self.cards.show(card)['serial'],
                        '--application', application, '--so-pin-file', self.terminal.write('so-pin', so_pin + '\n')], check=True)

    def _list_inserted(self):
        return [card for card in range(self.n_cards) if self.cards.show(card)['inserted']]

    def log_out(self):
        self.terminal.run('account', 'logout')

    def close(self):
        self.cards.close()
