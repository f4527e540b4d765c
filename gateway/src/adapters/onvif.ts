/** Cameras over ONVIF: found by WS-Discovery, probed at their pace, subscribed to for their events. */
import { join } from 'node:path'
import type { AssignedCamera, AssignedDevice } from '@hub/contracts'
import { createDiscovery, type Discovery, fillDiscoveryMetrics } from '../discovery/index.ts'
import { createEventMemory, createEvents, type Events, fillEventMetrics } from '../events/index.ts'
import { createCertificates } from '../onvif/certificates.ts'
import { fillProbeMetrics } from '../probe/metrics.ts'
import { picturePolicy } from '../probe/picture/pictures.ts'
import { createProber, type Prober } from '../probe/prober.ts'
import type { FieldProtocol } from './adapter.ts'

export type OnvifStats = {
  probe: ReturnType<Prober['stats']>
  events: ReturnType<Events['stats']>
  discovery: ReturnType<Discovery['counters']>
}

const isCamera = (device: AssignedDevice): device is AssignedCamera => device.kind === 'camera'

export const onvif: FieldProtocol<OnvifStats> = {
  name: 'onvif',
  serves: isCamera,
  create(context) {
    const { clock, log, random, config, isBlind, emit } = context
    const certificates =
      config.certificates === 'pin'
        ? createCertificates({ path: join(config.data, 'certificates.json'), clock, log })
        : undefined
    const prober = createProber({
      clock,
      log,
      config: { ...config.probe, pictures: picturePolicy(config.probe.pictures) },
      credentials: config.credentials,
      pins: config.pins,
      certificates,
      budgets: context.logins,
      isBlind,
      wasLate: context.wasLate,
      emit(observation) {
        events.probed(observation)
        return emit(observation)
      },
      onIdentified(identity) {
        context.identified(identity)
        events.ready(identity.device)
      },
      onUnidentified: (known) => context.identified(known),
      onConflict: (id) => events.leave(id),
    })
    const events = createEvents({
      clock,
      log,
      random,
      config: config.events,
      openSession: prober.openSession,
      emit,
      memory: createEventMemory(join(config.data, 'events.json'), log),
    })
    const discovery = createDiscovery({
      clock,
      log,
      config: config.discovery,
      onFound(found) {
        context.found(found)
        prober.seen(found)
      },
      onHello: events.hello,
      onHeard: prober.heard,
    })
    return {
      start: discovery.start,
      apply({ put, drop }) {
        const change = { put: put.filter(isCamera), drop }
        prober.apply(change)
        events.apply(change)
      },
      async stop() {
        await discovery.stop()
        await events.stop()
        await prober.stop()
        certificates?.close()
      },
      commands: {
        probe: prober.probeNow,
        identify: prober.identify,
        'ptz-presets': prober.ptzPresets,
        'ptz-goto': (id, { preset = '' }) => prober.ptzGoto(id, preset),
        'ptz-status': prober.ptzStatus,
        snapshot: prober.snapshot,
        explain: async (id) => prober.explain(id),
        'accept-certificate': (id, { fingerprint = '' }) => prober.acceptCertificate(id, fingerprint),
      },
      discovery: { now: discovery.discoverNow, progress: discovery.progress, add: discovery.add },
      stats: () => ({ probe: prober.stats(), events: events.stats(), discovery: discovery.counters() }),
      fillMetrics(meters) {
        fillProbeMetrics(meters, prober.stats())
        fillEventMetrics(meters, events.stats())
        fillDiscoveryMetrics(meters, discovery.counters())
      },
    }
  },
}
