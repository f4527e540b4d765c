/** ONVIF PTZ (ver20/ptz/wsdl) of cameras that can move. */
import { hasPtz } from './camera.ts'
import { ns } from './namespaces.ts'
import { configuration, goTo, isMoving, move, type Position, parked, positionAt, presets, stop } from './ptz.ts'
import type { Call, Operation, Service } from './service.ts'
import { invalidArgument, unsupported } from './soap.ts'
import { streams } from './streams.ts'
import { child, textAt } from './xml.ts'

const vector = ({ pan, tilt, zoom }: Position): string =>
  `<tt:PanTilt x="${pan.toFixed(3)}" y="${tilt.toFixed(3)}"/><tt:Zoom x="${zoom.toFixed(3)}"/>`

const space = (tag: string, uri: string, axes: readonly [string, number, number][]): string =>
  `<tt:${tag}><tt:URI>http://www.onvif.org/ver10/tptz/${uri}</tt:URI>${axes.map(([axis, min, max]) => `<tt:${axis}><tt:Min>${min}</tt:Min><tt:Max>${max}</tt:Max></tt:${axis}>`).join('')}</tt:${tag}>`
const xy: [string, number, number][] = [
  ['XRange', -1, 1],
  ['YRange', -1, 1],
]
const node =
  '<tptz:PTZNode token="PTZNode_1" FixedHomePosition="false"><tt:Name>PTZNode</tt:Name><tt:SupportedPTZSpaces>' +
  space('AbsolutePanTiltPositionSpace', 'PanTiltSpaces/PositionGenericSpace', xy) +
  space('AbsoluteZoomPositionSpace', 'ZoomSpaces/PositionGenericSpace', [['XRange', 0, 1]]) +
  space('ContinuousPanTiltVelocitySpace', 'PanTiltSpaces/VelocityGenericSpace', xy) +
  space('ContinuousZoomVelocitySpace', 'ZoomSpaces/VelocityGenericSpace', [['XRange', -1, 1]]) +
  `</tt:SupportedPTZSpaces><tt:MaximumNumberOfPresets>${presets.length}</tt:MaximumNumberOfPresets><tt:HomeSupported>false</tt:HomeSupported></tptz:PTZNode>`

const head = ({ camera, now }: Call) => (camera.ptz ??= parked(now))

function speedOf({ body }: Call): Position {
  const velocity = child(body, 'Velocity')
  const axis = (element: string, attribute: string): number => {
    const text = child(velocity, element)?.attributes[attribute]
    const value = text === undefined ? 0 : Number(text)
    if (!(Math.abs(value) <= 1))
      throw invalidArgument('InvalidVelocity', `${element} ${attribute}=${text} is outside −1…1`)
    return value
  }
  return { pan: axis('PanTilt', 'x'), tilt: axis('PanTilt', 'y'), zoom: axis('Zoom', 'x') }
}

function status(call: Call): string {
  const state = head(call)
  const moving = isMoving(state, call.now) ? 'MOVING' : 'IDLE'
  return (
    `<tptz:PTZStatus><tt:Position>${vector(positionAt(state, call.now))}</tt:Position><tt:MoveStatus><tt:PanTilt>${moving}</tt:PanTilt><tt:Zoom>${moving}</tt:Zoom></tt:MoveStatus>` +
    `<tt:UtcTime>${new Date(call.now).toISOString()}</tt:UtcTime></tptz:PTZStatus>`
  )
}

function gotoPreset(call: Call): string {
  const { camera, body, now } = call
  const token = textAt(body, 'PresetToken')
  const preset = presets.find((p) => p.token === token)
  if (!preset) throw invalidArgument('NoToken', `The requested preset token ${token ?? 'missing'} does not exist`)
  camera.ptz = goTo(head(call), preset, now)
  camera.acted?.({ device: camera.spec.id, what: `preset ${preset.token}`, key: null })
  return ''
}

/** Needs a head that moves and, where the call names one, a profile that exists. */
const moving = (answer: (call: Call) => string, profile = true): Operation => ({
  answer(call) {
    if (!hasPtz(call.camera)) throw unsupported(call.body.name)
    const token = textAt(call.body, 'ProfileToken')
    if (profile && !streams.some((s) => s.token === token))
      throw invalidArgument('NoProfile', `Profile token ${token ?? 'missing'} does not exist`)
    return answer(call)
  },
})

export const ptzService: Service = {
  ns: ns.ptz,
  prefix: 'tptz',
  path: '/onvif/ptz_service',
  version: [2, 60],
  operations: {
    GetNodes: moving(() => node, false),
    GetNode: moving(() => node, false),
    GetConfigurations: moving(() => configuration('tptz:PTZConfiguration'), false),
    GetPresets: moving(() =>
      presets
        .map(
          (p) =>
            `<tptz:Preset token="${p.token}"><tt:Name>${p.name}</tt:Name><tt:PTZPosition>${vector(p)}</tt:PTZPosition></tptz:Preset>`,
        )
        .join(''),
    ),
    GotoPreset: moving(gotoPreset),
    GetStatus: moving(status),
    ContinuousMove: moving((call) => {
      call.camera.ptz = move(head(call), speedOf(call), call.now)
      return ''
    }),
    Stop: moving((call) => {
      call.camera.ptz = stop(head(call), call.now)
      return ''
    }),
    GetServiceCapabilities: {
      open: true,
      answer: () => '<tptz:Capabilities EFlip="false" Reverse="false" MoveStatus="true" StatusPosition="true"/>',
    },
  },
}
