// The words behind `npm run bench --`.
import { describe, expect, test } from 'vitest'
import { parseOptions } from './options.ts'
import { ROWS } from './rows.ts'

const idsOf = (words: readonly string[]): readonly string[] => {
  const parsed = parseOptions(words, ROWS)
  if (!parsed.ok) throw new Error(parsed.failure.message)
  return parsed.value.rows.map(({ id }) => id)
}

describe('the words of the command line', () => {
  test('name no row: then all are measured', () => {
    expect(idsOf([])).toEqual(ROWS.map((row) => row.id))
  })

  test('name rows in any case, and they are measured in the order of the list', () => {
    expect(idsOf(['l1', 'S2'])).toEqual(['S2', 'L1'])
  })

  test('name a row with all its parts, or one part of it', () => {
    expect(idsOf(['s8'])).toEqual(['S8/ws', 'S8/third', 'S8/http'])
    expect(idsOf(['S8/http'])).toEqual(['S8/http'])
  })

  test('do not name another row that begins alike', () => {
    expect(idsOf(['s1'])).toEqual(['S1'])
  })

  test('with --quick ask for few samples', () => {
    expect(parseOptions(['--quick'], ROWS)).toMatchObject({ ok: true, value: { quick: true, repeats: 3 } })
  })

  test('with --repeats say how many, also beside --quick', () => {
    expect(parseOptions(['--quick', '--repeats', '7'], ROWS)).toMatchObject({ ok: true, value: { repeats: 7 } })
  })

  test('with --json name a file', () => {
    expect(parseOptions(['--json', 'out/bench.json', 'A1'], ROWS)).toMatchObject({ value: { json: 'out/bench.json' } })
  })

  test.each([[['S99']], [['--repeats', '0']], [['--repeats', 'many']], [['--what']]])('%j are refused', (words) => {
    expect(parseOptions(words, ROWS)).toMatchObject({ ok: false, failure: { code: 'arguments' } })
  })
})

describe('the list of rows', () => {
  test.each(['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9', 'S10', 'S11', 'S12', 'A1', 'E1', 'L1'])(
    'has %s',
    (id) => {
      expect(idsOf([id]).length).toBeGreaterThan(0)
    },
  )

  test('has each id once', () => {
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length)
  })

  test.each(ROWS.map((row) => [row.id, row] as const))('%s asks for at least 20 samples', (_id, row) => {
    expect(row.repeats).toBeGreaterThanOrEqual(20)
  })
})
