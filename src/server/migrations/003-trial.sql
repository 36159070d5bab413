-- The gateway of a store for trying out: what a real one keeps on its side

CREATE TABLE trial_trade (
  trade_no TEXT PRIMARY KEY,
  merchant TEXT NOT NULL,
  channel TEXT NOT NULL,
  fen BIGINT NOT NULL,
  title TEXT NOT NULL,
  code TEXT NOT NULL,
  state INTEGER NOT NULL,
  expires BIGINT NOT NULL,
  transaction_no TEXT,
  paid BIGINT NOT NULL
);
