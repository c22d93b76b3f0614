// How the embedded engine's line counts its places.
import { expect, test } from 'vitest'
import { makeHunk } from '../../fakes/hunk.ts'
import { withPlaces } from '../../../main/core/session/places-said.ts'
import type { Hunk } from '../../../main/core/review.ts'

const hunk = (path: string, fields: Partial<Hunk> = {}): Hunk => makeHunk({ path, ...fields })

const COMMENT = { beyond: { kind: 'text', why: 'a comment', open: false } } as const

test.each([
  ['`a` → `b`, 1 more place', [hunk('x')], '`a` → `b`, 1 more place'],
  ['`a` → `b`, 1 more place', [hunk('x'), hunk('y'), hunk('y')], '`a` → `b`, 3 more places in 2 files'],
  ['`a` → `b`, 2 more places', [hunk('x'), hunk('x')], '`a` → `b`, 2 more places'],
  ['`a` → `b`', [hunk('x'), hunk('x', { state: 'accepted' })], '`a` → `b`, 2 more places'],
  ['`a` → `b`', [hunk('x'), hunk('y', COMMENT), hunk('z', { replaced: true })], '`a` → `b`, 1 more place'],
  ['`a` → `b`, 2 more places', [], '`a` → `b`, 2 more places'],
  ['so long that it is cut\u2026', [hunk('x')], 'so long that it is cut\u2026'],
  ['', [hunk('x')], ''],
])('%s: counts all places in code', (said, hunks, counted) => {
  expect(withPlaces(said, hunks)).toBe(counted)
})
