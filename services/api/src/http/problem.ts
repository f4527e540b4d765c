/** Errors as RFC 9457 problem details, in the viewer's language. */
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { errorMessage, errorTable, HubError, limitText, type Problem } from '@hub/contracts'
import { isDiskRefusal, type Language, type Log } from '@hub/platform'
import type { Request, Response } from 'express'

/** Chinese unless the client prefers English. */
export const languageOf = (req: Request): Language => (req.acceptsLanguages('zh', 'en') === 'en' ? 'en' : 'zh')

export function problemOf(error: HubError, language: Language): Problem {
  const { code, params } = error
  const { status, action } = errorTable[code]
  return {
    type: `urn:hengyang-hub:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail: errorMessage(code, params, language),
    action: action[language],
    ...(params.field === undefined ? {} : { field: params.field }),
    ...(params.row === undefined ? {} : { row: params.row }),
  }
}

/** A stranger becomes `internal` with a reference that the log holds; its text never leaves. */
function asHubError(error: unknown, log: Log, req: Request): HubError {
  if (error instanceof HubError) return error
  if (error instanceof URIError)
    return new HubError('request.invalid', { field: 'path', value: req.path, limit: limitText('not-percent-utf8') })
  if (isDiskRefusal(error)) {
    log.warn({ err: error, method: req.method, path: req.path }, 'the disk refuses what a request writes')
    return new HubError('record.full')
  }
  const reference = randomUUID().slice(0, 8)
  log.error({ err: error, reference, method: req.method, path: req.path }, 'a request failed inside')
  return new HubError('internal', { value: reference })
}

export function sendProblem(error: unknown, req: Request, res: Response, log: Log): void {
  const problem = problemOf(asHubError(error, log, req), languageOf(req))
  // The answer has begun: cutting the connection is the only way left to say that it is not whole.
  if (res.headersSent) return void res.destroy()
  if (!req.complete) res.set('Connection', 'close')
  res.status(problem.status).set('Cache-Control', 'no-store').vary('Accept-Language')
  res.type('application/problem+json').send(JSON.stringify(problem))
}
