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
}

export type Operation = {
  /** Access class PRE_AUTH (ONVIF Core 5.9.4.3): asked without credentials. */
  open?: true
  /** Inner XML of the response element. Throws SoapFault. */
  answer(call: Call): string
}

export type Service = {
  ns: string
  /** Prefix declared on every answer's envelope. */
  prefix: string
  path: string
  version: readonly [major: number, minor: number]
  operations: Readonly<Record<string, Operation>>
}
