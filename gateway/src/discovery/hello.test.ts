import { expect, it } from 'vitest'
import { FoundRegistry } from './registry.ts'

const endpoint = 'urn:uuid:00000000-0000-4000-8000-000000000001'
const message = (kind: 'hello' | 'match') => {
  const inner = `<EndpointReference><Address>${endpoint}</Address></EndpointReference><Types>dn:NetworkVideoTransmitter</Types><XAddrs>http://10.0.0.1/x</XAddrs>`
  const body =
    kind === 'hello' ? `<Hello>${inner}</Hello>` : `<ProbeMatches><ProbeMatch>${inner}</ProbeMatch></ProbeMatches>`
  return Buffer.from(`<E><Body>${body}</Body></E>`)
}
const start = 1_800_000_000_000

it('a Hello is passed on also when nothing has changed, from the known address alone; an answer to a Probe is none', () => {
  const heard: string[] = []
  const registry = new FoundRegistry({ allowLoopback: false, onHello: (one) => heard.push(one) })
  registry.receive(message('match'), '10.0.0.1', start)
  registry.receive(message('match'), '10.0.0.1', start + 1)
  expect(heard).toEqual([])
  expect(registry.receive(message('hello'), '10.0.0.1', start + 2)).toEqual([])
  expect(heard).toEqual([endpoint])
  registry.receive(message('hello'), '10.0.0.66', start + 3)
  expect(heard).toEqual([endpoint])
})
