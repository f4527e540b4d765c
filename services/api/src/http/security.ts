/** Headers of every answer. The policy is what the console needs and no more: no other site, no inline script. */
import type { RequestListener } from 'node:http'
import helmet from 'helmet'

export const securityHeaders = (): ((...args: [...Parameters<RequestListener>, (err?: unknown) => void]) => void) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // The hub itself speaks http behind a proxy or on loopback: the proxy decides on HSTS.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  })
