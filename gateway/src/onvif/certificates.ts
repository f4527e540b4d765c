/**
 * Which certificate a camera is trusted by: the one that is configured, else the one that it showed first. Cameras sign their own, so no
 * authority can vouch for them; another certificate is refused until an operator has accepted it.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Clock, Log } from '@hub/platform'
import { z } from 'zod'

/** SHA-256 fingerprints, hex. */
const Trusted = z.record(z.string(), z.string().regex(/^[\da-f]{64}$/))

export type CertificateState = { trusted: string; offered: string }

/** The certificate of one camera. */
export interface CertificatePin {
  /** Whether it is trusted. The first that is shown is, from then on. @param fingerprint SHA-256, hex, lower case */
  check(fingerprint: string): boolean
  /** Undefined while the camera shows the certificate that it is trusted by. */
  readonly changed: CertificateState | undefined
  /** Trusts the changed one. @returns false when it is not the one that was shown last, or the trusted one is configured */
  accept(fingerprint: string): boolean
}

export interface Certificates {
  /** @param camera what stays the same as long as it is the same camera. @param configured its fingerprint by the configuration */
  of(camera: string, configured?: string): CertificatePin
  /** What has not been written down yet is. */
  close(): void
}

const writeAfterMs = 1_000

/** @param options.path in memory alone when absent */
export function createCertificates({ path, clock, log }: { path?: string; clock: Clock; log: Log }): Certificates {
  const trusted = new Map(path === undefined ? [] : Object.entries(load(path, log)))
  let cancel: (() => void) | undefined

  const save = () => {
    cancel = undefined
    if (path === undefined) return
    try {
      writeFileSync(`${path}.new`, JSON.stringify(Object.fromEntries(trusted)), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    } catch (err) {
      log.warn({ err, path }, 'the certificates of cameras could not be written down')
    }
  }
  const trust = (camera: string, fingerprint: string) => {
    trusted.set(camera, fingerprint)
    cancel ??= clock.after(writeAfterMs, save)
  }

  return {
    of(camera, configured) {
      const fixed = configured?.toLowerCase()
      let offered: string | undefined
      const known = () => fixed ?? trusted.get(camera)
      return {
        check(fingerprint) {
          const before = known()
          if (before === undefined) trust(camera, fingerprint)
          offered = before === undefined || before === fingerprint ? undefined : fingerprint
          return offered === undefined
        },
        get changed() {
          const before = known()
          return offered === undefined || before === undefined ? undefined : { trusted: before, offered }
        },
        accept(fingerprint) {
          if (fixed !== undefined || fingerprint !== offered) return false
          trust(camera, fingerprint)
          offered = undefined
          return true
        },
      }
    },
    close() {
      if (!cancel) return
      cancel()
      save()
    },
  }
}

function load(path: string, log: Log): Record<string, string> {
  try {
    return Trusted.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      log.warn(
        { path, reason: String(error).slice(0, 200) },
        'the certificates of cameras cannot be read: the next that each shows is trusted',
      )
    return {}
  }
}
