-- Applications about a certificate: its renewal, and whatever else puts a new one in its place. Times are seconds since
-- 1970 in UTC.

-- The certificate it is about, and its end. holder_id: the holder’s number at this CA, which stays when a certificate is
-- replaced; NULL while it is the application’s own
ALTER TABLE application ADD COLUMN base TEXT;
ALTER TABLE application ADD COLUMN base_end BIGINT NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN holder_id TEXT;

-- One at a time
CREATE UNIQUE INDEX application_base ON application (base) WHERE base IS NOT NULL AND state NOT IN ('done', 'withdrawn');
CREATE INDEX application_base_any ON application (base) WHERE base IS NOT NULL;
