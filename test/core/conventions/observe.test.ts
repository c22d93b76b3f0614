// What one file shows, against a golden set counted by hand.
import { expect, test } from 'vitest'
import { observe } from '../../../main/core/conventions/observe.ts'
import { OBSERVATIONS } from '../../fixtures/conventions/observations.ts'

test('the golden set is large enough to mean something', () => {
  expect(OBSERVATIONS.length).toBeGreaterThanOrEqual(100)
})

test.each(OBSERVATIONS.map((each) => [each.subject, each.path, each.text, each] as const))(
  '%s in %s: %j',
  (_subject, _path, _text, { path, text, subject, shows }) => {
    const found = observe(path, text).filter((observation) => observation.subject === subject)
    expect(Object.fromEntries(found.map(({ choice, count }) => [choice, count]))).toEqual(shows)
  },
)
