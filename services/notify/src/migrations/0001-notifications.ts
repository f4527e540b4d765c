/**
 * Notices become notifications, which carry the districts of what they are about; what each recipient has been told is one log for all
 * kinds of things; and the latest state of each thing that others asked to tell of is kept here, for the rules to be run over.
 */
export const notifications = `
ALTER TABLE notice RENAME TO notification;
ALTER TABLE notification ADD COLUMN districts TEXT;
UPDATE notification SET districts = (
  SELECT json_group_array(code) FROM (
    SELECT DISTINCT d.value AS code FROM json_each(notification.facts) f, json_each(f.value, '$.districts') d ORDER BY code))
WHERE outage IS NOT NULL OR work_order IS NOT NULL;
UPDATE notification SET kind = CASE kind WHEN 'healed' THEN 'resolved' WHEN 'again' THEN 're-fired' WHEN 'raised' THEN 'importance-raised'
  WHEN 'wider' THEN 'expanded' ELSE kind END;
DROP INDEX notice_due;
DROP INDEX notice_channel;
CREATE INDEX notification_due ON notification (status, next_at);
CREATE INDEX notification_channel ON notification (channel, sent_at);

CREATE TABLE notification_log (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  channel TEXT NOT NULL,
  at INTEGER NOT NULL,
  open INTEGER NOT NULL,
  known TEXT NOT NULL,
  PRIMARY KEY (kind, key, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX notification_log_open ON notification_log (kind, key) WHERE open = 1;
INSERT INTO notification_log (kind, key, channel, at, open, known)
  SELECT 'outage', outage, channel, at, healed = 0, json_object('at', at, 'how', how, 'kind', cause_kind, 'members', members,
    'importance', importance, 'further', json(iif(further = 1, 'true', 'false')), 'escalated', json(iif(escalated = 1, 'true', 'false')),
    'resolved', json(iif(healed = 1, 'true', 'false')), 'rounds', rounds) FROM outage_told;
INSERT INTO notification_log (kind, key, channel, at, open, known)
  SELECT 'work-order', work_order, channel, max(at), 0, json_group_object(colour, at) FROM work_order_told GROUP BY work_order, channel;
DROP TABLE outage_told;
DROP TABLE work_order_told;

CREATE TABLE notification_subject (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  lone INTEGER NOT NULL,
  over_at INTEGER,
  ended INTEGER NOT NULL,
  request TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT;
CREATE INDEX notification_subject_current ON notification_subject (kind, lone) WHERE ended = 0;
CREATE INDEX notification_subject_over ON notification_subject (kind, over_at) WHERE over_at IS NOT NULL;
`
