// Tests of how likely is likely enough to be said.
import { describe, expect, it } from 'vitest'
import { worthSaying } from '../../../main/core/echo/judge.ts'
import type { Lesson } from '../../../main/core/echo/lesson.ts'
import type { Fit } from '../../../main/core/echo/page.ts'

const sample = { left: '', old: 'a', new: 'b', right: '', line: 1, above: '', height: 1, isPart: false }
const run = { old: ['a', 'b'], new: ['c'], above: undefined, below: undefined, place: null }

function tokens(...ages: readonly number[]): Lesson {
  return { kind: 'tokens', old: 'a', new: 'b', isRestyled: false, samples: ages.map((age) => ({ ...sample, age })) }
}

function fit(lesson: Lesson, ...confidences: readonly number[]): Fit {
  const place = { start: 1, end: 2, columns: null, lines: ['b'] } as const
  const places = confidences.map((confidence) => ({
    ...place,
    confidence,
    evidence: { kind: 'set', confidence } as const,
  }))
  return { lesson, places }
}

function said(lesson: Lesson, steps: number, ...confidences: readonly number[]): readonly number[] {
  return worthSaying(fit(lesson, ...confidences), steps, 0.6).map(({ confidence }) => confidence)
}

describe('worthSaying', () => {
  it('says what passes the bound', () => {
    expect(said(tokens(0), 1, 0.9, 0.61, 0.59)).toEqual([0.9, 0.61])
  })

  it('says nothing of a lesson whose places only just pass', () => {
    expect(said(tokens(0), 1, 0.62, 0.61)).toEqual([])
  })

  it('asks for more of what was done once and not again', () => {
    expect(said(tokens(0), 2, 0.67)).toEqual([0.67])
    expect(said(tokens(1), 2, 0.67)).toEqual([])
  })

  it('does not believe a block that came once, late', () => {
    const block: Lesson = { kind: 'block', old: run.old, new: run.new, samples: [{ ...run, age: 0 }] }
    expect(said(block, 2, 0.9)).toEqual([0.9])
    expect(said(block, 3, 0.9)).toEqual([])
    expect(said({ ...block, samples: [...block.samples, { ...run, age: 1 }] }, 3, 0.9)).toEqual([0.9])
  })
})
