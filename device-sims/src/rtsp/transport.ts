/** Where RTP goes: interleaved in the RTSP connection (RFC 2326 10.12), or two UDP ports of the client. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import type { Socket } from 'node:net'
import type { Sink } from './player.ts'

/** Bytes that may wait for a client before pictures are dropped. */
const mostWaiting = 1_048_576

export type Transport = { sink: Sink; header: string }

/** The transport of a SETUP request; undefined when it asks for nothing that a camera can do. */
export async function openTransport(wanted: string, connection: Socket, ssrc: number): Promise<Transport | undefined> {
  for (const offer of wanted.split(',')) {
    if (/\/TCP/i.test(offer)) {
      const [rtp, rtcp] = pair(/interleaved=(\d+)-(\d+)/.exec(offer)) ?? [0, 1]
      return {
        sink: interleaved(connection, rtp, rtcp),
        header: `RTP/AVP/TCP;unicast;interleaved=${rtp}-${rtcp};ssrc=${hex(ssrc)}`,
      }
    }
    const ports = pair(/client_port=(\d+)-(\d+)/.exec(offer))
    if (!/multicast/i.test(offer) && ports) {
      const [rtp, rtcp] = await evenPair(connection.localAddress!)
      const header = `RTP/AVP;unicast;client_port=${ports[0]}-${ports[1]};server_port=${rtp.address().port}-${rtcp.address().port};ssrc=${hex(ssrc)}`
      return { sink: datagrams(rtp, rtcp, connection.remoteAddress!, ports), header }
    }
  }
  return undefined
}

const hex = (ssrc: number): string => ssrc.toString(16).padStart(8, '0').toUpperCase()
const pair = (match: RegExpExecArray | null): [number, number] | undefined =>
  match ? [Number(match[1]), Number(match[2])] : undefined

function interleaved(connection: Socket, rtp: number, rtcp: number): Sink {
  const put = (channel: number, packet: Buffer): void => {
    const head = Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff])
    connection.write(Buffer.concat([head, packet]))
  }
  return {
    rtp(packet) {
      if (connection.writableLength > mostWaiting) return false
      put(rtp, packet)
      return true
    },
    rtcp: (packet) => put(rtcp, packet),
    close() {},
  }
}

function datagrams(rtp: UdpSocket, rtcp: UdpSocket, host: string, [rtpPort, rtcpPort]: [number, number]): Sink {
  return {
    rtp(packet) {
      rtp.send(packet, rtpPort, host)
      return true
    },
    rtcp: (packet) => rtcp.send(packet, rtcpPort, host),
    close() {
      rtp.close()
      rtcp.close()
    },
  }
}

/** RTP wants an even port and RTCP the next one (RFC 3550 11). */
async function evenPair(address: string): Promise<[UdpSocket, UdpSocket]> {
  for (;;) {
    const rtp = await bind(address, 0)
    const port = rtp.address().port
    const rtcp = port % 2 === 0 ? await bind(address, port + 1).catch(() => undefined) : undefined
    if (rtcp) return [rtp, rtcp]
    rtp.close()
  }
}

function bind(address: string, port: number): Promise<UdpSocket> {
  const socket = createSocket('udp4')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ address, port, exclusive: true }, () => {
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}
