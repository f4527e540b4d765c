/** A device of nobody's record, which is found as any camera is. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'

export type Stranger = { address: string; close(): void }

/** It answers every call with an envelope that ends in the middle. @param address in the range that a gateway searches */
export async function brokenCamera(address: string): Promise<Stranger> {
  const http = createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'application/soap+xml' })
    answer.end('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><GetSystemDateAndTimeResp')
  }).listen(0, address)
  await once(http, 'listening')
  const { port } = http.address() as { port: number }
  const udp = createSocket({ type: 'udp4', reuseAddr: true })
  udp.on('message', (probe, from) => {
    const relatesTo = /MessageID>([^<]+)</.exec(probe.toString())?.[1]
    udp.send(
      `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:RelatesTo>${relatesTo}</w:RelatesTo></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch><w:EndpointReference><w:Address>urn:uuid:00000000-0000-4000-8000-0000000bad00</w:Address></w:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/broken</d:Scopes><d:XAddrs>http://${address}:${port}/onvif/device_service</d:XAddrs></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>`,
      from.port,
      from.address,
    )
  })
  udp.bind(3702, address)
  await once(udp, 'listening')
  return {
    address,
    close() {
      http.close()
      http.closeAllConnections()
      udp.close()
    },
  }
}
