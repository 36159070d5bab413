-- Applications, what belongs to them, and certificates. Times are seconds since 1970 in UTC, money is in fen.

-- state: an id of ChApplicationState; review_by: 0 until handed in
CREATE TABLE application (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  flow TEXT NOT NULL,
  project TEXT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  trust_id TEXT NOT NULL UNIQUE,
  serial_time TEXT NOT NULL,
  review_by BIGINT NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL
);
CREATE INDEX application_account ON application (account, updated);
CREATE INDEX application_state ON application (state, updated);

CREATE TABLE answer (
  application TEXT NOT NULL REFERENCES application (id),
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (application, field)
);

-- What a reviewer wants changed and was not changed yet; field: of an answer or a document
CREATE TABLE mark (
  application TEXT NOT NULL REFERENCES application (id),
  field TEXT NOT NULL,
  reason TEXT NOT NULL,
  remark TEXT,
  PRIMARY KEY (application, field)
);

-- Never changed, never deleted. n counts from 1 within an application.
CREATE TABLE history (
  application TEXT NOT NULL REFERENCES application (id),
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  who TEXT NOT NULL,
  PRIMARY KEY (application, n)
);

-- A document on its way: size and sha256 are what was announced, arrived what is there
CREATE TABLE upload (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  document TEXT NOT NULL,
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  arrived BIGINT NOT NULL,
  is_finished BIGINT NOT NULL,
  updated BIGINT NOT NULL
);
CREATE INDEX upload_application ON upload (application);
CREATE INDEX upload_unfinished ON upload (is_finished, updated);

CREATE TABLE piece (
  upload TEXT NOT NULL REFERENCES upload (id),
  start BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (upload, start)
);

CREATE TABLE document (
  application TEXT NOT NULL REFERENCES application (id),
  id TEXT NOT NULL,
  upload TEXT NOT NULL REFERENCES upload (id),
  content TEXT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (application, id)
);
CREATE INDEX document_upload ON document (upload);

-- Who opened somebody’s document or data, and when
CREATE TABLE opened (
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  application TEXT NOT NULL REFERENCES application (id),
  document TEXT
);
CREATE INDEX opened_application ON opened (application, at);

-- state: an id of ChOrderState; project and term: what the price is for
CREATE TABLE purchase (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL UNIQUE REFERENCES application (id),
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  project TEXT NOT NULL,
  term TEXT NOT NULL,
  fen BIGINT NOT NULL,
  created BIGINT NOT NULL,
  paid BIGINT NOT NULL
);

-- One code to pay with; state: new (the gateway was not asked yet), open, closed, paid
CREATE TABLE attempt (
  trade_no TEXT PRIMARY KEY,
  purchase TEXT NOT NULL REFERENCES purchase (id),
  channel TEXT NOT NULL,
  state TEXT NOT NULL,
  fen BIGINT NOT NULL,
  code TEXT NOT NULL,
  expires BIGINT NOT NULL,
  gateway_no TEXT,
  created BIGINT NOT NULL
);
CREATE INDEX attempt_purchase ON attempt (purchase, created);

-- Money that is to go back; state: due, sent, done
CREATE TABLE refund (
  id TEXT PRIMARY KEY,
  trade_no TEXT NOT NULL UNIQUE REFERENCES attempt (trade_no),
  fen BIGINT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  created BIGINT NOT NULL
);

-- Each key that was ever in a certificate: nobody gets a second one for it
CREATE TABLE known_key (
  spki_sha256 BYTEA PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  created BIGINT NOT NULL
);

-- serial and tbs are written before the CA’s key is used, der after; state: an id of ChCertificateState
CREATE TABLE certificate (
  serial TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  hierarchy TEXT NOT NULL,
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  spki_sha256 BYTEA NOT NULL REFERENCES known_key (spki_sha256),
  tbs BYTEA NOT NULL,
  der BYTEA,
  not_before BIGINT NOT NULL,
  not_after BIGINT NOT NULL,
  revoked BIGINT NOT NULL,
  reason TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX certificate_application ON certificate (application);
CREATE INDEX certificate_state ON certificate (hierarchy, state);
CREATE INDEX certificate_unsigned ON certificate (created) WHERE der IS NULL;

-- The newest list of each hierarchy
CREATE TABLE crl (
  hierarchy TEXT PRIMARY KEY,
  number BIGINT NOT NULL,
  der BYTEA NOT NULL,
  next_update BIGINT NOT NULL
);
