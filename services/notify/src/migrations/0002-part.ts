/** Of several recipients one may be refused for now: the next try is for that one alone. */
export const part = 'ALTER TABLE notification ADD COLUMN part TEXT'
