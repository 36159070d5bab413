-- Who acts for a certificate may become another person, and some things are done only after a code to that person’s mobile.
-- Times are seconds since 1970 in UTC.

-- handler: the application with the answers about who acts for it now; NULL while that is the one it was issued on
ALTER TABLE certificate ADD COLUMN handler TEXT;

-- handler_from: the same of the certificate it is about, as it was when it began. proved: when the handler’s code was given
ALTER TABLE application ADD COLUMN handler_from TEXT;
ALTER TABLE application ADD COLUMN proved BIGINT NOT NULL DEFAULT 0;
