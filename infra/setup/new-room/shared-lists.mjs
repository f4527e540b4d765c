/** The lists that know every room: what a new one adds to each. The text is put in its place; the formatter sorts the imports. */

/** Path → text of before → text of after. */
export const sharedLists = ({ room, camel, pascal }, manifest) => ({
  'services/hub/src/modules.ts': (text) =>
    insert(text, [
      ["import type { Module } from '@hub/platform'\n", `import { ${camel}Module } from '@hub/${room}'\n`],
      ['] as const\n', `  ${camel}Module, // notes that arrive by the bus\n`],
    ]),
  'services/hub/package.json': (text) => {
    const hub = JSON.parse(text)
    hub.dependencies = sorted({ ...hub.dependencies, [manifest.name]: '*' })
    return `${JSON.stringify(hub, null, 2)}\n`
  },
  // What `npm install` writes: the room is a link, so nothing has to be asked of a registry.
  'package-lock.json': (text) => {
    const lock = JSON.parse(text)
    const { name, version, dependencies } = manifest
    const hub = lock.packages['services/hub']
    hub.dependencies = sorted({ ...hub.dependencies, [name]: '*' })
    const link = { resolved: `services/${room}`, link: true }
    lock.packages = sorted({
      ...lock.packages,
      [`node_modules/${name}`]: link,
      [`services/${room}`]: { name, version, dependencies },
    })
    return `${JSON.stringify(lock, null, 2)}\n`
  },
  'services/contracts/src/features.ts': (text) =>
    insert(text, [
      ['\nexport * from', `import { ${camel}Messages } from './${room}/messages.ts'\n`],
      ['\nexport * from', `import { ${camel}Routes } from './${room}/routes.ts'\n`],
      ['\nexport const routes = {', `export * from './${room}/index.ts'\n`],
      ['  ...streamRoutes,\n', `  ...${camel}Routes,\n`],
      ['  ...commonMessages,\n', `  ...${camel}Messages,\n`],
    ]),
  'services/core/src/index.ts': (text) => `${text}export * from './${room}/index.ts'\n`,
  'console/src/pages.ts': (text) =>
    insert(text, [
      ['import type { IconName }', `import { words as ${camel}Words } from './pages/${room}/words.ts'\n`],
      [
        '] as const\n',
        `  page({ path: '${room}', icon: { under: 'overview' }, permission: 'view', load: () => import('./pages/${room}/${pascal}Page.svelte'), words: ${camel}Words }),\n`,
      ],
    ]),
})

/** Puts each line before the first place where its anchor stands. */
function insert(text, lines) {
  return lines.reduce((before, [anchor, line]) => {
    const at = before.indexOf(anchor)
    if (at < 0) throw new Error(`a shared list has no ${JSON.stringify(anchor)} any more`)
    return before.slice(0, at) + line + before.slice(at)
  }, text)
}

const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => a.localeCompare(b, 'en')))
