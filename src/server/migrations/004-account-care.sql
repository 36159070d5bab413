-- What an account’s owner does with it: e-mail, a one-time password, known PCs, picture codes, the end.

-- once: HMAC of a one-time password; closed: 0 while it is open
ALTER TABLE account ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN once BYTEA;
ALTER TABLE account ADD COLUMN once_expires BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN closed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX account_document ON account (document_number);

-- is_fresh: came in with a one-time password and has to choose another first
ALTER TABLE session ADD COLUMN is_fresh INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN installation TEXT;
CREATE INDEX session_account ON session (account);

-- PCs known by a right login; number: HMAC of what the program there made up, for this account alone
CREATE TABLE installation (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  number BYTEA NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created BIGINT NOT NULL,
  used BIGINT NOT NULL
);
CREATE INDEX installation_account ON installation (account);

-- Pictures with characters; code: their HMAC
CREATE TABLE picture (
  id TEXT PRIMARY KEY,
  code BYTEA NOT NULL,
  expires BIGINT NOT NULL,
  tries INTEGER NOT NULL
);
CREATE INDEX picture_expires ON picture (expires);

-- What was sent: never its body. state: sent, failed
CREATE TABLE message (
  at BIGINT NOT NULL,
  way TEXT NOT NULL,
  template TEXT NOT NULL,
  target TEXT NOT NULL,
  state TEXT NOT NULL
);
CREATE INDEX message_at ON message (at);
