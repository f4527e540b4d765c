/** ONVIF device management (ver10/device/wsdl): what clients ask first. */
import { endpointOf, hasPtz, serviceUrl } from './camera.ts'
import { ns } from './namespaces.ts'
import { scopes } from './scopes.ts'
import type { Call, Service } from './service.ts'
import { escapeXml } from './xml.ts'

function dateAndTime({ camera: { profile }, now }: Call): string {
  if (profile.date === 'none')
    return '<tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings></tds:SystemDateAndTime>'
  const told = now + (profile.toldClockMs ?? 0)
  const impossible = { hours: 25, month: 13 }
  const part = (at: Date): string =>
    `<tt:Time><tt:Hour>${profile.date ? impossible.hours : at.getUTCHours()}</tt:Hour><tt:Minute>${at.getUTCMinutes()}</tt:Minute><tt:Second>${at.getUTCSeconds()}</tt:Second></tt:Time>` +
    `<tt:Date><tt:Year>${at.getUTCFullYear()}</tt:Year><tt:Month>${profile.date ? impossible.month : at.getUTCMonth() + 1}</tt:Month><tt:Day>${at.getUTCDate()}</tt:Day></tt:Date>`
  return (
    '<tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>CST-8</tt:TZ></tt:TimeZone>' +
    `<tt:UTCDateTime>${part(new Date(told))}</tt:UTCDateTime><tt:LocalDateTime>${part(new Date(told + 8 * 3_600_000))}</tt:LocalDateTime></tds:SystemDateAndTime>`
  )
}

const attributes = (count = 0): string => Array.from({ length: count }, (_, n) => ` a${n}="${n}"`).join('')

const information = ({ camera: { spec, profile } }: Call): string =>
  `<tds:Manufacturer${attributes(profile.attributes)}>${escapeXml(spec.manufacturer)}</tds:Manufacturer><tds:Model>${escapeXml(spec.model)}</tds:Model>` +
  `<tds:FirmwareVersion>${escapeXml(spec.firmware)}</tds:FirmwareVersion><tds:SerialNumber>${spec.serial}</tds:SerialNumber><tds:HardwareId>88</tds:HardwareId>`

const streaming =
  '<tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities>'

function capabilities({ camera, ports, body }: Call): string {
  const wanted = body.children.filter((c) => c.name === 'Category').map((c) => c.text.trim())
  const wants = (category: string): boolean =>
    wanted.length === 0 || wanted.includes('All') || wanted.includes(category)
  const at = (path: string): string => `<tt:XAddr>${serviceUrl(camera, ports, path)}</tt:XAddr>`
  let inner = ''
  if (wants('Device'))
    inner += `<tt:Device>${at('/onvif/device_service')}<tt:Network><tt:IPFilter>false</tt:IPFilter></tt:Network><tt:System><tt:DiscoveryResolve>false</tt:DiscoveryResolve><tt:DiscoveryBye>true</tt:DiscoveryBye><tt:RemoteDiscovery>false</tt:RemoteDiscovery><tt:SystemBackup>false</tt:SystemBackup><tt:SystemLogging>false</tt:SystemLogging><tt:FirmwareUpgrade>false</tt:FirmwareUpgrade><tt:SupportedVersions><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tt:SupportedVersions></tt:System></tt:Device>`
  if (wants('Media') && !camera.profile.media2)
    inner += `<tt:Media>${at('/onvif/media_service')}${streaming}</tt:Media>`
  if (wants('Events'))
    inner += `<tt:Events>${at('/onvif/event_service')}<tt:WSSubscriptionPolicySupport>false</tt:WSSubscriptionPolicySupport><tt:WSPullPointSupport>${camera.profile.saysPullPoint}</tt:WSPullPointSupport><tt:WSPausableSubscriptionManagerInterfaceSupport>false</tt:WSPausableSubscriptionManagerInterfaceSupport></tt:Events>`
  if (hasPtz(camera) && wants('PTZ')) inner += `<tt:PTZ>${at('/onvif/ptz_service')}</tt:PTZ>`
  return `<tds:Capabilities>${inner}</tds:Capabilities>`
}

const entry = (namespace: string, xaddr: string, [major, minor]: readonly [number, number]): string =>
  `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${xaddr}</tds:XAddr><tds:Version><tt:Major>${major}</tt:Major><tt:Minor>${minor}</tt:Minor></tds:Version></tds:Service>`

const services = ({ camera, ports }: Call): string =>
  entry(ns.device, serviceUrl(camera, ports, '/onvif/device_service'), [2, 60]) +
  (camera.profile.media2
    ? entry(ns.media2, serviceUrl(camera, ports, '/onvif/media2_service'), [20, 12])
    : entry(ns.media, serviceUrl(camera, ports, '/onvif/media_service'), [2, 60])) +
  entry(ns.events, serviceUrl(camera, ports, '/onvif/event_service'), [2, 60]) +
  (hasPtz(camera) ? entry(ns.ptz, serviceUrl(camera, ports, '/onvif/ptz_service'), [2, 60]) : '')

const hostname = ({ camera: { spec } }: Call): string =>
  `<tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP><tt:Name>${escapeXml(`${spec.model}-${spec.serial.slice(-4)}`)}</tt:Name></tds:HostnameInformation>`

const networkInterfaces = ({ camera: { address, spec, profile } }: Call): string =>
  `<tds:NetworkInterfaces token="eth0"><tt:Enabled>true</tt:Enabled><tt:Info><tt:Name>eth0</tt:Name><tt:HwAddress>${spec.mac}</tt:HwAddress><tt:MTU>1500</tt:MTU></tt:Info>` +
  `<tt:IPv4><tt:Enabled>true</tt:Enabled><tt:Config><tt:Manual><tt:Address>${address}</tt:Address><tt:PrefixLength>8</tt:PrefixLength></tt:Manual><tt:DHCP>${profile.tradesAddress === true}</tt:DHCP></tt:Config></tt:IPv4></tds:NetworkInterfaces>`

const serviceCapabilities = (): string =>
  '<tds:Capabilities><tds:Network IPFilter="false" ZeroConfiguration="false" DHCPv6="false"/><tds:Security UsernameToken="true" HttpDigest="false" TLS1.2="false"/><tds:System DiscoveryResolve="false" DiscoveryBye="true"/></tds:Capabilities>'

export const deviceService: Service = {
  ns: ns.device,
  prefix: 'tds',
  path: '/onvif/device_service',
  version: [2, 60],
  operations: {
    GetSystemDateAndTime: { open: true, answer: dateAndTime },
    GetCapabilities: { open: true, answer: capabilities },
    GetServices: { open: true, answer: services },
    GetServiceCapabilities: { open: true, answer: serviceCapabilities },
    GetHostname: { open: true, answer: hostname },
    GetEndpointReference: { open: true, answer: ({ camera }) => `<tds:GUID>${endpointOf(camera)}</tds:GUID>` },
    GetDeviceInformation: { answer: information },
    GetScopes: {
      answer: ({ camera }) =>
        scopes(camera)
          .map(
            (s) =>
              `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${escapeXml(s)}</tt:ScopeItem></tds:Scopes>`,
          )
          .join(''),
    },
    GetNetworkInterfaces: { answer: networkInterfaces },
    GetNetworkDefaultGateway: {
      answer: () => '<tds:NetworkGateway><tt:IPv4Address>127.0.0.1</tt:IPv4Address></tds:NetworkGateway>',
    },
    GetDNS: {
      answer: () =>
        '<tds:DNSInformation><tt:FromDHCP>false</tt:FromDHCP><tt:DNSManual><tt:Type>IPv4</tt:Type><tt:IPv4Address>127.0.0.1</tt:IPv4Address></tt:DNSManual></tds:DNSInformation>',
    },
    GetNTP: {
      answer: () =>
        '<tds:NTPInformation><tt:FromDHCP>false</tt:FromDHCP><tt:NTPManual><tt:Type>IPv4</tt:Type><tt:IPv4Address>127.0.0.1</tt:IPv4Address></tt:NTPManual></tds:NTPInformation>',
    },
    GetUsers: {
      answer: ({ camera }) =>
        `<tds:User><tt:Username>${escapeXml(camera.user)}</tt:Username><tt:UserLevel>Administrator</tt:UserLevel></tds:User>`,
    },
  },
}
