/** Takes every secret out of a text that people will read: passwords, digests, and what a digest could be replayed or guessed from. */

const masked = '***'

const rules: readonly (readonly [found: RegExp, shown: string])[] = [
  [/^((?:Proxy-)?Authorization:[ \t]*[\w-]*)[^\r\n]*/gim, `$1 ${masked}`],
  [/^(Cookie|Set-Cookie):[^\r\n]*/gim, `$1: ${masked}`],
  [/\b(nonce|cnonce|response|opaque|nextnonce|rspauth)(\s*=\s*)("[^"]*"|[^,\s"<>]+)/gi, `$1$2${masked}`],
  // WS-UsernameToken, whatever the prefix, also as the text of another element; cut off, it has no end.
  [
    /((?:<|&lt;|&#60;|&#x3c;)(?:[\w-]+:)?(?:Password|Nonce|Created)\b(?:[^>&]|&(?!gt;))*(?:>|&gt;))[^<&]*/gi,
    `$1${masked}`,
  ],
  // What looks like a digest or a nonce, wherever it stands: Base64 of 16, 20 or 32 bytes, MD5 and SHA-256 in hex.
  [/(?<![\w+/])[\w+/]{22}==|(?<![\w+/])(?:[\w+/]{27}|[\w+/]{43})=(?!=)/g, masked],
  [/\b(?:[\da-f]{32}|[\da-f]{64})\b/gi, masked],
  [/([?&;](?:pass(?:word|wd)?|pwd|token|auth|key|secret)=)[^&;\s"'<>]+/gi, `$1${masked}`],
  [/(\b[a-z][\w+.-]*:\/\/)[^\s/@"'<>]+@/gi, `$1${masked}@`],
]

const entities: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** A character as it may come back from a camera that repeats what it was sent: plain, of XML, of a URI, of JSON. */
function spellings(character: string): string {
  const code = character.codePointAt(0)!
  const named = entities[character]
  return [
    escapeRegExp(character),
    ...(named ? [`&${named};`] : []),
    `&#0*${code};`,
    `&#x0*${code.toString(16)};`,
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    `\\\\u${code.toString(16).padStart(4, '0')}`,
    ...('"\\/'.includes(character) ? [`\\\\${escapeRegExp(character)}`] : []),
  ].join('|')
}

/** The password of a login, however it is written. One or two letters stand in any text: they are left to the rules. */
function literally({ user, password }: Login): RegExp | undefined {
  if (password.length < 3) return undefined
  const base64 = [`${user}:${password}`, password].map((text) => escapeRegExp(Buffer.from(text).toString('base64')))
  const spelt = [...password].map((character) => `(?:${spellings(character)})`).join('')
  return new RegExp([...base64, spelt].join('|'), 'gi')
}

export type Mask = (text: string) => string
type Login = { user: string; password: string }
/** A fleet shares a few logins. */
const masks = new WeakMap<Login, Mask>()

/** @param login whose password is taken out literally as well */
export function maskOf(login: Login | undefined): Mask {
  if (!login) return (text) => hide(text)
  const known = masks.get(login)
  if (known) return known
  const literal = literally(login)
  const mask = (text: string) => hide(text, literal)
  masks.set(login, mask)
  return mask
}

function hide(text: string, literal?: RegExp): string {
  let shown = literal ? text.replace(literal, masked) : text
  for (const [found, instead] of rules) shown = shown.replace(found, instead)
  return shown
}
