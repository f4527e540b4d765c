/** Users belong to a unit; each recipient is told of each colour of an order once. */
export const units = `
ALTER TABLE user ADD COLUMN unit TEXT;
CREATE INDEX work_order_unit ON work_order (unit, status);

ALTER TABLE notice ADD COLUMN work_order TEXT;
CREATE TABLE work_order_told (
  work_order TEXT NOT NULL,
  channel TEXT NOT NULL,
  colour TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (work_order, channel, colour)
) STRICT, WITHOUT ROWID;
`
