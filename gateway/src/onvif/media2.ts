/**
 * Media version 2 (ONVIF Media 2 Service Specification), which node-onvif does not know: recorders and newer cameras have dropped
 * version 1. Its answers are read by the readers of version 1.
 */
import { envelope } from './soap.ts'
import { escapeXml } from './xml.ts'

const tr2 = 'http://www.onvif.org/ver20/media/wsdl'

/** ONVIF Core, GetServices. */
export const servicesRequest = envelope(
  '<GetServices xmlns="http://www.onvif.org/ver10/device/wsdl"><IncludeCapability>false</IncludeCapability></GetServices>',
)

/** Without a Type the profiles come without their configurations. */
export const profilesRequest = envelope(`<GetProfiles xmlns="${tr2}"><Type>All</Type></GetProfiles>`)

/** `RTSP` is RTP over the RTSP connection itself. */
export const streamUriRequest = (profile: string): string =>
  envelope(
    `<GetStreamUri xmlns="${tr2}"><Protocol>RTSP</Protocol><ProfileToken>${escapeXml(profile)}</ProfileToken></GetStreamUri>`,
  )
