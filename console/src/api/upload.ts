/** A file sent to the hub, which says how much of it has gone: `fetch` cannot. Fails as `call` does. */
import { ApiError, answerOf, headersOf, urlOf } from './client.ts'

/** @param onSent bytes that have left the browser, of how many */
export async function upload<T>(path: string, file: Blob, onSent: (sent: number, size: number) => void): Promise<T> {
  const request = new XMLHttpRequest()
  request.open('POST', urlOf(path))
  // What a file is, its bytes say: browsers call a CSV file by many types.
  for (const [name, value] of Object.entries(headersOf('text/csv'))) request.setRequestHeader(name, value)
  request.upload.addEventListener('progress', ({ loaded }) => onSent(Math.min(loaded, file.size), file.size))
  request.upload.addEventListener('load', () => onSent(file.size, file.size))
  await new Promise<void>((done, failed) => {
    request.addEventListener('load', () => done())
    for (const end of ['error', 'abort', 'timeout']) request.addEventListener(end, () => failed(new ApiError(0, null)))
    request.send(file)
  })
  const type = request.getResponseHeader('content-type') ?? ''
  return answerOf<T>(path, request.status, type, async () => JSON.parse(request.responseText))
}
