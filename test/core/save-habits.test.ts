// What follows saves of a kind of file, learnt: when it is waited for, and when no longer.
import { expect, test } from 'vitest'
import * as fc from 'fast-check'
import { followed, isSaveHabits, saved, waitFor, type SaveHabits } from '../../main/core/save-habits.ts'

function times(count: number, step: (habits: SaveHabits) => SaveHabits, from: SaveHabits = {}): SaveHabits {
  let habits = from
  for (let at = 0; at < count; at += 1) habits = step(habits)
  return habits
}

const formatted = (habits: SaveHabits): SaveHabits => followed(saved(habits, 'a.ts'), 'src/b.ts', 'formatted', 200)
const edited = (habits: SaveHabits): SaveHabits => followed(saved(habits, 'a.ts'), 'a.ts', 'edited', 1000)

test('nothing is waited for before there is a habit', () => {
  expect(waitFor({}, 'a.ts')).toBe(0)
  expect(waitFor(times(1, formatted), 'a.ts')).toBe(0)
})

test('a formatter that came twice is waited for a little longer than it took, in files of this ending only', () => {
  const habits = times(2, formatted)
  expect(waitFor(habits, 'other/c.ts')).toBe(350)
  expect(waitFor(habits, 'c.py')).toBe(0)
})

test('once it stays away it is not waited for any more', () => {
  expect(
    waitFor(
      times(5, (habits) => saved(habits, 'a.ts'), times(5, formatted)),
      'a.ts',
    ),
  ).toBe(0)
})

test('autosave is a habit after three times', () => {
  expect(waitFor(times(2, edited), 'a.ts')).toBe(0)
  expect(waitFor(times(3, edited), 'a.ts')).toBe(1200)
})

test('only the first thing that comes after a save counts', () => {
  const habits = followed(formatted({}), 'a.ts', 'edited', 900)
  expect(habits).toEqual(formatted({}))
})

test('what comes long after a save does not belong to it', () => {
  expect(
    waitFor(
      times(5, (habits) => followed(saved(habits, 'a.ts'), 'a.ts', 'formatted', 10_000)),
      'a.ts',
    ),
  ).toBe(0)
})

test('whatever happens, the wait is bounded and what is kept can be read back', () => {
  const event = fc.record({
    path: fc.oneof(fc.string(), fc.constantFrom('a.ts', 'constructor', '__proto__', 'x.__proto__')),
    what: fc.constantFrom('save', 'formatted', 'edited'),
    gap: fc.integer({ min: 0, max: 100_000 }),
  })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (happened) => {
      let habits: SaveHabits = {}
      for (const { path, what, gap } of happened) {
        habits = what === 'formatted' || what === 'edited' ? followed(habits, path, what, gap) : saved(habits, path)
        const wait = waitFor(habits, path)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(1500)
      }
      expect(isSaveHabits(JSON.parse(JSON.stringify(habits)))).toBe(true)
    }),
  )
})
