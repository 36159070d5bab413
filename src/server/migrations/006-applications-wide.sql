-- What changed in an application and where, what happened to whom, and where keys were made. Times are seconds since 1970
-- in UTC.

-- The newest change of each field or document: version is the application’s that it made, place the PC it was made on
CREATE TABLE application_change (
  application TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  field TEXT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  place TEXT,
  PRIMARY KEY (application, field)
);

-- Where the key of the certificate was made, so that its owner finds it again
ALTER TABLE application ADD COLUMN key_place TEXT;
ALTER TABLE application ADD COLUMN key_made BIGINT NOT NULL DEFAULT 0;

-- What is to be told to whoever listens, in the order of n; kept for some days, so that who was away hears it
CREATE TABLE event (
  n INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  application TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  what TEXT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX event_account ON event (account, n);
CREATE INDEX event_application ON event (application);
CREATE INDEX event_at ON event (at);
