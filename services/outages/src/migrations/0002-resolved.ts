/** The history of an outage calls its end by the same word as its status. */
export const resolved = `
UPDATE outage_change SET change = json_set(change, '$.change', CASE json_extract(change, '$.change')
  WHEN 'healed' THEN 'resolved' ELSE 'partly-resolved' END)
WHERE json_extract(change, '$.change') IN ('healed', 'partly-healed');
`
