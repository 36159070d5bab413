-- Many applications confirmed by one signature. digest: SHA-256 of what was signed; the same is never begun
-- twice in an account. digests: 32 bytes a row, in the order of the rows.
CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  name TEXT NOT NULL,
  flow TEXT NOT NULL,
  project TEXT NOT NULL,
  digest TEXT NOT NULL,
  digests BYTEA NOT NULL,
  n_rows BIGINT NOT NULL,
  certificate TEXT NOT NULL,
  nonce BYTEA NOT NULL,
  signature BYTEA NOT NULL,
  created BIGINT NOT NULL,
  UNIQUE (account, digest)
);

-- The application of a row, counted from 1. sent: when it was handed in first; 0: not yet
CREATE TABLE batch_row (
  batch TEXT NOT NULL REFERENCES batch (id),
  n BIGINT NOT NULL,
  application TEXT NOT NULL UNIQUE REFERENCES application (id),
  sent BIGINT NOT NULL,
  PRIMARY KEY (batch, n)
);

-- What was chosen for a document of a row, as it was signed
CREATE TABLE batch_file (
  application TEXT NOT NULL REFERENCES application (id),
  document TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (application, document)
);
