/**
 * A reporter of vitest that keeps what the last lines of `npm test` say: how many passed, what failed and with which words, what
 * was skipped and why. What was thrown outside every test is in none of vitest's own files, and fails the run all the same.
 */
import { writeFileSync } from 'node:fs'

const lengthLimit = 1_500
const words = (errors) =>
  errors
    .map((error) =>
      (error.stack?.includes(error.message) ? error.stack : `${error.message}\n${error.stack ?? ''}`).trim(),
    )
    .join('\n')
    .slice(0, lengthLimit)

/**
 * @param modules vitest's TestModule, each with its tests
 * @param unhandled errors that no test caught
 * @returns counts, and a text for each failure and each skipped suite; a suite that was skipped as a whole is one
 */
export function outcomeOf(modules, unhandled) {
  const count = { passed: 0, failed: 0, skipped: 0 }
  const failures = []
  const skipped = new Set()
  const fail = (where, errors) => {
    count.failed += 1
    failures.push(`${where}\n${words(errors)}`)
  }
  for (const module of modules) {
    const file = module.moduleId.split('/').at(-1)
    if (module.errors().length > 0) fail(`${file}: as a whole`, module.errors())
    for (const suite of module.children.allSuites())
      if (suite.errors().length > 0) fail(`${file}: ${suite.fullName}`, suite.errors())
    for (const test of module.children.allTests()) {
      const { state, errors } = test.result()
      if (state === 'passed') count.passed += 1
      else if (state === 'failed') fail(`${file}: ${test.fullName}`, errors)
      else {
        count.skipped += 1
        skipped.add(`${file}: ${whySkipped(test.fullName)}`)
      }
    }
  }
  for (const error of unhandled) fail('thrown outside every test', [error])
  return { count, failures, skipped: [...skipped] }
}

function whySkipped(fullName) {
  const titles = fullName.split(' > ')
  const suite = titles.findIndex((one) => one.includes('(skipped: '))
  return suite < 0 ? `${fullName} (skipped: no reason given)` : titles.slice(0, suite + 1).join(' > ')
}

export default class {
  onTestRunEnd(modules, unhandled) {
    writeFileSync(process.env.HUB_TEST_OUTCOME, JSON.stringify(outcomeOf(modules, unhandled)))
  }
}
