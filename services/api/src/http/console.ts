/** Serves the built console: hashed assets for ever, everything else fresh; unknown paths are views of the one page. */
import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { HubError } from '@hub/contracts'
import express, { type Express, type Next, type Request, type Response } from 'express'

const forever = 'public, max-age=31536000, immutable'
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** Vite puts what it has hashed under /assets/. */
const hashed = (path: string) => path.startsWith('/assets/')
const types: { [extension: string]: string } = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

/** A compressed sibling made by the build, when there is one and the client takes it. */
function compressed(root: string) {
  return (req: Request, res: Response, next: Next) => {
    const type = types[extname(req.path)]
    if (!type || !hashed(req.path) || !/^[\w./-]+$/.test(req.path) || req.path.includes('..')) return next()
    res.vary('Accept-Encoding')
    for (const [encoding, suffix] of encodings)
      if (req.acceptsEncodings(encoding) && existsSync(join(root, req.path + suffix))) {
        const headers = { 'Content-Encoding': encoding, 'Content-Type': type, 'Cache-Control': forever }
        return res.sendFile(req.path.slice(1) + suffix, { root, headers }, onlyError(res, next))
      }
    next()
  }
}

/** `sendFile` calls back after success too, and when the client has gone away half-way: then there is nobody to answer. */
const onlyError = (res: Response, next: Next) => (error?: Error) => {
  if (error && !res.headersSent) next(error)
}

const notBuilt = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>数字衡阳</title>
<p>控制台尚未构建：请运行 <code>npm start</code>，或 <code>npm run build -w console</code>。
<p lang="en">The console is not built: run <code>npm start</code>, or <code>npm run build -w console</code>.`

/** @param root folder of the built console */
export function mountConsole(app: Express, root: string): void {
  app.use(compressed(root))
  app.use(
    express.static(root, {
      index: false,
      setHeaders: (res, path) =>
        res.setHeader('Cache-Control', hashed(path.slice(root.length).replaceAll('\\', '/')) ? forever : 'no-cache'),
    }),
  )
  app.use((req: Request, res: Response, next: Next) => {
    const view = (req.method === 'GET' || req.method === 'HEAD') && extname(req.path) === ''
    if (!view) return next(new HubError('route.unknown', { value: `${req.method} ${req.path}` }))
    if (!existsSync(join(root, 'index.html'))) return res.status(503).type('html').send(notBuilt)
    res.sendFile('index.html', { root, headers: { 'Cache-Control': 'no-cache' } }, onlyError(res, next))
  })
}
