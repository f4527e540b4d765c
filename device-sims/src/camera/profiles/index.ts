/** The vendor-quirk profiles, each with where it was met. */
import { type Profile, plain } from './profile.ts'

const quirks: Profile[] = [
  {
    ...plain,
    name: 'digest-only',
    quirk: 'HTTP Digest only, qop before realm, nonces with =',
    seen: 'agsh/onvif #294 (Hikvision), home-assistant/core #98538 (INSTAR)',
    token: 'none',
    http: { algorithm: 'MD5', nonceTail: '==' },
  },
  {
    ...plain,
    name: 'digest-sha256',
    quirk: 'HTTP Digest with SHA-256 only',
    seen: 'IOTechSystems/onvif #41 (Hikvision ONVIF 19)',
    token: 'none',
    http: { algorithm: 'SHA-256', nonceTail: '' },
  },
  {
    ...plain,
    name: 'text-only',
    quirk: 'UsernameToken with PasswordText only',
    seen: 'BigTonyTones/Tonys-Onvf-RTSP-Server #32',
    token: 'text',
  },
  {
    ...plain,
    name: 'skewed-clock',
    quirk: 'local time told as UTC, tokens refused that are five seconds off it',
    seen: 'OpenIPC/majestic-webui #292, home-assistant/core #121952',
    clockOffsetMs: 8 * 3_600_000,
    toleranceMs: 5_000,
  },
  {
    ...plain,
    name: 'time-needs-login',
    quirk: 'GetSystemDateAndTime asks for credentials',
    seen: 'YoshieraHuang/node-onvif-ts #12',
    timeNeedsLogin: true,
  },
  {
    ...plain,
    name: 'nat',
    quirk: 'addresses of the network behind its router',
    seen: 'blakeblackshear/frigate #18352, agsh/onvif #41',
    host: '192.168.1.64',
  },
  { ...plain, name: 'two-matches', quirk: 'two ProbeMatch elements in one packet', probeMatches: 2 },
  {
    ...plain,
    name: 'odd-prefixes',
    quirk: 'unusual namespace prefixes',
    seen: 'opensensor/lightNVR #441, mnit-rtmc/iris #102',
    prefixes: { env: 'SOAP-ENV', tds: 'ns1', trt: 'ns2', tptz: 'ns3', tt: 'onvif', ter: 'ns9' },
  },
  { ...plain, name: 'bad-request', quirk: 'HTTP 400 with a page on unknown calls', unknownCall: 'bad-request' },
  {
    ...plain,
    name: 'gsoap',
    quirk: "unknown calls get gSOAP's own fault: HTTP 400, no subcode",
    seen: 'Reolink E1 Zoom v3.1.0.2649_23083101, TrackMix WiFi v3.0.0.5428 (EthanFlower1/onvif-go), DVC DCN-BF5365 (2BAD/onvif)',
    unknownCall: 'gsoap',
  },
  {
    ...plain,
    name: 'denies-pull-points',
    quirk: 'WSPullPointSupport false, and pull points all the same',
    seen: 'Bosch FLEXIDOME IP starlight 8000i 7.70.0126, Autodome IP starlight 5000i 7.80.0128, FLEXIDOME panoramic 5100i 9.00.0210 (EthanFlower1/onvif-go); home-assistant/core #91089',
    saysPullPoint: false,
  },
  { ...plain, name: 'chunked', quirk: 'answers in small chunks', framing: 'chunked' },
  { ...plain, name: 'no-length', quirk: 'answers that end with the connection', framing: 'close' },
  {
    ...plain,
    name: 'gb2312',
    quirk: 'names in GB2312, in answers and in scopes',
    seen: 'home-assistant/core #89620 (names that are no UTF-8)',
    charset: 'GB2312',
  },
  { ...plain, name: 'no-ptz', quirk: 'a head that moves and no PTZ service', ptz: false },
  {
    ...plain,
    name: 'media2-only',
    quirk: 'media version 2 without version 1',
    seen: 'DVC DRN-3282R 1.4.6.47791B211105 (2BAD/onvif); Jazea/Onvif.Core #43, GuilhermeC18/node-onvif #78 (Dahua)',
    media2: true,
  },
  { ...plain, name: 'slow', quirk: 'thinks 2.5 s before each answer', delayMs: 2_500 },
  {
    ...plain,
    name: 'https',
    quirk: 'HTTPS only, self-signed',
    seen: 'home-assistant/core #41800, FalkTannhaeuser/python-onvif-zeep #85',
    https: true,
  },
  {
    ...plain,
    name: 'reboots',
    quirk: 'reboots every ten minutes for half a minute',
    reboots: { everyMs: 600_000, forMs: 30_000 },
  },
  {
    ...plain,
    name: 'lockout',
    quirk: 'locks for half an hour after three wrong logins',
    seen: 'CamioCam/rtsp #34, evercam/evercam-server #91 (Hikvision)',
    lockout: { tries: 3, forMs: 1_800_000 },
  },
  {
    ...plain,
    name: 'tells-local-time',
    quirk: 'local time told as UTC, and tokens judged by UTC all the same',
    toldClockMs: 8 * 3_600_000,
    toleranceMs: 5_000,
    lockout: { tries: 3, forMs: 1_800_000 },
  },
  { ...plain, name: 'impossible-date', quirk: 'the thirteenth month, 25 o’clock', date: 'impossible' },
  { ...plain, name: 'no-date', quirk: 'GetSystemDateAndTime without a date', date: 'none' },
  { ...plain, name: 'needs-action', quirk: '200 with nothing where Content-Type names no action', needsAction: true },
  { ...plain, name: 'marked-utf8', quirk: 'UTF-8 with a byte-order mark, declared as GB2312', charset: 'marked' },
  { ...plain, name: 'foreign-stream', quirk: 'streams at the host of another interface', streamHost: '192.168.1.108' },
  {
    ...plain,
    name: 'raw-ampersand',
    quirk: 'a stream address with & as it is',
    streamQuery: '?channel=1&subtype=0&unicast=true',
  },
  {
    ...plain,
    name: 'nonce-once',
    quirk: 'HTTP Digest whose nonces serve one call, and a lock after three wrong logins',
    token: 'none',
    http: { algorithm: 'MD5', nonceTail: '', nonceOnce: true },
    lockout: { tries: 3, forMs: 1_800_000 },
  },
  {
    ...plain,
    name: 'new-certificates',
    quirk: 'HTTPS only, with another certificate after each start',
    https: true,
    newCertificates: true,
  },
  {
    ...plain,
    name: 'blank-scopes',
    quirk: 'scopes with blanks and percent signs as they are',
    scopeName: (id) => `CAMERA 1 100% ${id}`,
  },
]

/** What no fleet gets by itself: these are there to be refused, or to be shown as what they are. */
const strays: Profile[] = [
  {
    ...plain,
    name: 'cloned-endpoint',
    quirk: 'one endpoint UUID for every device of the make',
    endpoint: 'urn:uuid:00000000-1111-4222-8333-444444444444',
  },
  {
    ...plain,
    name: 'trades-address',
    quirk:
      'an address from DHCP, which gives two of them each other’s after a power cut; locks after three wrong logins',
    tradesAddress: true,
    lockout: { tries: 3, forMs: 1_800_000 },
  },
  { ...plain, name: 'stray-matches', quirk: 'ProbeMatches that answer nobody’s Probe', strayMatches: true },
  { ...plain, name: 'attribute-bomb', quirk: 'an element with 20,000 attributes', attributes: 20_000 },
]

const profiles: ReadonlyMap<string, Profile> = new Map(
  [plain, ...quirks, ...strays].map((profile) => [profile.name, profile]),
)

export const strayNames: readonly string[] = strays.map((profile) => profile.name)
export const quirkNames: readonly string[] = quirks.map((profile) => profile.name)

export function profileNamed(name: string): Profile {
  const found = profiles.get(name)
  if (!found) throw new TypeError(`there is no profile ${name}: known are ${[...profiles.keys()].join(', ')}`)
  return found
}
