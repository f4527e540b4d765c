/** Errors as RFC 9457 problem details, in the viewer's language. */
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { errorMessage, errorTable, HubError, type Problem } from '@hub/contracts'
import type { Log } from '@hub/platform'
import type { Request, Response } from 'express'
import type { Language } from './call.ts'

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
    return new HubError('request.invalid', { field: 'path', value: req.path, limit: 'not percent-encoded UTF-8' })
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
