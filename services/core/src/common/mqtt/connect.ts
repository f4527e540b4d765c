/** Which CONNECTs are refused whoever sends them, with the return codes of MQTT 3.1.1 §3.2.2.3. Pure. */

export type ConnectFault = { returnCode: 2 | 5; reason: string }

/** As the client sent it, of a protocol that is spoken here. `keepalive` in seconds, 0: none. */
type Connect = { clientId: string; user: string; clean: boolean; keepalive: number }

/** `null`: nothing speaks against it but, perhaps, its password. */
export function connectFault(
  { clientId, user, clean, keepalive }: Connect,
  longestKeepalive: number,
): ConnectFault | null {
  // MQTT-3.1.3-8.
  if (clientId === '' && !clean) return { returnCode: 2, reason: 'an empty client id without a clean session' }
  // Whoever takes another's client id ends its connection and gets its messages.
  if (clientId !== '' && clientId !== user && !clientId.startsWith(`${user}:`))
    return { returnCode: 2, reason: 'the client id is not the user' }
  // 3.1.1 has no code for it: 6, which some brokers send, does not exist.
  if (keepalive > longestKeepalive)
    return { returnCode: 5, reason: `a keepalive of ${keepalive} s: at most ${longestKeepalive} s` }
  return null
}
