/**
 * Whether the address that a discovered device states may be believed. Anybody on the network can answer a Probe and
 * name any address: the gateway would then open a connection to it (SSRF) or send it a login. So only the address that
 * the answer came from counts, and a statement that differs from it is for an operator to judge.
 */
import { isIPv4, isIPv6 } from 'node:net'
import type { QuarantineReason } from '@hub/contracts'

export type Judgement = { quarantine: QuarantineReason /** The believed addresses first. */; xaddrs: string[] }

const worstFirst: QuarantineReason[] = [
  'xaddr-link-local',
  'xaddr-loopback',
  'xaddr-name',
  'xaddr-host-differs',
  'xaddr-malformed',
]

/** Addresses of one answer that are looked at, and that are told: a right one may stand behind several that cannot be used. */
const mostJudged = 32
const mostTold = 8

/**
 * @param responder IP address that the datagram came from.
 * @param allowLoopback for simulators: a device on 127/8 may state its own address, and no other.
 */
export function judge(responder: string, stated: readonly string[], allowLoopback: boolean): Judgement {
  const xaddrs = stated.filter((xaddr) => xaddr.length <= 512).slice(0, mostJudged)
  if (xaddrs.length === 0) return { quarantine: stated.length === 0 ? 'xaddr-missing' : 'xaddr-malformed', xaddrs }
  const verdicts = xaddrs.map((xaddr) => ({ xaddr, reason: judgeOne(responder, xaddr, allowLoopback) }))
  const believed = verdicts.filter((v) => v.reason === 'new')
  // Cameras list an IPv6 or a second interface beside the address they are asked on: one that is right is enough.
  if (believed.length > 0)
    return {
      quarantine: 'new',
      xaddrs: [...believed, ...verdicts.filter((v) => v.reason !== 'new')].map((v) => v.xaddr).slice(0, mostTold),
    }
  return {
    quarantine: worstFirst.find((reason) => verdicts.some((v) => v.reason === reason)) ?? 'xaddr-malformed',
    xaddrs: xaddrs.slice(0, mostTold),
  }
}

function judgeOne(responder: string, xaddr: string, allowLoopback: boolean): QuarantineReason {
  if (!URL.canParse(xaddr)) return 'xaddr-malformed'
  const url = new URL(xaddr)
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password || url.port === '0')
    return 'xaddr-malformed'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!isIPv4(host) && !isIPv6(host)) return host === 'localhost' ? 'xaddr-loopback' : 'xaddr-name'
  if (isLinkLocal(host)) return 'xaddr-link-local'
  if (isLoopback(host) && !(allowLoopback && host === responder))
    return isLoopback(responder) && allowLoopback ? 'xaddr-host-differs' : 'xaddr-loopback'
  return host === responder ? 'new' : 'xaddr-host-differs'
}

/** `URL` has already turned 0x7f.1, 2130706433 and the like into dotted form. */
const isLoopback = (host: string) =>
  host.startsWith('127.') || host === '0.0.0.0' || host === '::1' || host === '::' || /^::ffff:7f/i.test(host)
const isLinkLocal = (host: string) =>
  host.startsWith('169.254.') || /^fe[89ab]/i.test(host) || /^::ffff:a9fe/i.test(host)
