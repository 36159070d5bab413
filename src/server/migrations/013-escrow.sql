-- What opens a medium whose PIN is locked. Times are seconds since 1970 in UTC.

-- serial: of the medium. current, next: PINs of its security officer, sealed under the store’s key; next is what it is
-- being changed to and counts only once that was confirmed. state: an id of ChEscrowState; runs: releases since the last
-- confirmation. application: the one the medium was made for, making: the one it is being made for. Nothing of it is
-- personal, and it outlives the application: the medium may be made for somebody else.
CREATE TABLE escrow (
  serial TEXT PRIMARY KEY,
  current BYTEA NOT NULL,
  next BYTEA,
  state TEXT NOT NULL,
  runs INTEGER NOT NULL,
  application TEXT,
  making TEXT,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL
);
CREATE INDEX escrow_making ON escrow (making) WHERE making IS NOT NULL;

-- Never changed, never deleted. n counts from 1 within a medium.
CREATE TABLE escrow_history (
  serial TEXT NOT NULL REFERENCES escrow (serial),
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  who TEXT NOT NULL,
  PRIMARY KEY (serial, n)
);

-- Who the handler is now, the newest application of the same holder says
CREATE INDEX application_holder_id ON application (holder_id) WHERE holder_id IS NOT NULL;
