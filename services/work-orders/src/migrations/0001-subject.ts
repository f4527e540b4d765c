/** An order's subject is its cause, said in the reader's language. What was issued before keeps the words that it was issued with. */
export const subject = `
ALTER TABLE work_order ADD COLUMN subject TEXT NOT NULL DEFAULT '{"text":null,"cause":null,"device":null}';
UPDATE work_order SET subject = json_object('text', title, 'cause', NULL, 'device', NULL);
ALTER TABLE work_order DROP COLUMN title;
`
