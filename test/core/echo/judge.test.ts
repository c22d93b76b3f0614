// Tests of how likely is likely enough to be said.
import { describe, expect, it } from 'vitest'
import { worthSaying } from '../../../main/core/echo/judge.ts'
import type { Lesson } from '../../../main/core/echo/lesson.ts'
import type { Fit } from '../../../main/core/echo/page.ts'

const sample = { left: '', old: 'a', new: 'b', right: '', line: 1, above: '', below: '', height: 1, isPart: false }

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

function said(lesson: Lesson, ...confidences: readonly number[]): readonly number[] {
  return worthSaying(fit(lesson, ...confidences), 0.6).map(({ confidence }) => confidence)
}

describe('worthSaying', () => {
  it('says what passes the bound', () => {
    expect(said(tokens(0), 0.9, 0.61, 0.59)).toEqual([0.9, 0.61])
  })

  it('asks for more of what was done once and not again', () => {
    expect(said(tokens(0), 0.69)).toEqual([0.69])
    expect(said(tokens(1), 0.69)).toEqual([])
  })

  it('asks for more where several examples make the judge sure', () => {
    expect(said(tokens(0, 1), 0.66, 0.69)).toEqual([0.69])
  })
})
