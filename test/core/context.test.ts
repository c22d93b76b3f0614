// What of a file goes into a request, and what does not fit.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherContext, type Context, type ContextInput } from '../../main/core/context.ts'
import { keyBlock } from '../fixtures/secrets.ts'

function numbered(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('')
}

function input(fields: Partial<ContextInput> = {}): ContextInput {
  return {
    path: 'src/a.ts',
    text: numbered(300),
    region: { start: 100, end: 110, changedStart: 104, changedEnd: 106 },
    diffs: [],
    words: null,
    marker: null,
    related: [],
    ...fields,
  }
}

function gathered(fields: Partial<ContextInput> = {}): Context {
  const result = gatherContext(input(fields))
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

function sizeOf(context: Context): number {
  const excerpts = [context.excerpt, ...(context.head === null ? [] : [context.head]), ...context.related]
  const lines = excerpts.flatMap((excerpt) => excerpt.lines)
  return (
    lines.reduce((sum, line) => sum + line.length + 1, 0) +
    context.diffs.reduce((sum, diff) => sum + diff.text.length, 0)
  )
}

describe('gatherContext', () => {
  it('shows the region with forty lines on both sides', () => {
    const { excerpt, region, fileLines } = gathered()
    expect(excerpt.start).toBe(60)
    expect(excerpt.lines[0]).toBe('line 60')
    expect(excerpt.lines.at(-1)).toBe('line 149')
    expect(region).toEqual({ start: 100, end: 110, changedStart: 104, changedEnd: 106 })
    expect(fileLines).toBe(300)
  })

  it('shows fewer surroundings in a small budget, and the region first', () => {
    const { excerpt } = gathered({ budget: 400 })
    expect(excerpt.start).toBeLessThanOrEqual(100)
    expect(excerpt.start + excerpt.lines.length).toBeGreaterThanOrEqual(110)
    expect(excerpt.lines.length).toBeLessThan(40)
  })

  it('shows the changed lines even where the region does not fit', () => {
    const { excerpt, region } = gathered({
      region: { start: 50, end: 250, changedStart: 200, changedEnd: 203 },
      budget: 200,
    })
    expect(excerpt.lines).toContain('line 201')
    expect(region.start).toBe(excerpt.start)
    expect(region.end).toBe(excerpt.start + excerpt.lines.length)
  })

  it('shows where lines were deleted', () => {
    const { excerpt, region } = gathered({ region: { start: 104, end: 104, changedStart: 104, changedEnd: 104 } })
    expect(excerpt.lines).toContain('line 103')
    expect(excerpt.lines).toContain('line 104')
    expect(region).toEqual({ start: 104, end: 104, changedStart: 104, changedEnd: 104 })
  })

  it('copes with a file that is empty now', () => {
    const { excerpt, region } = gathered({ text: '', region: { start: 1, end: 1, changedStart: 1, changedEnd: 1 } })
    expect(excerpt.lines).toEqual([])
    expect(region).toEqual({ start: 1, end: 1, changedStart: 1, changedEnd: 1 })
  })

  it('shows the imports when the region is far below them', () => {
    const text = `// licence\n\nimport { a } from 'a'\nimport {\n  b,\n} from 'b'\n\nconst c = 1\n${numbered(200)}`
    const { head } = gathered({ text })
    expect(head).toEqual({
      path: 'src/a.ts',
      start: 3,
      lines: ["import { a } from 'a'", 'import {', '  b,', "} from 'b'"],
    })
  })

  it('knows the imports of other languages', () => {
    const heads = [
      '#include <stdio.h>',
      'from os import path',
      'use std::fs;',
      'package main',
      'using System;',
      "require 'json'",
      '@use "colors";',
    ]
    for (const line of heads) expect(gathered({ text: `${line}\n${numbered(200)}` }).head?.lines, line).toEqual([line])
  })

  it('does not show the imports twice', () => {
    expect(
      gathered({
        text: `import a from 'a'\n${numbered(200)}`,
        region: { start: 5, end: 8, changedStart: 6, changedEnd: 7 },
      }).head,
    ).toBe(null)
  })

  it('cuts long lines, and never within a word', () => {
    const secret = `AKIA${'X'.repeat(16)}`
    const { excerpt } = gathered({
      text: `${'word '.repeat(198)}${secret} ${'x'.repeat(1_000_000)}\n`,
      region: { start: 1, end: 2, changedStart: 1, changedEnd: 2 },
    })
    expect(excerpt.lines[0]?.length).toBeLessThan(1_100)
    expect(excerpt.lines[0]).not.toContain('AKIA')
  })

  it('keeps the newest edits when not all fit', () => {
    const diffs = Array.from({ length: 9 }, (_, index) => ({
      path: 'b.ts',
      text: `${index}`.repeat(1_000),
      keyLines: [],
    }))
    const kept = gathered({ diffs, budget: 10_000 }).diffs
    expect(kept.length).toBeLessThan(9)
    expect(kept.at(-1)).toBe(diffs.at(-1))
  })

  it('leaves out files that hold secrets, and says which', () => {
    const { diffs, related, withheld } = gathered({
      diffs: [{ path: 'config/.env', text: 'A=1', keyLines: [] }],
      related: [{ path: 'deploy/server.pem', start: 1, lines: ['x'] }],
    })
    expect(diffs).toEqual([])
    expect(related).toEqual([])
    expect(withheld.map(({ path }) => path)).toEqual(['config/.env', 'deploy/server.pem'])
  })

  it('refuses to be asked about a file that holds secrets', () => {
    const result = gatherContext(input({ path: '.env.local' }))
    expect(result).toEqual({
      ok: false,
      failure: { code: 'secret', message: '.env.local is never sent (environment file)' },
    })
  })

  it('names the lines of a private key whose ends it does not show', () => {
    const block = keyBlock('', 200)
    const { keyLines, excerpt } = gathered({ text: block })
    for (const line of excerpt.lines) expect(keyLines).toContain(line)
  })

  it('keeps to its budget', () => {
    const line = fc.string({ maxLength: 200 }).map((text) => text.replaceAll('\n', ' '))
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 120 }),
        fc.tuple(fc.nat(130), fc.nat(20), fc.nat(20), fc.nat(20)),
        fc.array(fc.string({ maxLength: 900 }), { maxLength: 8 }),
        fc.integer({ min: 0, max: 6_000 }),
        (lines, [first, ...steps], texts, budget) => {
          const changedStart = first + 1 + steps[0]
          const changedEnd = changedStart + steps[1]
          const context = gathered({
            text: lines.map((text) => `${text}\n`).join(''),
            region: { start: first + 1, changedStart, changedEnd, end: changedEnd + steps[2] },
            diffs: texts.map((text) => ({ path: 'b.ts', text, keyLines: [] })),
            related: texts.map((text) => ({ path: 'c.ts', start: 7, lines: text.split('\n') })),
            budget,
          })
          expect(sizeOf(context)).toBeLessThanOrEqual(budget)
          const { excerpt, region } = context
          expect(region.start).toBeGreaterThanOrEqual(excerpt.start)
          expect(region.end).toBeLessThanOrEqual(excerpt.start + excerpt.lines.length)
        },
      ),
    )
  })
})
