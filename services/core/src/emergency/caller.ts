/** A caller as everybody at an incident sees him: enough to tell two apart, too little to call. Whoever needs him whole asks, and is logged. */

/** `138****1234`; of a shorter number less is shown, of three digits (110) nothing. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  // A country code says nothing about the person: what is shown of a mobile number is its network.
  const own = phone.startsWith('+86') && digits.length === 13 ? digits.slice(2) : digits
  if (own.length >= 11) return `${own.slice(0, 3)}****${own.slice(-4)}`
  return own.length >= 7 ? `****${own.slice(-2)}` : '****'
}

/** The first character: 张三 is 张*. */
export function maskName(name: string): string {
  const [first = '', ...rest] = [...name]
  return rest.length === 0 ? '*' : first + '*'.repeat(Math.min(rest.length, 2))
}
