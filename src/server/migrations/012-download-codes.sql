-- Codes by which a certificate is downloaded to the medium it belongs on. Times are seconds since 1970 in UTC.

-- code: its HMAC. A newer code of the same application ends the older ones; used: 0 until it was used
CREATE TABLE download_code (
  code BYTEA PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  made_by TEXT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  used BIGINT NOT NULL
);
CREATE INDEX download_code_application ON download_code (application);
