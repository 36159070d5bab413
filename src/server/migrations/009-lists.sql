-- What lists look at: a row per application, written anew with each of its changes. words: what is searched,
-- folded; place: sorts by whose turn it is, then by the last change, newest first. Invoices are 'none' or an
-- id of ChInvoiceState, deliveries 'none' or an id of ChDeliveryState.
CREATE TABLE listing (
  application TEXT PRIMARY KEY REFERENCES application (id),
  account TEXT NOT NULL,
  business TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL,
  place BIGINT NOT NULL,
  name TEXT NOT NULL,
  words TEXT NOT NULL,
  purchase TEXT,
  purchase_state TEXT,
  invoice TEXT NOT NULL,
  delivery TEXT NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL
);
CREATE INDEX listing_place ON listing (account, place, application);
CREATE INDEX listing_updated ON listing (account, updated, application);
CREATE INDEX listing_name ON listing (account, name, application);
CREATE INDEX listing_state ON listing (state, updated, application);

-- One per application, from when it is asked for
CREATE TABLE invoice (
  application TEXT PRIMARY KEY REFERENCES application (id),
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  email TEXT NOT NULL,
  fen BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  number TEXT NOT NULL,
  made BIGINT NOT NULL,
  file BYTEA
);

-- What it is made out to
CREATE TABLE invoice_answer (
  application TEXT NOT NULL REFERENCES application (id),
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (application, field)
);

-- What is on its way to the applicant, from when it left
CREATE TABLE delivery (
  application TEXT PRIMARY KEY REFERENCES application (id),
  state TEXT NOT NULL,
  way TEXT NOT NULL,
  courier TEXT NOT NULL,
  number TEXT NOT NULL,
  place TEXT NOT NULL,
  sent BIGINT NOT NULL,
  received BIGINT NOT NULL
);

-- Whose a certificate is and what is searched in it, so that its list needs no other table
ALTER TABLE certificate ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE certificate ADD COLUMN words TEXT NOT NULL DEFAULT '';
UPDATE certificate SET
  account = (SELECT account FROM application WHERE application.id = certificate.application),
  words = LOWER (serial || ' ' || name);
CREATE INDEX certificate_end ON certificate (account, not_after, serial);
CREATE INDEX certificate_name ON certificate (account, name, serial);
