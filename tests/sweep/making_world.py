"""A CA that makes its USB keys itself: an account that applies, two desks of the staff, and what strangers find on a key."""

import hashlib
import os
import sqlite3
import time

from key_world import APPLY, PERSON, UNIT, find_module, openssl, read_profile
from card_world import CardWorld
from cli_world import CTL, RESTING, World


MAKERS = ('max', 'moritz')
# A session of the staff ends by itself; whoever sits at the desk logs in again in time
SESSION_SECONDS = 240


class MakingWorld(World):
    def __init__(self, cards=1):
        project = next(row for row in read_profile()['projects'] if row['settlement'] == 'enterprise-pay')
        super().__init__(flows=[APPLY], made_here=['ukey'], projects=[dict(project, medium='ukey')])
        self.cards = CardWorld(cards=cards, readers=cards)
        self.env.update(CERTHALL_MODULES=find_module(), PCSCLITE_CSOCK_NAME=os.environ['PCSCLITE_CSOCK_NAME'])
        self.logged_in = {}
        self.n_applied = 0
        for name in MAKERS:
            self.add_staff(name, 'maker')
        self.make_documents()
        self.expect(0, 'account', 'register', '--answers', self.answers('account.json', user_name='zhang-san', **PERSON),
                    '--password-file', self.dir / 'password', '--accept-consents', '--ask', self.ask)
        self.log_in('zhang-san', 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input')

    def close(self):
        self.cards.close()
        return super().close()

    # -- Who sits where

    def get_env(self, who):
        """The PC of that person: folders of their own, nothing of anybody else in them."""
        home = self.dir / ('pc-' + who)
        (home / 'run').mkdir(0o700, parents=True, exist_ok=True)
        return dict(self.env, XDG_RUNTIME_DIR=str(home / 'run'),
                    **dict.fromkeys(('XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME', 'HOME'), str(home)))

    def log_in(self, who, *words):
        if time.monotonic() - self.logged_in.get(who, -SESSION_SECONDS) < SESSION_SECONDS:
            return
        password = 'staff-password' if who in MAKERS else 'password'
        words = words or ('account', 'login', '--staff', who)
        self.expect(0, *words, '--password-file', self.dir / password, env=self.get_env(who))
        self.logged_in[who] = time.monotonic()

    # -- What is done

    def apply(self):
        """An approved application, to be collected in a hall. Returns its number."""
        self.n_applied += 1
        self.log_in('zhang-san', 'account', 'login', '--user', 'zhang-san', '--accept-consents', '--no-input')
        answers = self.answers('answers.json', licence='licence.png', handler_id='handler.png', bundle='bundle.zip', term='one-year',
                               handler_email='zhang.san@example.com', delivery_way='hall', **UNIT, **PERSON)
        resting = self.expect(RESTING, 'flow', 'run', APPLY, '--answers', answers, '--no-input', '--json',
                              env=self.get_env('zhang-san')).json
        assert resting['step'] == 'review', resting
        self.demo('applications/%s/review' % resting['application'], {})
        return resting['application']

    def put_in_blank(self, card=0):
        if self.cards.show(card)['inserted']:
            self.cards.remove(card)
        self.cards.heal(card)
        self.cards.ask('blank', card)
        self.cards.insert(card)

    def get_letter(self, application):
        return self.dir / ('letter-%s.pdf' % application)

    def get_words(self, application, *words):
        """The command that makes it."""
        where = () if '--pin-by-sms' in words else ('--out', self.get_letter(application))
        return [CTL, 'staff', 'make', application, '--json', *where, *words]

    def make(self, who, application, *words):
        self.log_in(who)
        return self.ctl(*self.get_words(application, *words)[1:], env=self.get_env(who))

    # -- What is there afterwards

    def query(self, sql, *values):
        """What is in the store of the CA."""
        with sqlite3.connect('file:%s?mode=ro' % (self.ca / 'certhall.db'), uri=True) as store:
            return store.execute(sql, values).fetchall()

    def list_certificates(self, application):
        """(state, DER) of all that were issued on it."""
        return self.query('SELECT state, der FROM certificate WHERE application = ? ORDER BY created', application)

    def read_first_pin(self):
        """Of the newest message that carries one."""
        texts = [row['text'] for row in self.demo('sms?mobile=' + PERSON['handler_mobile'])['messages']]
        pins = [text.split('PIN 码为')[1] for text in texts if '初始 PIN 码' in text]
        return ''.join(letter for letter in pins[0] if letter.isdigit())[:8] if pins else None

    def count_objects(self, pin, card=0):
        seen = self.tool(pin, card, '--list-objects')
        return seen.count('Private Key Object'), seen.count('Certificate Object')

    def tool(self, pin, card, *words):
        return self.cards.tool('--slot', 4 * self.cards.show(card)['reader'], '--login', '--pin', pin, *words)

    def check_made(self, who, application, card=0):
        """It is finished: one certificate is in force, it is on the key, its key signs, and what lies in the store opens the key, for
        the first PIN is set once more with it. Returns that PIN."""
        serial, tries = self.cards.show(card)['serial'], self.cards.show(card)['so-tries']
        states = self.list_certificates(application)
        valid = [der for state, der in states if state == 'installed']
        assert len(valid) == 1 and all(state in ('installed', 'revoked') for state, _ in states), [state for state, _ in states]
        assert self.query('SELECT application, making FROM escrow WHERE serial = ?', serial) == [(application, None)]

        before = self.read_first_pin()
        again = self.make(who, application, '--pin-by-sms')
        assert again.status == 0 and again.json['token'] == serial, again
        pin = self.read_first_pin()
        assert pin != before and self.cards.show(card)['so-tries'] == tries == 15, self.cards.show(card)

        assert self.count_objects(pin, card) == (1, 1), self.tool(pin, card, '--list-objects')
        self.check_signs(valid[0], pin, card)
        return pin

    def check_signs(self, der, pin, card):
        """A stranger finds certificate and key under the id that is made of the key, and the one verifies what the other signs."""
        read, data, signature, public = (self.dir / name for name in ('read.der', 'contract', 'signature', 'public.pem'))
        data.write_bytes(b'a contract')
        public.write_bytes(openssl('x509', '-inform', 'DER', '-noout', '-pubkey', data=der))
        spki = openssl('pkey', '-pubin', '-in', public, '-outform', 'DER')
        key_id = '--id', hashlib.sha256(spki).hexdigest()[:40]
        self.tool(pin, card, *key_id, '--read-object', '--type', 'cert', '--output-file', read)
        assert read.read_bytes() == der, 'the certificate on the key is another'
        self.tool(pin, card, *key_id, '--sign', '--mechanism', 'SHA256-RSA-PKCS', '--input-file', data, '--output-file', signature)
        openssl('dgst', '-sha256', '-verify', public, '-signature', signature, data)
