/** The parts of node-onvif 0.1.7 that are used: its service modules, and the one module that all of them send through. */
declare module 'node-onvif/lib/modules/soap.js' {
  type Address = { protocol: string; hostname: string; port: string | null; pathname: string }
  type Result = { soap: string; formatted: string; converted: unknown; data: unknown }
  const soap: {
    HTTP_TIMEOUT: number
    requestCommand(address: object, method: string, soap: string): Promise<Result>
    parse(soap: string): Promise<Record<string, unknown>>
    _request(address: Address, soap: string): Promise<string>
    createRequestSoap(params: { body: string; xmlns?: string[]; diff?: number; user?: string; pass?: string }): string
  }
  export default soap
}

declare module 'node-onvif/lib/modules/service-device.js' {
  export default class OnvifServiceDevice {
    constructor(params: { xaddr: string; user?: string; pass?: string })
    readonly oxaddr: object
    getCapabilities(): Promise<unknown>
    getDeviceInformation(): Promise<unknown>
    getSystemDateAndTime(): Promise<unknown>
  }
}

declare module 'node-onvif/lib/modules/service-media.js' {
  export default class OnvifServiceMedia {
    constructor(params: { xaddr: string; user?: string; pass?: string; time_diff?: number })
    readonly oxaddr: object
    getProfiles(): Promise<unknown>
    getStreamUri(params: { ProfileToken: string; Protocol: 'RTSP' | 'UDP' | 'HTTP' }): Promise<unknown>
    getSnapshotUri(params: { ProfileToken: string }): Promise<unknown>
  }
}

declare module 'node-onvif/lib/modules/service-ptz.js' {
  export default class OnvifServicePtz {
    constructor(params: { xaddr: string; user?: string; pass?: string; time_diff?: number })
    readonly oxaddr: object
    getPresets(params: { ProfileToken: string }): Promise<unknown>
    gotoPreset(params: { ProfileToken: string; PresetToken: string }): Promise<unknown>
    getStatus(params: { ProfileToken: string }): Promise<unknown>
  }
}

declare module 'node-onvif/lib/modules/http-auth.js' {
  const auth: {
    user: string
    pass: string
    method: string
    path: string
    _parseAuthHeader(header: string): Record<string, string>
    _createAuthReqHeaderValue(challenge: Record<string, string>): string
  }
  export default auth
}
