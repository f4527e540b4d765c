/** The child's side of a split fleet: answers WS-Discovery for the cameras that its parent hands over, until told to stop. */
import { type Camera, createCamera } from '../camera/camera.ts'
import { type Discovery, serveDiscovery } from '../camera/discovery.ts'
import type { ChildOrder, ChildReply } from '../camera/discovery-split.ts'
import { profileNamed } from '../camera/profiles/index.ts'
import { systemClock } from '../clock.ts'

export function answerProbesCommand(): Promise<void> {
  let cameras: Camera[] = []
  let discovery: Discovery | undefined
  const reply = (message: ChildReply): void => void process.send?.(message)

  async function serve({ cameras: specs, ports, multicast }: ChildOrder & { what: 'serve' }): Promise<void> {
    // No login: probes ask for none.
    cameras = specs.map((spec) => createCamera(spec, profileNamed(spec.profile), { user: '', password: '' }))
    discovery = await serveDiscovery(cameras, ports.discovery, () => ports, systemClock, multicast)
    reply({ what: 'serving' })
  }

  // Ctrl-C reaches the whole group of processes; the parent decides when this one ends.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
  return new Promise((resolve) => {
    const end = (): void => {
      process.off('disconnect', end)
      void Promise.resolve(discovery?.close()).then(() => {
        if (process.connected) process.disconnect()
        resolve()
      })
    }
    process.once('disconnect', end)
    process.on('message', (order: ChildOrder) => {
      if (order.what === 'serve')
        serve(order).catch((error: Error) => reply({ what: 'failed', message: error.message }))
      else if (order.what === 'close') end()
      else if (order.what === 'state')
        Object.assign(cameras[order.n]!, { powered: order.powered, connected: order.connected })
      else discovery?.[order.what](cameras[order.n]!)
    })
  })
}
