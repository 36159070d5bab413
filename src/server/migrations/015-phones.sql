-- Phones, and the codes PCs show to them. Times are seconds since 1970 in UTC.

-- A browser on a phone that belongs to an account. key: its first one, as SubjectPublicKeyInfo; salt: from which
-- the store’s key makes the share; verifier: HMAC of what is derived from the PIN; n_wrong: since the last right one
CREATE TABLE phone (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  name TEXT NOT NULL,
  key BYTEA NOT NULL UNIQUE,
  salt BYTEA NOT NULL,
  verifier BYTEA NOT NULL,
  n_wrong INTEGER NOT NULL,
  created BIGINT NOT NULL,
  used BIGINT NOT NULL
);
CREATE INDEX phone_account ON phone (account);

-- A code on the screen of a PC. code: HMAC of the newest one, which changes; purpose, state: ids of ChScanPurpose
-- and ChScanState; certificate: by which the phone lets the PC in. Both sides hold tickets about it.
CREATE TABLE scan (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  code BYTEA UNIQUE,
  turns BIGINT NOT NULL,
  account TEXT REFERENCES account (id) ON DELETE CASCADE,
  application TEXT REFERENCES application (id) ON DELETE CASCADE,
  certificate TEXT REFERENCES certificate (serial) ON DELETE CASCADE,
  installation_name TEXT,
  address TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX scan_created ON scan (created);
CREATE INDEX scan_account ON scan (account);
CREATE INDEX scan_application ON scan (application);
CREATE INDEX scan_certificate ON scan (certificate);
