// How edits are grouped, bounded and shown as diffs.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyHistory, entryOf, recentChanges, recentDiffs, record, type History } from '../../main/core/history.ts'
import { keyBlock } from '../fixtures/secrets.ts'

function numbered(count: number, changed: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: count }, (_, index) => `${changed[index + 1] ?? `line ${index + 1}`}\n`).join('')
}

function steps(path: string, texts: readonly string[], times: readonly number[]): History {
  let history = emptyHistory()
  for (const [index, at] of times.entries()) {
    history = record(history, { path, before: texts[index] ?? '', after: texts[index + 1] ?? '' }, at)
  }
  return history
}

describe('record', () => {
  it('joins edits of the same place within the pause', () => {
    const texts = [numbered(40), numbered(40, { 10: 'a' }), numbered(40, { 10: 'a', 14: 'b' })]
    const history = steps('a.ts', texts, [0, 900])
    expect(recentChanges(history, 'a.ts')).toEqual([{ path: 'a.ts', before: texts[0], after: texts[2] }])
  })

  it('keeps edits apart that come after the pause', () => {
    expect(
      steps('a.ts', [numbered(9), numbered(9, { 5: 'a' }), numbered(9, { 5: 'b' })], [0, 1_001]).entries,
    ).toHaveLength(2)
  })

  it('keeps edits apart that are far from each other', () => {
    expect(
      steps('a.ts', [numbered(40), numbered(40, { 5: 'a' }), numbered(40, { 5: 'a', 30: 'b' })], [0, 10]).entries,
    ).toHaveLength(2)
  })

  it('keeps edits of different files apart', () => {
    const first = record(emptyHistory(), { path: 'a.ts', before: 'a\n', after: 'b\n' }, 0)
    expect(record(first, { path: 'b.ts', before: 'a\n', after: 'b\n' }, 1).entries).toHaveLength(2)
  })

  it('does not join an edit that starts from another text than the last one ended with', () => {
    const first = record(emptyHistory(), { path: 'a.ts', before: 'a\n', after: 'b\n' }, 0)
    expect(record(first, { path: 'a.ts', before: 'x\n', after: 'c\n' }, 1).entries).toHaveLength(2)
  })

  it('forgets what was taken back at once', () => {
    expect(steps('a.ts', ['a\n', 'b\n', 'a\n'], [0, 10]).entries).toEqual([])
  })

  it('ignores an edit that changes nothing', () => {
    expect(record(emptyHistory(), { path: 'a.ts', before: 'a', after: 'a' }, 0)).toEqual(emptyHistory())
  })

  it('takes an edit that was worked out beforehand as if it had not been', () => {
    const earlier = steps('a.ts', [numbered(40), numbered(40, { 10: 'a' })], [0])
    const change = { path: 'a.ts', before: numbered(40, { 10: 'a' }), after: numbered(40, { 10: 'a', 30: 'b' }) }
    expect(record(earlier, change, 2_000, entryOf(change, 1_500))).toEqual(record(earlier, change, 2_000))
  })

  it('leaves the given history as it was', () => {
    const history = emptyHistory()
    record(history, { path: 'a.ts', before: 'a', after: 'b' }, 0)
    expect(history.entries).toEqual([])
  })

  it('is bounded in number', () => {
    let history = emptyHistory()
    for (let at = 0; at < 200; at += 1) history = record(history, { path: `${at}.ts`, before: 'a', after: 'b' }, at)
    expect(history.entries.length).toBe(64)
    expect(history.entries.at(-1)?.path).toBe('199.ts')
  })

  it('is bounded in size, and keeps the newest', () => {
    let history = emptyHistory()
    const large = 'x'.repeat(1_000_000)
    for (let at = 0; at < 10; at += 1)
      history = record(history, { path: `${at}.ts`, before: large, after: `${large}${at}` }, at)
    expect(history.entries.length).toBeLessThanOrEqual(4)
    expect(history.entries.at(-1)?.path).toBe('9.ts')
  })
})

describe('recentDiffs', () => {
  it('gives unified diffs with three lines around, newest last', () => {
    let history = record(emptyHistory(), { path: 'a.ts', before: numbered(9), after: numbered(9, { 5: 'five' }) }, 0)
    history = record(history, { path: 'b.ts', before: 'x\n', after: 'x\ny\n' }, 5_000)
    expect(recentDiffs(history).map(({ text }) => text)).toEqual([
      '--- a.ts\n+++ a.ts\n@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+five\n line 6\n line 7\n line 8\n',
      '--- b.ts\n+++ b.ts\n@@ -1,1 +1,2 @@\n x\n+y\n',
    ])
  })

  it('numbers a hunk of a new file as diff does', () => {
    const history = record(emptyHistory(), { path: 'a.ts', before: '', after: 'a\n' }, 0)
    expect(recentDiffs(history)[0]?.text).toBe('--- a.ts\n+++ a.ts\n@@ -0,0 +1,1 @@\n+a\n')
  })

  it('gives distant places of one edit a hunk each', () => {
    const history = record(
      emptyHistory(),
      { path: 'a.ts', before: numbered(40), after: numbered(40, { 5: 'a', 30: 'b' }) },
      0,
    )
    expect(recentDiffs(history)[0]?.text.match(/^@@/gm)).toHaveLength(2)
  })

  it('keeps to the limit and to the size, dropping the oldest', () => {
    let history = emptyHistory()
    for (let at = 0; at < 9; at += 1) history = record(history, { path: `${at}.ts`, before: 'a\n', after: 'b\n' }, at)
    expect(recentDiffs(history, { limit: 3 }).map(({ path }) => path)).toEqual(['6.ts', '7.ts', '8.ts'])
    const size = recentDiffs(history)[0]?.text.length ?? 0
    expect(recentDiffs(history, { maximumUnits: 2 * size }).map(({ path }) => path)).toEqual(['7.ts', '8.ts'])
  })

  it('leaves out files that hold secrets', () => {
    const history = record(emptyHistory(), { path: '.env', before: 'A=1\n', after: 'A=2\n' }, 0)
    expect(recentDiffs(history)).toEqual([])
  })

  it('leaves out changes that are too large to read', () => {
    const history = record(
      emptyHistory(),
      { path: 'a.ts', before: numbered(3_000), after: numbered(3_000).replaceAll('line', 'row') },
      0,
    )
    expect(recentDiffs(history)).toEqual([])
    expect(recentChanges(history, 'a.ts')).toHaveLength(1)
  })

  it('names the key lines of the file, so that an excerpt of a key is recognised', () => {
    const block = keyBlock('', 20)
    const lines = block.split('\n')
    const history = record(
      emptyHistory(),
      { path: 'a.ts', before: block, after: block.replace(lines[10] ?? '', 'x'.repeat(64)) },
      0,
    )
    expect(recentDiffs(history)[0]?.keyLines).toContain(lines[10])
  })

  it('applies to the old text and gives the new one', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '', '  d'), { maxLength: 30 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const history = record(emptyHistory(), { path: 'a.ts', before, after }, 0)
        const diff = recentDiffs(history)[0]?.text ?? ''
        expect(applied(before, diff)).toBe(after)
      }),
    )
  })
})

describe('recentChanges', () => {
  it('gives the last eight of that file, oldest first', () => {
    let history = emptyHistory()
    for (let at = 0; at < 12; at += 1) {
      history = record(history, { path: 'a.ts', before: `${at}`, after: `${at + 1}` }, at * 5_000)
      history = record(history, { path: 'b.ts', before: `${at}`, after: `${at + 1}` }, at * 5_000)
    }
    const changes = recentChanges(history, 'a.ts')
    expect(changes.map(({ before }) => before)).toEqual(['4', '5', '6', '7', '8', '9', '10', '11'])
    expect(new Set(changes.map(({ path }) => path))).toEqual(new Set(['a.ts']))
  })
})

/** A strict little patch: every line that stays or goes must stand where the hunk says. */
function applied(before: string, diff: string): string {
  const old = before === '' ? [] : before.slice(0, -1).split('\n')
  const result: string[] = []
  let at = 0
  for (const line of diff.split('\n').slice(2, -1)) {
    const header = /^@@ -(\d+),(\d+) /.exec(line)
    if (header !== null) {
      const start = Number(header[1]) - (header[2] === '0' ? 0 : 1)
      result.push(...old.slice(at, start))
      at = start
    } else if (line.startsWith('+')) {
      result.push(line.slice(1))
    } else {
      expect(old[at]).toBe(line.slice(1))
      if (line.startsWith(' ')) result.push(line.slice(1))
      at += 1
    }
  }
  return [...result, ...old.slice(at)].map((line) => `${line}\n`).join('')
}
