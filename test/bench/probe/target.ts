/** The camera that is probed: answers every request with the same bytes. A process of its own, so that its CPU is not counted. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const answers = {
  clock: readFileSync(new URL('../../../gateway/src/onvif/fixtures/dahua-clock.http', import.meta.url)),
  information: readFileSync(
    new URL('../../../gateway/src/onvif/fixtures/dahua-gb2312-information.http', import.meta.url),
  ),
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {})
  let text = ''
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
    if (text.trimEnd().endsWith('Envelope>'))
      socket.end(text.includes('GetDeviceInformation') ? answers.information : answers.clock)
  })
})
server.listen(0, '127.0.0.1', 4_096, () => process.send?.((server.address() as { port: number }).port))
