-- A session begun by a certificate. A holder’s has the account of the certificate’s application too, so that
-- it ends with it, but gives no right to the account’s other businesses.

ALTER TABLE session ADD COLUMN certificate TEXT REFERENCES certificate (serial);
CREATE INDEX session_certificate ON session (certificate) WHERE certificate IS NOT NULL;
