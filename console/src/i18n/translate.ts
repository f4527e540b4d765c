/**
 * Finds a sentence and fills in its parameters; both are checked by type against the Chinese catalogue. Each folder has its own
 * sentences in `zh.ts` and `en.ts`, so that a new page brings its words without an edit elsewhere.
 */
export type Language = 'zh' | 'en'
type Sentences = Readonly<Record<string, string>>
/** The same sentences in both languages. A key that one of them lacks is a type error. */
export type Words<Zh extends Sentences> = { zh: Zh; en: Readonly<Record<keyof Zh, string>> }

type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
/** What a sentence must be given: nothing, or a value for each `{name}` in it. */
export type Params<S extends string> = Names<S> extends never ? [] : [Record<Names<S>, string | number>]

let current: () => Language = () => 'zh'

/** Sets where `t` takes the language in force from; Chinese until then. */
export function setLanguageSource(language: () => Language): void {
  current = language
}

/** `t` uses the language in force, `translate` a given one. */
export function translator<const Zh extends Sentences>(words: Words<Zh>) {
  function translate<K extends keyof Zh>(language: Language, key: K, ...[params]: Params<Zh[K]>): string {
    const text: string = words[language][key]
    if (!params) return text
    return text.replace(/\{(\w+)\}/g, (_, name: keyof typeof params) => String(params[name]))
  }
  const t = <K extends keyof Zh>(key: K, ...params: Params<Zh[K]>): string => translate(current(), key, ...params)
  return { t, translate }
}
