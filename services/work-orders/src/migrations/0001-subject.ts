/**
 * An order's subject is its cause, said in the reader's language. No person has typed a title before: of one device it was the name, of
 * several it is dropped. The causes are other rooms' rows: they are named at the next start (`nameCauses`).
 */
export const subject = `
ALTER TABLE work_order ADD COLUMN subject TEXT NOT NULL DEFAULT '{"text":null,"cause":null,"device":null}';
UPDATE work_order SET subject = json_object('text', NULL, 'cause', NULL, 'device',
  CASE WHEN (SELECT count(*) FROM work_order_device d WHERE d.work_order = work_order.id) = 1 THEN title END);
ALTER TABLE work_order DROP COLUMN title;
`
