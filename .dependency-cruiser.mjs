import { readdirSync } from 'node:fs'

/**
 * The import law:
 *   contracts ◀ core ◀ platform ◀ { every feature room, api, gateway } ◀ hub
 *   contracts, core ◀ console;  contracts ◀ device-sims
 * `test/rules/import-law.test.ts` plants one violation of each rule and expects it to be named.
 */
const foundations = ['contracts', 'core', 'platform', 'hub']
/** Every other folder of `services` is a room by itself: a new one is under the law at once. */
const features = readdirSync('services').filter((name) => !foundations.includes(name))

const room = {
  contracts: '^services/contracts/',
  core: '^services/core/',
  platform: '^services/platform/',
  feature: `^(services/(${features.join('|')})|gateway)/`,
  hub: '^services/hub/',
  console: '^console/',
  sims: '^device-sims/',
  test: '^test/',
  infra: '^infra/',
}
const any = (...names) => names.map((name) => room[name]).join('|')
const tests = '(\\.test\\.ts|/testing/[^/]+\\.ts)$'
const sides = Object.keys(room)
/** `from` may import, among the rooms, only itself and `may`. */
const law = (from, ...may) => ({
  name: `${from}-imports-only-${may.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: room[from], pathNot: tests },
  to: { path: any(...sides.filter((side) => side !== from && !may.includes(side))) },
})

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    law('contracts'),
    law('core', 'contracts'),
    law('platform', 'contracts', 'core'),
    law('feature', 'contracts', 'core', 'platform'),
    law('hub', 'contracts', 'core', 'platform', 'feature'),
    law('console', 'contracts', 'core'),
    law('sims', 'contracts'),
    {
      name: 'feature-rooms-meet-on-the-bus',
      severity: 'error',
      from: { path: `^(services/(?:${features.join('|')})|gateway)/`, pathNot: tests },
      to: { path: room.feature, pathNot: '^$1/' },
    },
    {
      name: 'core-is-pure',
      comment: 'Time, randomness and I/O come in as arguments.',
      severity: 'error',
      from: { path: room.core, pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'rooms-have-one-door',
      comment: 'Another room is imported by its index.ts; what comes before anything is loaded has a door of its own.',
      severity: 'error',
      from: { path: '^(services/[^/]+|gateway|console|device-sims)/', pathNot: tests },
      to: {
        path: '^(services/[^/]+|gateway|device-sims)/src/',
        pathNot: ['^$1/', '/src/index\\.ts$', '^services/platform/src/memory\\.ts$'],
      },
    },
    {
      name: 'simulated-onvif-is-its-own',
      comment: 'A simulator that shares a parser with what it tests proves nothing.',
      severity: 'error',
      from: { path: '^device-sims/src/camera/', pathNot: tests },
      to: { path: room.contracts },
    },
    {
      name: 'the-verifier-is-its-own',
      comment: 'A verifier that shares code with the maker proves nothing.',
      severity: 'error',
      from: { path: '^infra/verify/', pathNot: tests },
      to: { path: '^(services|gateway|console|device-sims|test)/|^infra/(?!verify/)' },
    },
    {
      name: 'nothing-imports-the-tests',
      severity: 'error',
      from: { pathNot: `^test/|${tests}` },
      to: { path: `^test/|${tests}` },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|.*\\?worker)' },
    },
    {
      name: 'declared-dependencies',
      severity: 'error',
      from: { path: '^(services|gateway|device-sims)/', pathNot: tests },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: ['(^|/)dist/', 'console/dev/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
