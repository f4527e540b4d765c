/** ONVIF media (ver10/media/wsdl): two profiles over one sensor. */
import { hasPtz } from './camera.ts'
import { snapshotUri, streamNamed, streamUri } from './media-uri.ts'
import { ns } from './namespaces.ts'
import { configuration as ptzConfiguration } from './ptz.ts'
import type { Call, Service } from './service.ts'
import { invalidArgument } from './soap.ts'
import { type Stream, streams } from './streams.ts'
import { textAt } from './xml.ts'

const sourceSize = streams[0]
const multicast =
  '<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address><tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>'
const sourceInner = `<tt:Name>VideoSourceConfig</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>VideoSource_1</tt:SourceToken><tt:Bounds x="0" y="0" width="${sourceSize.width}" height="${sourceSize.height}"/>`
const encoderToken = (s: Stream): string => s.token.replace('Profile', 'VideoEncoder')

const encoderInner = (s: Stream): string =>
  `<tt:Name>${encoderToken(s)}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>${s.width}</tt:Width><tt:Height>${s.height}</tt:Height></tt:Resolution><tt:Quality>4</tt:Quality>` +
  `<tt:RateControl><tt:FrameRateLimit>${s.fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>${s.kbps}</tt:BitrateLimit></tt:RateControl><tt:H264><tt:GovLength>${s.fps}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264>${multicast}<tt:SessionTimeout>PT60S</tt:SessionTimeout>`

const profile = (s: Stream, ptz: boolean, tag: string): string =>
  `<trt:${tag} token="${s.token}" fixed="true"><tt:Name>${s.name}</tt:Name><tt:VideoSourceConfiguration token="VideoSource_1">${sourceInner}</tt:VideoSourceConfiguration>` +
  `<tt:VideoEncoderConfiguration token="${encoderToken(s)}">${encoderInner(s)}</tt:VideoEncoderConfiguration>${ptz ? ptzConfiguration('tt:PTZConfiguration') : ''}</trt:${tag}>`

function encoderOf({ body }: Call): Stream {
  const token = textAt(body, 'ConfigurationToken')
  const found = streams.find((s) => encoderToken(s) === token)
  if (!found) throw invalidArgument('NoConfig', `Configuration token ${token ?? 'missing'} does not exist`)
  return found
}

const mediaUri = (uri: string): string =>
  `<trt:MediaUri><tt:Uri>${uri}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri>`
const range = (tag: string, min: number, max: number): string =>
  `<tt:${tag}><tt:Min>${min}</tt:Min><tt:Max>${max}</tt:Max></tt:${tag}>`

const encoderOptions = (): string =>
  `<trt:Options>${range('QualityRange', 1, 6)}<tt:H264>${streams.map((s) => `<tt:ResolutionsAvailable><tt:Width>${s.width}</tt:Width><tt:Height>${s.height}</tt:Height></tt:ResolutionsAvailable>`).join('')}` +
  `${range('GovLengthRange', 1, 400)}${range('FrameRateRange', 1, 25)}${range('EncodingIntervalRange', 1, 1)}<tt:H264ProfilesSupported>Main</tt:H264ProfilesSupported></tt:H264></trt:Options>`

export const mediaService: Service = {
  ns: ns.media,
  prefix: 'trt',
  path: '/onvif/media_service',
  version: [2, 60],
  operations: {
    GetProfiles: { answer: ({ camera }) => streams.map((s) => profile(s, hasPtz(camera), 'Profiles')).join('') },
    GetProfile: { answer: (call) => profile(streamNamed(call), hasPtz(call.camera), 'Profile') },
    GetStreamUri: { answer: (call) => mediaUri(streamUri(call, streamNamed(call))) },
    GetSnapshotUri: { answer: (call) => mediaUri(snapshotUri(call, streamNamed(call))) },
    GetVideoSources: {
      answer: () =>
        `<trt:VideoSources token="VideoSource_1"><tt:Framerate>${sourceSize.fps}</tt:Framerate><tt:Resolution><tt:Width>${sourceSize.width}</tt:Width><tt:Height>${sourceSize.height}</tt:Height></tt:Resolution></trt:VideoSources>`,
    },
    GetVideoSourceConfigurations: {
      answer: () => `<trt:Configurations token="VideoSource_1">${sourceInner}</trt:Configurations>`,
    },
    GetVideoEncoderConfigurations: {
      answer: () =>
        streams
          .map((s) => `<trt:Configurations token="${encoderToken(s)}">${encoderInner(s)}</trt:Configurations>`)
          .join(''),
    },
    GetVideoEncoderConfiguration: {
      answer: (call) => {
        const s = encoderOf(call)
        return `<trt:Configuration token="${encoderToken(s)}">${encoderInner(s)}</trt:Configuration>`
      },
    },
    GetVideoEncoderConfigurationOptions: { answer: encoderOptions },
    GetServiceCapabilities: {
      open: true,
      answer: () =>
        '<trt:Capabilities SnapshotUri="true"><trt:ProfileCapabilities MaximumNumberOfProfiles="2"/><trt:StreamingCapabilities RTPMulticast="false" RTP_TCP="true" RTP_RTSP_TCP="true"/></trt:Capabilities>',
    },
  },
}
