/** First letters of Chinese words, for who types faster than they choose characters: `解放路` → `jfl`. Pure. */
const letters = 'abcdefghjklmnopqrstwxyz'
/** Of each letter the first character in the order of pinyin; no syllable begins with i, u or v. */
const firsts = [...'阿八嚓哒妸发旮哈讥咔垃呣拏噢妑七呥扨它穵夕丫帀']
const order = new Intl.Collator('zh-CN-u-co-pinyin')
const known = new Map<string, string>()

function initialOf(character: string): string {
  const found = known.get(character)
  if (found !== undefined) return found
  const initial = /\p{Script=Han}/u.test(character)
    ? (letters[firsts.findLastIndex((first) => order.compare(first, character) <= 0)] ?? '')
    : /[a-z0-9]/i.test(character)
      ? character.toLowerCase()
      : ''
  known.set(character, initial)
  return initial
}

/** A character that has several readings gives the commonest. */
export const initialsOf = (text: string): string => [...text].map(initialOf).join('')

/** Whether a text has what was typed, in characters or in first letters. */
export function soundsLike(text: string, typed: string): boolean {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return true
  return text.toLowerCase().includes(wanted) || (/^[a-z0-9]+$/.test(wanted) && initialsOf(text).includes(wanted))
}
