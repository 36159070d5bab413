-- Accounts, sessions, codes and what every call needs. Times are seconds since 1970 in UTC.

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  user_name TEXT NOT NULL UNIQUE,
  mobile TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  document_kind TEXT NOT NULL,
  document_number TEXT NOT NULL,
  password TEXT NOT NULL,
  created BIGINT NOT NULL
);

CREATE TABLE consent (
  account TEXT NOT NULL REFERENCES account (id),
  consent TEXT NOT NULL,
  version TEXT NOT NULL,
  agreed BIGINT NOT NULL,
  PRIMARY KEY (account, consent, version)
);

CREATE TABLE staff (
  name TEXT PRIMARY KEY,
  roles INTEGER NOT NULL,
  password TEXT,
  certificate BYTEA,
  created BIGINT NOT NULL
);

-- token: SHA-256 of what the client holds
CREATE TABLE session (
  token BYTEA PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT REFERENCES account (id),
  staff TEXT REFERENCES staff (name),
  created BIGINT NOT NULL,
  used BIGINT NOT NULL,
  CHECK ((account IS NULL) <> (staff IS NULL))
);
CREATE INDEX session_created ON session (created);

-- One living code per mobile, purpose and object; code: its HMAC
CREATE TABLE sms_code (
  mobile TEXT NOT NULL,
  purpose TEXT NOT NULL,
  object TEXT NOT NULL,
  code BYTEA NOT NULL,
  sent BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY (mobile, purpose, object)
);

-- How often something happened within a window of time; what is counted is named by its HMAC
CREATE TABLE counter (
  kind TEXT NOT NULL,
  object BYTEA NOT NULL,
  since BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (kind, object)
);
CREATE INDEX counter_ends ON counter (ends);

-- Wrong passwords delay the next try; name: HMAC of the user name, known or not
CREATE TABLE login_delay (
  name BYTEA PRIMARY KEY,
  n_failures INTEGER NOT NULL,
  until BIGINT NOT NULL
);

-- Nonces and challenges that were used, until they would have expired anyway
CREATE TABLE spent (
  token BYTEA PRIMARY KEY,
  expires BIGINT NOT NULL
);
CREATE INDEX spent_expires ON spent (expires);

-- What was answered to a call that changed something, so that its repetition changes nothing
CREATE TABLE idempotency (
  principal TEXT NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  request BYTEA NOT NULL,
  answer BYTEA NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (principal, route, key)
);
CREATE INDEX idempotency_created ON idempotency (created);
