-- Payments that are asked after, money that goes back, and tickets. Times are seconds since 1970 in UTC, money is in fen.

-- asked: when the gateway was last asked about it
ALTER TABLE attempt ADD COLUMN asked BIGINT NOT NULL DEFAULT 0;
CREATE INDEX attempt_state ON attempt (state, asked);

-- The state of a refund is an id of ChRefundState. Who brought it about (asked_by), who looked at it first (checked_by),
-- and who had it sent (approved_by); where two people are needed, approved_by is none of the others.
ALTER TABLE refund ADD COLUMN asked_by TEXT NOT NULL DEFAULT 'gateway';
ALTER TABLE refund ADD COLUMN checked_by TEXT;
ALTER TABLE refund ADD COLUMN approved_by TEXT;
ALTER TABLE refund ADD COLUMN approved BIGINT NOT NULL DEFAULT 0;
-- When the gateway is asked next, and how often it was
ALTER TABLE refund ADD COLUMN next_try BIGINT NOT NULL DEFAULT 0;
ALTER TABLE refund ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE refund ADD COLUMN sent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE refund ADD COLUMN done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE refund ADD COLUMN gateway_no TEXT;
-- Why the gateway would not; what was noted when it was done by hand
ALTER TABLE refund ADD COLUMN failure TEXT;
ALTER TABLE refund ADD COLUMN note TEXT;
CREATE INDEX refund_state ON refund (state, next_try);

-- The gateway of a store for trying out gives money back too
CREATE TABLE trial_refund (
  refund_no TEXT PRIMARY KEY,
  trade_no TEXT NOT NULL,
  fen BIGINT NOT NULL,
  is_done BIGINT NOT NULL,
  created BIGINT NOT NULL
);

-- Whoever holds one may look at one thing for one purpose, for a quarter of an hour. token: SHA-256 of what the holder has
CREATE TABLE ticket (
  token BYTEA PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  purpose TEXT NOT NULL,
  object TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX ticket_created ON ticket (created);
