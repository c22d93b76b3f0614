// Locating a hunk: what counts as its place, what tells places apart, and when it has none.
import { describe, expect, test } from 'vitest'
import type { HunkLine, ParsedHunk } from '../../../main/core/edits/hunk.ts'
import { createLocator, locateHunk, type LocateHints } from '../../../main/core/locate/locate.ts'

const NO_HINTS: LocateHints = { near: null, after: null }

/** Lines with their markers; a line that begins with `~` is context without a marker. */
function hunk(lines: readonly string[], rest: Partial<ParsedHunk> = {}): ParsedHunk {
  return {
    path: 'a.ts',
    kind: 'update',
    moveTo: null,
    section: 0,
    format: 'patch',
    anchors: [],
    lines: lines.map(lineOf),
    endOfFile: false,
    line: null,
    ...rest,
  }
}

function lineOf(marked: string): HunkLine {
  const text = marked.slice(1)
  if (marked.startsWith('+')) return { kind: '+', text }
  if (marked.startsWith('-')) return { kind: '-', text }
  return marked.startsWith('~') ? { kind: ' ', text, bare: true } : { kind: ' ', text }
}

/** The new text of the file, or why there is none. */
function result(file: readonly string[], parsed: ParsedHunk, hints = NO_HINTS): readonly string[] | string {
  const outcome = locateHunk(file, parsed, hints)
  if (!outcome.ok) return outcome.reason
  const { start, end, lines } = outcome.edit
  return [...file.slice(0, start - 1), ...lines, ...file.slice(end - 1)]
}

describe('the place of a hunk', () => {
  test('is where its old lines stand, and its edit covers them as written', () => {
    expect(locateHunk(['a', 'b', 'c'], hunk([' a', '-b', '+B', ' c']), NO_HINTS)).toEqual({
      ok: true,
      edit: { start: 1, end: 4, lines: ['a', 'B', 'c'] },
      changed: { start: 2, end: 3, lines: ['B'] },
      pieces: [{ start: 2, end: 3, lines: ['B'] }],
    })
  })

  test('is found without white space at the ends of lines, and context keeps the file’s text', () => {
    expect(result(['a  ', 'b\t', 'c'], hunk([' a', '-b', '+B', ' c  ']))).toEqual(['a  ', 'B', 'c'])
  })

  test('is the exact one where another is only alike', () => {
    expect(result(['  x', 'x', '\tx'], hunk(['-x', '+y']))).toEqual(['  x', 'y', '\tx'])
  })

  test('is found further to the right, and what comes is indented like it', () => {
    expect(
      result(['    if (a) {', '      b()', '    }'], hunk([' if (a) {', '-  b()', '+  c()', '+    d()', ' }'])),
    ).toEqual(['    if (a) {', '      c()', '        d()', '    }'])
  })

  test('is found further to the left', () => {
    expect(result(['if a:', '  b()'], hunk(['     if a:', '-      b()', '+      c()']))).toEqual(['if a:', '  c()'])
  })

  test('is found with another unit of indentation', () => {
    expect(
      result(['\tif (a) {', '\t\tb()', '\t}'], hunk([' if (a) {', '-  b()', '+  if (c) {', '+    d()', '+  }', ' }'])),
    ).toEqual(['\tif (a) {', '\t\tif (c) {', '\t\t\td()', '\t\t}', '\t}'])
  })

  test('is found when only the changed lines have one space too many', () => {
    expect(result(['a {', 'b', '}'], hunk([' a {', '- b', '+ c', ' }']))).toEqual(['a {', 'c', '}'])
  })

  test('is found with plain punctuation for typographic one', () => {
    expect(result(['say “hi” — now', 'x'], hunk([' say "hi" - now', '-x', '+y']))).toEqual(['say “hi” — now', 'y'])
  })

  test('is found when the spaces before context were meant as its own', () => {
    expect(result(['x', ' * note', ' */'], hunk(['-x', '+y', ' * note', ' */']))).toEqual(['y', ' * note', ' */'])
  })

  test('is found when tabs were written as characters', () => {
    expect(result(['\ta()', '\tb()'], hunk([' \\ta()', '-\\tb()', '+\\tc()']))).toEqual(['\ta()', '\tc()'])
  })

  test('is found when lines of an added run have lost their plus', () => {
    expect(result(['a', 'z'], hunk([' a', '+b', '~', '~c', '+d', ' z']))).toEqual(['a', 'b', '', 'c', 'd', 'z'])
  })

  test('is found without blank lines that only separate hunks', () => {
    expect(result(['a', 'b', 'c'], hunk(['-a', '+A', ' b', '~', '~']))).toEqual(['A', 'b', 'c'])
  })

  test('is not decided by a blank line at its end', () => {
    expect(result(['x', 'b', 'c', 'x', 'b', ''], hunk(['-x', '+y', ' b', '~']))).toBe(
      'found 2 times (lines 1, 4) with nothing to tell the places apart',
    )
  })

  test('is found without the prose that stands after a patch without end', () => {
    expect(result(['a', 'b'], hunk(['-a', '+A', ' b', '~', '~That is it.']))).toEqual(['A', 'b'])
  })
})

describe('a hunk has no place', () => {
  test('when its lines are not in the file', () => {
    expect(result(['a'], hunk(['-b', '+c']))).toBe('its lines are not found in the file')
  })

  test('when its lines stand twice', () => {
    expect(locateHunk(['a', 'b', 'a'], hunk(['-a', '+c']), NO_HINTS)).toEqual({
      ok: false,
      reason: 'found 2 times (lines 1, 3) with nothing to tell the places apart',
      candidates: [1, 3],
    })
  })

  test('when it stands twice in the block of its anchor', () => {
    const file = ['f {', '  b', '  a', '  b', '  a', '}']
    expect(result(file, hunk(['-  a', '+  c'], { anchors: ['f {'] }))).toMatch(/^found 2 times/)
  })

  test('when the file reads like it already', () => {
    expect(result(['a', 'new', 'b'], hunk([' a', '-old', '+new', ' b']))).toBe('the file reads like this already')
  })

  test('when it changes nothing', () => {
    expect(result(['a'], hunk(['-a', '+a']))).toBe('it changes nothing')
  })

  test('when only its indentation would change and that has been done', () => {
    expect(result(['    a'], hunk(['-  a', '+    a']))).not.toBeInstanceOf(Array)
  })

  test('when its lines are mere brackets and its anchor is unknown', () => {
    expect(result(['f {', '}'], hunk(['-}', '+})'], { anchors: ['function g'] }))).toMatch(/not under “function g”/)
  })

  test('when its lines stand above its anchor only', () => {
    expect(result(['a', 'class B', 'c'], hunk(['-a', '+x'], { anchors: ['class B'] }))).toBe(
      'its lines are found (line 1), but not under “class B”',
    )
  })

  test('when the file repeats one line endlessly', () => {
    const file = Array.from({ length: 20_000 }, () => 'same')
    const lines = Array.from({ length: 1_000 }, () => ' same')
    expect(result(file, hunk([...lines, '+x']))).toBe('its lines repeat too often in the file')
  })
})

describe('places are told apart by', () => {
  const twice = ['class A {', '  go() {', '    x', '  }', '}', 'class B {', '  go() {', '    x', '  }', '}']
  const change = ['-    x', '+    y']
  const first = [...twice.slice(0, 2), '    y', ...twice.slice(3)]
  const second = [...twice.slice(0, 7), '    y', ...twice.slice(8)]

  test('an anchor that stands above one of them', () => {
    expect(result(twice, hunk(change, { anchors: ['class B {'] }))).toEqual(second)
  })

  test('the block that an anchor opens', () => {
    expect(result(twice, hunk(change, { anchors: ['class A {'] }))).toEqual(first)
  })

  test('a part of the anchor’s line', () => {
    expect(result(twice, hunk(change, { anchors: ['class B'] }))).toEqual(second)
  })

  test('anchors inside one another', () => {
    expect(result(twice, hunk(change, { anchors: ['class B', 'go() {'] }))).toEqual(second)
  })

  test('an anchor right above', () => {
    expect(result(['f:', 'x', 'x'], hunk(['-x', '+y'], { anchors: ['f:'] }))).toEqual(['f:', 'y', 'x'])
  })

  test('no anchor that is only part of a longer word', () => {
    expect(result(['total2', 'x', 'x'], hunk(['-x', '+y'], { anchors: ['total'] }))).toMatch(/^found 2 times/)
  })

  test('the hunk before', () => {
    expect(result(twice, hunk(change), { near: null, after: 5 })).toEqual(second)
  })

  test('the hunk after', () => {
    expect(result(twice, hunk(change), { near: null, after: null, before: 6 })).toEqual(first)
  })

  test('the region that was asked about', () => {
    expect(result(twice, hunk(change), { near: { start: 6, end: 9 }, after: null })).toEqual(second)
  })

  test('the end of the file', () => {
    expect(result(['a', 'b', 'a'], hunk(['-a', '+c'], { endOfFile: true }))).toEqual(['a', 'b', 'c'])
  })

  test('the line number of a unified diff, if it is exactly right', () => {
    expect(result(twice, hunk(change, { format: 'unified', line: 8 }))).toEqual(second)
  })

  test('no line number that is only nearly right', () => {
    expect(result(twice, hunk(change, { format: 'unified', line: 7 }))).toMatch(/^found 2 times/)
  })
})

describe('lines without context', () => {
  const file = ['import a', '', 'class A {', '}', 'class B {', '}']

  test('stand below their anchor', () => {
    expect(result(file, hunk(['+  b'], { anchors: ['class B {'] }))).toEqual([...file.slice(0, 5), '  b', '}'])
  })

  test('stand below the blank lines that they give under their anchor', () => {
    expect(result(file, hunk([' ', '+b'], { anchors: ['import a'] }))).toEqual(['import a', '', 'b', ...file.slice(2)])
  })

  test('stand at the end of the file when they say so', () => {
    expect(result(file, hunk(['+z'], { endOfFile: true }))).toEqual([...file, 'z'])
  })

  test('fill an empty file', () => {
    expect(result([], hunk(['+z', '~', '+y']))).toEqual(['z', '', 'y'])
  })

  test('stand at the line of a unified diff when its heading agrees', () => {
    expect(result(file, hunk(['+  b'], { format: 'unified', line: 3, anchors: ['class A {'] }))).toEqual([
      ...file.slice(0, 3),
      '  b',
      ...file.slice(3),
    ])
  })

  test.each([
    ['without anchor', {}],
    ['with an unknown anchor', { anchors: ['class C'] }],
    ['with an anchor that stands twice', { anchors: ['}'] }],
    ['with a line number alone', { format: 'unified', line: 3 }],
    ['with a line outside of its heading', { format: 'unified', line: 5, anchors: ['import a'] }],
  ] as const)('have no place %s', (_, rest) => {
    expect(result(file, hunk(['+x'], rest))).toBeTypeOf('string')
  })
})

describe('createLocator', () => {
  test('places many hunks in a large file', () => {
    const file = Array.from({ length: 100_000 }, (_, line) => (line % 5 === 0 ? '}' : `line ${line}`))
    const locator = createLocator(file)
    const places = Array.from({ length: 100 }, (_, number) => {
      const at = 500 + number * 990
      const outcome = locator.locate(hunk([` ${file[at] ?? ''}`, `-${file[at + 1] ?? ''}`, '+new']), NO_HINTS)
      return outcome.ok ? outcome.changed.start : null
    })
    expect(places).toEqual(Array.from({ length: 100 }, (_, number) => 502 + number * 990))
  })
})
