// Tests of the local suggestion: its convention of lines, which splits at `\n` only.
import { describe, expect, it } from 'vitest'
import { suggestLocally } from '../../main/core/suggest.ts'

const lines = ['a.oldName(1)', 'x()', 'b.oldName(2)', 'y()', 'c.oldName(3)']

function suggested(bom: string, newline: string, ending: string): string {
  const before = bom + lines.join(newline) + ending
  const after = before.replace('b.oldName', 'b.newName')
  const { hunks } = suggestLocally({ path: 'a.ts', before, after, history: [] })
  const parts = after.split('\n')
  for (const hunk of hunks.toReversed()) parts.splice(hunk.start - 1, hunk.end - hunk.start, ...hunk.lines)
  return parts.join('\n')
}

describe('suggestLocally', () => {
  it('keeps line endings, BOM and a missing final newline when its lines are spliced in', () => {
    for (const bom of ['', '\uFEFF']) {
      for (const newline of ['\n', '\r\n']) {
        for (const ending of ['', newline]) {
          const expected = bom + lines.join(newline).replaceAll('oldName', 'newName') + ending
          expect(suggested(bom, newline, ending)).toBe(expected)
        }
      }
    }
  })

  it('gives an inserted line the return of its neighbour', () => {
    const before = 'open(file)\r\nclose(file)\r\nx()\r\nopen(file)\r\nclose(file)\r\n'
    const after = before.replace('\r\n', '\r\nread(file)\r\n')
    expect(suggestLocally({ path: 'a.ts', before, after, history: [] }).hunks).toEqual([
      { path: 'a.ts', start: 6, end: 6, lines: ['read(file)\r'] },
    ])
  })

  it('explains in one sentence, or not at all', () => {
    const before = lines.join('\n')
    const after = before.replace('b.oldName', 'b.newName')
    expect(suggestLocally({ path: 'a.ts', before, after, history: [] }).explanation).toBe(
      '`oldName` → `newName`, 2 more places.',
    )
    expect(suggestLocally({ path: 'a.ts', before, after: before, history: [] })).toEqual({ hunks: [], explanation: '' })
  })
})
