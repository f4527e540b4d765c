/**
 * Makes `console/public/verify.html` of `page.html` and the program: one file that runs from a disk, where a browser loads no module from
 * another file. `node infra/verify/build-page.ts` writes it; a test finds it stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Each after those that it needs. */
const files = ['bytes', 'zip', 'merkle', 'findings', 'batches', 'pack', 'anchor', 'report', 'words']
export const target = new URL('../../console/public/verify.html', import.meta.url)

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

/** All in one scope: what one imports another has declared. */
const program = () =>
  files
    .map((name) =>
      stripTypeScriptTypes(read(`./${name}.ts`))
        .replace(/^import [^;]*?from '[^']+'$/gm, '')
        .replace(/^export /gm, ''),
    )
    .map((text) =>
      text
        .replace(/[ \t]+$/gm, '')
        .replace(/\n{3,}/g, '\n\n')
        .trim(),
    )
    .join('\n\n')

export const page = (): string => read('./page.html').replace('/* program */', () => program())

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, page())
