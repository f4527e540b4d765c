/** The keys that gateways seal their batches with. At most one of a gateway is pinned; none is ever forgotten: old batches need theirs. */
export const gatewayKey = `
CREATE TABLE gateway_key (
  gateway TEXT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  told_at INTEGER NOT NULL,
  pinned_at INTEGER,
  retired_at INTEGER,
  decided_by TEXT,
  reason TEXT,
  PRIMARY KEY (gateway, key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX gateway_key_pinned ON gateway_key (gateway) WHERE state = 'pinned';
`
