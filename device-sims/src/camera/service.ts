/** What an ONVIF service of a simulated camera is: operations by name. */
import type { Camera, Ports } from './camera.ts'
import type { Element } from './xml.ts'

export type Call = {
  camera: Camera
  ports: Ports
  /** The request's element. */
  body: Element
  /** The camera's own clock. */
  now: number
  /** Path and query of the request. */
  target: string
}

/** An answer that is not ready: it is sent after `ms`, or when the camera wakes it. */
export type Wait = {
  ms: number
  /** The answer forgets it. */
  when(wake: () => void): () => void
}

export type Operation = {
  /** Access class PRE_AUTH (ONVIF Core 5.9.4.3): asked without credentials. */
  open?: true
  /** Inner XML of the response element. Throws SoapFault. */
  answer(call: Call): string
  /** Whether the answer must wait. Throws SoapFault. */
  wait?(call: Call): Wait | undefined
}

export type Service = {
  ns: string
  /** Prefix declared on every answer's envelope. */
  prefix: string
  /** Namespace declarations that its answers need beyond the envelope's. */
  declares?: string
  path: string
  version: readonly [major: number, minor: number]
  operations: Readonly<Record<string, Operation>>
}
