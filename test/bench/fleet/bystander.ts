/**
 * A bare client beside the gateway: asks the cameras that it is told, one every ten milliseconds, and tells how long the slowest in a hundred
 * took. What it waits for is the simulators and the machine, so what the gateway's probes take longer than it is the gateway's own doing.
 */
import { connect } from 'node:net'
import { clockRequest } from '../../../gateway/src/onvif/read.ts'
import { requestText } from '../../../gateway/src/onvif/transport.ts'
import { percentile } from '../field/proc.ts'

export type Bystander = { xaddrs: string[] }

const everyMs = 10
let took: number[] = []

function ask(xaddr: string): void {
  const { hostname: host, port, pathname: path } = new URL(xaddr)
  const target = { host, port: Number(port), tls: false }
  const began = performance.now()
  const socket = connect(target, () => socket.write(requestText(target, { path, soap: clockRequest })))
  socket.once('data', () => {
    took.push(performance.now() - began)
    socket.destroy()
  })
  socket.on('error', () => {})
}

process.once('message', ({ xaddrs }: Bystander) => {
  let next = 0
  setInterval(() => ask(xaddrs[(next++ * 37) % xaddrs.length]!), everyMs)
  // Each further message ends a window.
  process.on('message', () => {
    process.send?.(percentile(took, 99))
    took = []
  })
})
process.send?.('ready')
