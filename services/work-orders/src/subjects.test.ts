import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { camera, cameraA, cameraB, startHub } from '../../hub/src/testing/hub.ts'
import { subject } from './migrations/0001-subject.ts'
import { nameCauses } from './subjects.ts'

it('an order of before keeps the name of its one device, and no name of one of several', () => {
  const old = new DatabaseSync(':memory:')
  old.exec(`
    CREATE TABLE work_order (id TEXT PRIMARY KEY, title TEXT NOT NULL) STRICT;
    CREATE TABLE work_order_device (work_order TEXT, device TEXT);
    INSERT INTO work_order VALUES ('one', '解放路 1 号球机'), ('many', '解放路 1 号球机 × 3');
    INSERT INTO work_order_device VALUES ('one', 'a'), ('many', 'a'), ('many', 'b'), ('many', 'c');
  `)
  old.exec(subject)
  expect(old.prepare('SELECT * FROM work_order ORDER BY id').all()).toEqual([
    { id: 'many', subject: '{"text":null,"cause":null,"device":null}' },
    { id: 'one', subject: '{"text":null,"cause":null,"device":"解放路 1 号球机"}' },
  ])
})

it('an order of before is given the cause of its outage, once; what a person typed since stays', async () => {
  const hub = await startHub()
  await hub.importRecords([camera(cameraA), camera(cameraB)])
  for (const device of [cameraA, cameraB]) await hub.putState(device, 'down')
  const cause = { kind: 'pole', key: 'G-7', mode: 'together' } as const
  await hub.putOutage('1800000000000-1', [cameraA, cameraB], cause)
  const body = { outage: '1800000000000-1' }
  const { id } = (await hub.ask('oper', 'issueWorkOrder', { body })).json
  hub.record.sqlite.exec(`UPDATE work_order SET subject = '{"text":null,"cause":null,"device":null}'`)
  // As it is stored: answers follow the outage as long as it is there.
  const found = async () =>
    JSON.parse(
      (await hub.record.db.selectFrom('work_order').select('subject').where('id', '=', id).executeTakeFirstOrThrow())
        .subject,
    )
  expect((await found()).cause).toBeNull()
  await nameCauses(hub.deps)
  expect(await found()).toEqual({ text: null, cause, device: null })
  hub.record.sqlite.exec(`UPDATE work_order SET subject = '{"text":"换杆","cause":null,"device":null}'`)
  await nameCauses(hub.deps)
  expect((await found()).text).toBe('换杆')
  await hub.stop()
})
