/** A file sent to the hub, which says how much of it has gone: `fetch` cannot. Fails as `call` does. */
import { ApiError, answerOf, headersOf, urlOf } from './client.ts'

/**
 * @param onSent bytes that have left the browser, of how many
 * @param type of the file; what a file is, its bytes say: browsers call a CSV file by many types
 */
export async function upload<T>(
  path: string,
  file: Blob,
  onSent: (sent: number, size: number) => void,
  type = 'text/csv',
): Promise<T> {
  const request = new XMLHttpRequest()
  request.open('POST', urlOf(path))
  for (const [name, value] of Object.entries(headersOf(type))) request.setRequestHeader(name, value)
  request.upload.addEventListener('progress', ({ loaded }) => onSent(Math.min(loaded, file.size), file.size))
  request.upload.addEventListener('load', () => onSent(file.size, file.size))
  await new Promise<void>((done, failed) => {
    request.addEventListener('load', () => done())
    for (const end of ['error', 'abort', 'timeout']) request.addEventListener(end, () => failed(new ApiError(0, null)))
    request.send(file)
  })
  const answered = request.getResponseHeader('content-type') ?? ''
  return answerOf<T>(path, request.status, answered, async () => JSON.parse(request.responseText))
}
