import { expect, test } from 'vitest'
import { queryText } from '../../router/address.ts'
import { formatProblemsFirst, parseProblemsFirst } from './query.ts'

test('problems stand first unless the order of codes is asked for', () => {
  for (const problemsFirst of [true, false])
    expect(parseProblemsFirst(new URLSearchParams(queryText(formatProblemsFirst(problemsFirst))))).toBe(problemsFirst)
  expect(parseProblemsFirst(new URLSearchParams('order=random'))).toBe(true)
})
