/** ONVIF media 2 (ver20/media/wsdl), as much as makers that dropped version 1 need. */
import { snapshotUri, streamNamed, streamUri } from './media-uri.ts'
import { ns } from './namespaces.ts'
import type { Service } from './service.ts'
import { type Stream, streams } from './streams.ts'

const encoder = (tag: string, s: Stream): string =>
  `<${tag} token="${s.token.replace('Profile', 'VideoEncoder')}" GovLength="${s.fps}" Profile="Main"><tt:Name>${s.name}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>` +
  `<tt:Resolution><tt:Width>${s.width}</tt:Width><tt:Height>${s.height}</tt:Height></tt:Resolution><tt:RateControl ConstantBitRate="false"><tt:FrameRateLimit>${s.fps}</tt:FrameRateLimit><tt:BitrateLimit>${s.kbps}</tt:BitrateLimit></tt:RateControl><tt:Quality>4</tt:Quality></${tag}>`

const profile = (s: Stream): string =>
  `<tr2:Profiles token="${s.token}" fixed="true"><tr2:Name>${s.name}</tr2:Name><tr2:Configurations>${encoder('tr2:VideoEncoder', s)}</tr2:Configurations></tr2:Profiles>`

export const media2Service: Service = {
  ns: ns.media2,
  prefix: 'tr2',
  path: '/onvif/media2_service',
  version: [20, 12],
  operations: {
    GetProfiles: { answer: () => streams.map(profile).join('') },
    GetVideoEncoderConfigurations: { answer: () => streams.map((s) => encoder('tr2:Configurations', s)).join('') },
    GetStreamUri: { answer: (call) => `<tr2:Uri>${streamUri(call, streamNamed(call))}</tr2:Uri>` },
    GetSnapshotUri: { answer: (call) => `<tr2:Uri>${snapshotUri(call, streamNamed(call))}</tr2:Uri>` },
  },
}
