// The table that the bench prints.
import { describe, expect, test } from 'vitest'
import { reportFailure, reportFigures, tableOf } from './report.ts'
import type { Row } from './row.ts'

const row: Row = {
  id: 'X1',
  what: 'one thing → another',
  unit: 'ms',
  floor: 'the bare thing',
  target: { p50: 12, p95: 30 },
  repeats: 3,
  sampleLimitMs: 1,
  run: () => Promise.reject(new Error('never run here')),
}
const figures = { product: [8, 9, 40], floor: [3, 3, 3], notes: ['half of it is waiting'] }

describe('the table', () => {
  test('has each figure of a row under its head', () => {
    const [head = '', line = ''] = tableOf([reportFigures(row, figures)]).split('\n')
    expect(line.split(/ {2,}/)).toEqual([
      'X1',
      'one thing → another (ms)',
      '3',
      '9.00',
      '36.9',
      '3.00',
      '3.00',
      '3.0 ×',
      '12 / 30',
      'no (p95)',
    ])
    expect(head.split(/ {2,}/)).toHaveLength(10)
  })

  test('says which floor was measured, and what else was seen', () => {
    const table = tableOf([reportFigures(row, figures)])
    expect(table).toContain('floor: the bare thing')
    expect(table).toContain('half of it is waiting')
  })

  test('says of a row that could not be measured why', () => {
    const [, line, , ...notes] = tableOf([reportFailure(row, 'no browser')]).split('\n')
    expect(line).toMatch(/^X1 .*not measured$/)
    expect(notes.join('\n')).toContain('no browser')
  })

  test('says of a row that this machine cannot measure that it is no failure', () => {
    const report = reportFailure(row, 'no browser here', 'unavailable')
    expect(report.state).toBe('unavailable')
    expect(tableOf([report])).toContain('not measured: no browser here')
  })

  test('names targets that are given by the floor', () => {
    const target = { p50: null, p95: null, ratio: { p50: null, p95: 2 }, over: 120 }
    expect(tableOf([reportFigures({ ...row, target }, figures)])).toContain('p95 2 ×, floor + 120')
  })

  test('stands in columns of one width', () => {
    const other = { ...row, id: 'X22', what: 'short', target: { p50: 5, p95: null } }
    const table = tableOf([reportFigures(row, figures), reportFigures(other, figures)])
    const ends = table
      .split('\n')
      .slice(1, 3)
      .map((line) => line.indexOf('3.0 ×'))
    expect(ends[0]).toBe(ends[1])
  })
})

describe('a report', () => {
  test('gives the medians as a ratio', () => {
    expect(reportFigures(row, figures)).toMatchObject({ ratio: 3, missed: ['p95'], state: 'measured' })
  })

  test('counts a check that is not met as missed', () => {
    const checks = [
      { what: 'stall', met: false },
      { what: 'other', met: true },
    ]
    expect(reportFigures(row, { ...figures, checks }).missed).toEqual(['p95', 'stall'])
  })

  test('keeps every sample for the JSON', () => {
    expect(reportFigures(row, figures).samples).toEqual({ product: [8, 9, 40], floor: [3, 3, 3] })
  })
})
