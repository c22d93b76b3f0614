// The one component that sets HTML: hostile names and lines stay text.
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { HunkView } from '../../preload/contract.ts'
import { chunkHtml, countLines, diffChunks, DiffView, type Layout } from '../../renderer/DiffView.tsx'
import { HunkRow } from '../../renderer/HunkRow.tsx'
import { WindowContext } from '../../renderer/hooks.ts'
import { createController } from '../../renderer/controller.ts'
import { hunkView } from './views.ts'

const ATTACKS = [
  '<img src=x onerror=alert(1)>',
  '</span></td></tr></table><script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '{{{evil}}} {{> partial}} <%= evil %>',
  '<ins><del></ins><iframe srcdoc="<script>alert(1)</script>">',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '--- a/<b>\n+++ b/<b>\n@@ -1 +1 @@',
] as const

/** All of a hunk's markup. */
function diffHtml(hunk: HunkView, layout: Layout): string {
  return diffChunks(hunk, layout)
    .map((lines) => chunkHtml(lines, layout, true))
    .join('')
}

/** Every tag name in markup, without what is inside. */
function tags(markup: string): ReadonlySet<string> {
  return new Set([...markup.matchAll(/<\/?([a-z][\w-]*)/gi)].map((match) => (match[1] ?? '').toLowerCase()))
}

/** The text that a person would read, entities resolved, tags dropped. */
function textOf(markup: string): string {
  return markup
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&#x27;|&#39;/g, "'")
    .replaceAll('&#x2F;', '/')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
}

const HARMLESS = tags(
  diffHtml(hunkView('h', { moveTo: 'b.ts', oldLines: ['a b', 'x'], newLines: ['a c'] }), 'unified') +
    diffHtml(hunkView('h', { moveTo: 'b.ts', oldLines: ['a b', 'x'], newLines: ['a c'] }), 'split'),
)

function expectHarmless(markup: string): void {
  expect([...tags(markup)].filter((tag) => !HARMLESS.has(tag))).toEqual([])
  expect(markup).not.toMatch(/<[^>]*\son\w+\s*=/i)
}

describe.each(['unified', 'split'] as const)('the %s diff', (layout) => {
  it.each(ATTACKS)('shows %j as text wherever it stands', (attack) => {
    const places: readonly Partial<HunkView>[] = [
      { path: attack },
      { moveTo: attack },
      { oldLines: [attack] },
      { newLines: [attack] },
      { oldLines: [`const a = ${attack}`], newLines: [`const b = ${attack}`] },
      { before: [attack], after: [attack] },
    ]
    for (const place of places) expectHarmless(diffHtml(hunkView('h', place), layout))
  })

  it('shows every character of a hostile line', () => {
    for (const attack of ATTACKS.filter((one) => !one.includes('\n'))) {
      expect(textOf(diffHtml(hunkView('h', { newLines: [attack], oldLines: [] }), layout))).toContain(attack)
    }
  })

  it('does not take lines that look like a diff for one', () => {
    const markup = diffHtml(
      hunkView('h', { oldLines: ['-- old', '@@ -1 +1 @@'], newLines: ['++ new', 'diff --git a/x b/x'] }),
      layout,
    )
    for (const line of ['-- old', '@@ -1 +1 @@', '++ new', 'diff --git a/x b/x']) expect(textOf(markup)).toContain(line)
  })

  it('shows what would reorder a line', () => {
    expect(diffHtml(hunkView('h', { newLines: ['if (admin\u202e) {'] }), layout)).toContain('‹U+202E›')
  })

  it('highlights the words that changed', () => {
    const markup = diffHtml(hunkView('h', { oldLines: ['let total = 1'], newLines: ['let sum = 1'] }), layout)
    expect(markup).toMatch(/<del[^>]*>total<\/del>/)
    expect(markup).toMatch(/<ins[^>]*>sum<\/ins>/)
  })
})

describe('the diff', () => {
  it('numbers lines as in the file', () => {
    const text = textOf(diffHtml(hunkView('h', { start: 49, end: 50 }), 'unified')).replaceAll(/\s+/g, ' ')
    expect(text).toContain('48 48 function mean() {')
    expect(text).toContain('49 - return sum')
    expect(text).toContain('50 50 }')
  })

  it('cuts a long hunk and offers the rest', () => {
    const newLines = Array.from({ length: 1000 }, (_, index) => `line ${index}`)
    const markup = renderToStaticMarkup(<DiffView hunk={hunkView('h', { newLines })} wide={false} />)
    expect(markup).toContain('Show all 1003 lines')
    expect(markup).not.toContain('line 500')
  })

  it('is cut into chunks that together hold every line once, in order', () => {
    const oldLines = Array.from({ length: 300 }, (_, index) => `old ${index}`)
    const newLines = Array.from({ length: 250 }, (_, index) => `new ${index}`)
    for (const layout of ['unified', 'split'] as const) {
      const chunks = diffChunks(hunkView('h', { oldLines, newLines }), layout)
      expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(60)
      const contents = (mark: string): readonly string[] =>
        chunks.flat().flatMap(({ content }) => (content.startsWith(mark) ? [content.slice(1)] : []))
      expect(contents('-')).toEqual(oldLines)
      expect(contents('+')).toEqual(newLines)
    }
  })

  it('keeps what goes beside what comes when a long stretch is cut for two columns', () => {
    const lines = (word: string): string[] => Array.from({ length: 100 }, (_, index) => `${word} ${index}`)
    const chunks = diffChunks(hunkView('h', { oldLines: lines('old'), newLines: lines('new') }), 'split')
    const chunk = chunks.find((all) => all.some(({ content }) => content === '-old 50'))
    expect(chunk?.map(({ content }) => content)).toContain('+new 50')
  })

  it('counts only lines that really change', () => {
    expect(countLines(hunkView('h', { oldLines: ['a', 'b'], newLines: ['a', 'x', 'b'] }))).toEqual({
      added: 1,
      removed: 0,
    })
  })
})

describe('a hunk row', () => {
  function row(changes: Partial<HunkView>, open: boolean): string {
    const link = { call: () => new Promise<never>(() => {}), retry: () => {}, close: () => {} }
    const controller = createController(
      {
        now: () => 0,
        after: () => () => {},
        pointerOn: () => null,
        windowFocused: () => true,
        reshaping: () => false,
        inSight: () => true,
        copy: () => Promise.resolve(true),
      },
      () => link,
    )
    const screens = { borrow: () => expect.fail('no stream here'), close: () => {} }
    return renderToStaticMarkup(
      <WindowContext value={{ controller, screens }}>
        <HunkRow
          suggestion="s"
          hunk={hunkView('h', changes)}
          cardPath="other.ts"
          open={open}
          inHand={open}
          deciding={false}
          wide={false}
        />
      </WindowContext>,
    )
  }

  it.each(ATTACKS)('shows a file named %j as text', (attack) => {
    const markup = row({ path: attack, reason: attack, moveTo: attack, kind: 'move', newLines: [attack] }, true)
    expect([...tags(markup)].filter((tag) => ['script', 'img', 'svg', 'iframe'].includes(tag))).toEqual(
      // diff2html's own file icon.
      tags(diffHtml(hunkView('h'), 'unified')).has('svg') ? ['svg'] : [],
    )
    expect(markup).not.toMatch(/<[^>"']*\son\w+\s*=/i)
  })

  it('has its state, id, hash and both decisions, folded too', () => {
    const markup = row({}, false)
    expect(markup).toContain('data-testid="hunk" data-state="pending" data-id="h" data-hash="hash of h"')
    expect(markup).toContain('data-testid="hunk-accept"')
    expect(markup).toContain('data-testid="hunk-reject"')
    expect(markup).not.toContain('d2h-')
  })

  it('offers to apply again what an editor overwrote', () => {
    expect(row({ reason: 'your editor overwrote this' }, false)).toContain('Re-apply')
  })

  it('cannot decide a stale hunk, and says why', () => {
    const markup = row({ state: 'stale', reason: 'line 2 was changed' }, false)
    expect(markup).not.toContain('hunk-accept')
    expect(markup).toContain('line 2 was changed')
  })

  it('says that its whole effect is white space, and shows the blanks', () => {
    const blanks = { whitespace: true, oldLines: ['  a b'], newLines: ['\ta b'] }
    const markup = row(blanks, true)
    expect(markup).toContain('white space only')
    expect(textOf(markup)).toContain('\u00b7\u00b7a\u00b7b')
    expect(markup).toContain('<span class="tab">\t</span>')
  })

  it('offers the places at which an unplaced hunk could stand', () => {
    const markup = row({ state: 'unplaced', reason: 'found 2 times', candidates: [12, 40] }, false)
    expect(markup.match(/data-testid="hunk-candidate"/g)).toHaveLength(2)
    expect(markup).toContain('Put it at src/total.ts line 40')
  })

  it('shows a stale hunk from its three sides, hostile lines as text, and offers to ask again', () => {
    const [attack] = ATTACKS
    const markup = row(
      { state: 'stale', oldLines: [attack], yours: [`mine ${attack}`], newLines: ['theirs\u202e'] },
      true,
    )
    expect(textOf(markup)).toContain(`mine ${attack}`)
    expect(markup).toContain('theirs\u2039U+202E\u203a')
    expect(markup).toContain('hunk-reask')
    expect(markup).not.toContain('hunk-edit')
    expect(markup).not.toContain('<img')
  })

  it('offers edit, pick, copy and open while it is pending and open', () => {
    const markup = row({}, true)
    for (const id of ['hunk-edit', 'hunk-split', 'hunk-copy', 'hunk-open'])
      expect(markup).toContain(`data-testid="${id}"`)
    expect(row({ newLines: ['a\rb'] }, true)).not.toContain('data-testid="hunk-edit"')
  })
})
