/**
 * `npm run new-room -- NAME [--zh 名称]`: a room that works, with its tests, in all the places where a room has a folder, and its line in each
 * list that knows every room. Prints what it edited outside the room's own folders.
 */
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { fail, installPackages, node24, root, runQuietly } from './lib.mjs'
import { isRoomName, namesOf } from './new-room/names.mjs'
import { pageFiles } from './new-room/page.mjs'
import { roomFiles } from './new-room/room.mjs'
import { sharedLists } from './new-room/shared-lists.mjs'
import { contractsFiles, coreFiles } from './new-room/vocabulary.mjs'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { zh: { type: 'string' } } })
const [name] = positionals
if (positionals.length !== 1 || !isRoomName(name))
  fail('用法 usage: npm run new-room -- NAME [--zh 名称]   (NAME: kebab-case, e.g. parking-lots)')

const names = namesOf(name)
const own = [
  `services/${name}`,
  `services/contracts/src/${name}`,
  `services/contracts/examples/${names.camel}Noted`,
  `services/core/src/${name}`,
  `console/src/pages/${name}`,
]
const taken = own.filter((folder) => existsSync(join(root, folder)))
if (taken.length > 0) fail(`已经存在 there already: ${taken.join(', ')}`)
if (!existsSync(node24)) await installPackages()

const read = (path) => readFileSync(join(root, path), 'utf8')
const write = (path, text) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
/** The same versions as its neighbours. */
const versions = JSON.parse(read('services/uptime/package.json')).dependencies
const title = { zh: values.zh ?? name, en: name[0].toUpperCase() + name.slice(1).replaceAll('-', ' ') }
const files = {
  ...under(`services/${name}`, roomFiles(names, versions)),
  ...under('services/contracts', contractsFiles(names)),
  ...under('services/core', coreFiles(names)),
  ...under(`console/src/pages/${name}`, pageFiles(names, title)),
}
const lists = sharedLists(names, JSON.parse(files[`services/${name}/package.json`]))
// All or nothing: a list that has no place for the line stops here.
const edited = Object.entries(lists).map(([path, edit]) => [path, edit(read(path))])
for (const [path, text] of [...Object.entries(files), ...edited]) write(path, text)
link(`@hub/${name}`, `services/${name}`)

const formatted = [...own, ...edited.map(([path]) => path)].filter((path) => path !== 'package-lock.json')
await must('biome', ['check', '--write', ...formatted.filter((path) => !path.includes('/examples/'))])
const generated = 'services/contracts/generated/openapi.json'
await must('node', ['services/contracts/src/generate.ts'])

const outside = [...edited.map(([path]) => path), generated]
console.log(`新建 written: ${Object.keys(files).length} files in ${own.join(', ')}`)
console.log(`另生成 generated: services/contracts/generated/${names.camel}Noted.schema.json`)
console.log(`自有目录之外修改 edited outside the room's own folders: ${outside.length}`)
for (const path of outside) console.log(`  ${path}`)
console.log(`接下来 next: the line of ${names.camel}Module in services/hub/src/modules.ts says what the room is for; the icon of its page in
  console/src/pages.ts puts it into the navigation, and then its task belongs in test/e2e/console. Then: npm run check`)

function under(folder, contents) {
  return Object.fromEntries(Object.entries(contents).map(([path, text]) => [`${folder}/${path}`, text]))
}

/** As `npm install` would, which has nothing else to do for a room. */
function link(packageName, folder) {
  const place = join(root, 'node_modules', packageName)
  if (!lstatSync(place, { throwIfNoEntry: false })) symlinkSync(join('../..', folder), place, 'dir')
}

async function must(command, args) {
  const { code, output } = await runQuietly(command, args)
  if (code !== 0) fail(`${command} ${args.join(' ')}:\n${output}`)
}
