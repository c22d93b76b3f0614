// What of a file goes into a request, and what does not fit.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BUDGETS } from '../../main/core/budget.ts'
import { gatherContext, type Context, type ContextInput } from '../../main/core/context.ts'
import { tokensOf } from '../../main/core/tokens.ts'
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

function budgetOf(total: number): { total: number; surroundings: number } {
  return { total, surroundings: 40 }
}

function sizeOf(context: Context): number {
  const excerpts = [context.excerpt, ...context.imports, ...context.related, ...context.conventions]
  const lines = excerpts.flatMap((excerpt) => excerpt.lines)
  return (
    lines.reduce((sum, line) => sum + tokensOf(`${line}\n`), 0) +
    context.diffs.reduce((sum, diff) => sum + tokensOf(diff.text), 0)
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
    const { excerpt } = gathered({ budget: budgetOf(90) })
    expect(excerpt.start).toBeLessThanOrEqual(100)
    expect(excerpt.start + excerpt.lines.length).toBeGreaterThanOrEqual(110)
    expect(excerpt.lines.length).toBeLessThan(40)
  })

  it('shows the changed lines even where the region does not fit', () => {
    const { excerpt, region } = gathered({
      region: { start: 50, end: 250, changedStart: 200, changedEnd: 203 },
      budget: budgetOf(60),
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
    expect(gathered({ text }).imports).toEqual([
      { path: 'src/a.ts', start: 3, lines: ["import { a } from 'a'", 'import {', '  b,', "} from 'b'"] },
    ])
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
    for (const line of heads) {
      expect(gathered({ text: `${line}\n${numbered(200)}` }).imports[0]?.lines, line).toEqual([line])
    }
  })

  it('does not show the imports twice', () => {
    expect(
      gathered({
        text: `import a from 'a'\n${numbered(200)}`,
        region: { start: 5, end: 8, changedStart: 6, changedEnd: 7 },
      }).imports,
    ).toEqual([])
  })

  it('shows only the imports that the region uses where there is no room for all', () => {
    const imports = Array.from(
      { length: 40 },
      (_, index) => `import { thing${index} } from './things/number-${index}.ts'`,
    )
    const lines = numbered(200).split('\n').with(103, 'return thing7(thing21)')
    const text = `${imports.join('\n')}\n${lines.join('\n')}`
    const region = { start: 140, end: 150, changedStart: 144, changedEnd: 145 }
    expect(gathered({ text, region, budget: budgetOf(1_000) }).imports).toEqual([
      { path: 'src/a.ts', start: 8, lines: ["import { thing7 } from './things/number-7.ts'"] },
      { path: 'src/a.ts', start: 22, lines: ["import { thing21 } from './things/number-21.ts'"] },
    ])
  })

  it('gives room that nobody needs to the surroundings, and never the other way round', () => {
    const diffs = [{ path: 'b.ts', text: 'edit '.repeat(20), keyLines: [] }]
    const alone = gathered({ budget: budgetOf(200) }).excerpt.lines.length
    const { excerpt, diffs: kept } = gathered({ diffs, budget: budgetOf(200) })
    expect(kept).toEqual(diffs)
    expect(excerpt.lines.length).toBeLessThan(alone)
  })

  it('shows the deep lane more of the file', () => {
    expect(gathered({ budget: BUDGETS.deep }).excerpt.lines.length).toBeGreaterThan(gathered().excerpt.lines.length)
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
    const kept = gathered({ diffs, budget: budgetOf(3_000) }).diffs
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
        fc.integer({ min: 0, max: 2_000 }),
        (lines, [first, ...steps], texts, budget) => {
          const changedStart = first + 1 + steps[0]
          const changedEnd = changedStart + steps[1]
          const context = gathered({
            text: lines.map((text) => `${text}\n`).join(''),
            region: { start: first + 1, changedStart, changedEnd, end: changedEnd + steps[2] },
            diffs: texts.map((text) => ({ path: 'b.ts', text, keyLines: [] })),
            related: texts.map((text) => ({ path: 'c.ts', start: 7, lines: text.split('\n') })),
            conventions: texts.map((text) => ({ path: 'AGENTS.md', lines: text.split('\n') })),
            budget: budgetOf(budget),
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
