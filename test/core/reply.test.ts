// Whole replies against golden files, and the rules of resolving several hunks, files and moves.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReplyParser, type ParsedHunk } from '../../main/core/edits/parser.ts'
import { createLocator } from '../../main/core/locate/locate.ts'
import { applyEdits } from '../../main/core/patch.ts'
import { placeHunk, resolveReply } from '../../main/core/reply.ts'
import { linesOf } from '../../main/core/text.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures/edits')

interface Golden {
  readonly before: ReadonlyMap<string, string>
  readonly reply: string
  readonly after: ReadonlyMap<string, string | null>
  readonly refused: readonly string[]
}

/** Parts begin with `=== before PATH`, `=== reply`, `=== after PATH`, `=== gone PATH` or `=== refused REASON`. */
function golden(name: string): Golden {
  const before = new Map<string, string>()
  const after = new Map<string, string | null>()
  const refused: string[] = []
  let reply = ''
  for (const part of readFileSync(join(FIXTURES, name), 'utf8').split(/^=== (?=before|reply|after|gone|refused)/m)) {
    const newline = part.indexOf('\n')
    const [what = '', ...rest] = part.slice(0, newline).split(' ')
    const argument = rest.join(' ')
    const text = part.slice(newline + 1)
    if (what === 'before') before.set(argument, text)
    else if (what === 'reply') reply = text
    else if (what === 'after') after.set(argument, text)
    else if (what === 'gone') after.set(argument, null)
    else if (what === 'refused') refused.push(argument)
  }
  return { before, reply, after, refused }
}

function outcomeOf(reply: string, files: Readonly<Record<string, string>>) {
  return resolveReply(reply, (path) => files[path] ?? null)
}

function patch(...lines: readonly string[]): string {
  return ['*** Begin Patch', ...lines, '*** End Patch', ''].join('\n')
}

describe('golden replies', () => {
  const names = readdirSync(FIXTURES).filter((name) => name.endsWith('.txt'))
  for (const ending of ['\n', '\r\n']) {
    test.each(names)(
      `are applied exactly or refused with the reason: %s, lines of the reply end in ${JSON.stringify(ending)}`,
      (name) => {
        const { before, reply, after, refused } = golden(name)
        const resolved = resolveReply(reply.replaceAll('\n', ending), (path) => before.get(path) ?? null)
        const reasons = resolved.hunks.flatMap((hunk) => (hunk.reason === null ? [] : [hunk.reason]))
        expect(reasons).toEqual(refused)
        expect(new Map(resolved.writes.map((write) => [write.path, write.after]))).toEqual(after)
      },
    )
  }
})

describe('resolveReply', () => {
  test('is not ok for a reply without any hunk', () => {
    expect(outcomeOf('Nothing to do here.\n', {})).toEqual({ ok: false, hunks: [], writes: [] })
  })

  test('names the lines of the original text that the hunk as written covers', () => {
    const reply = patch('*** Update File: a.ts', '@@', ' two', '-three', '+drei', ' four')
    expect(outcomeOf(reply, { 'a.ts': 'one\ntwo\nthree\nfour\n' }).hunks).toEqual([
      { path: 'a.ts', outcome: 'applied', reason: null, start: 2, end: 5 },
    ])
  })

  test('writes nothing unless every hunk is placed', () => {
    const reply = patch('*** Update File: a.ts', '@@', '-one', '+eins', '@@', '-nowhere', '+x')
    const resolved = outcomeOf(reply, { 'a.ts': 'one\n' })
    expect(resolved.hunks.map((hunk) => hunk.outcome)).toEqual(['applied', 'unplaced'])
    expect([resolved.ok, resolved.writes]).toEqual([false, []])
  })

  test('keeps a byte order mark, CRLF and a missing final newline', () => {
    const reply = patch('*** Update File: a.ts', '@@', ' one', '-two', '+zwei', '+drei')
    const resolved = outcomeOf(reply, { 'a.ts': '\uFEFFone\r\ntwo' })
    expect(resolved.writes).toEqual([{ path: 'a.ts', before: '\uFEFFone\r\ntwo', after: '\uFEFFone\r\nzwei\r\ndrei' }])
  })

  test('refuses to add a file that exists', () => {
    const resolved = outcomeOf(patch('*** Add File: a.ts', '+x'), { 'a.ts': 'y\n' })
    expect(resolved.hunks).toEqual([
      { path: 'a.ts', outcome: 'refused', reason: 'a file of this name exists already', start: 0, end: 0 },
    ])
  })

  test('fills an empty file with an added one', () => {
    expect(outcomeOf(patch('*** Add File: a.ts', '+x'), { 'a.ts': '' }).writes).toEqual([
      { path: 'a.ts', before: '', after: 'x\n' },
    ])
  })

  test.each(['*** Delete File: a.ts', '*** Update File: a.ts\n@@\n-x\n+y', '*** Update File: a.ts\n*** Move to: b.ts'])(
    'refuses what needs a file that is missing: %j',
    (section) => {
      const resolved = outcomeOf(patch(section), {})
      expect(resolved.hunks.map(({ outcome, reason }) => [outcome, reason])).toEqual([
        ['refused', 'there is no such file'],
      ])
    },
  )

  test('takes two names in a git header for no rename: only its own lines say one', () => {
    const reply = 'diff --git a/a.ts b/b.ts\n*** Add File: a.ts\n+x\n'
    expect(outcomeOf(reply, { 'a.ts': 'kept\n' })).toMatchObject({ ok: false, writes: [] })
  })

  test('refuses to move onto a file that exists', () => {
    const resolved = outcomeOf(patch('*** Update File: a.ts', '*** Move to: b.ts'), { 'a.ts': '', 'b.ts': '' })
    expect(resolved.hunks.map((hunk) => hunk.outcome)).toEqual(['refused'])
  })

  test('moves a file without changing it', () => {
    expect(outcomeOf(patch('*** Update File: a.ts', '*** Move to: b.ts'), { 'a.ts': 'x\n' }).writes).toEqual([
      { path: 'a.ts', before: 'x\n', after: null },
      { path: 'b.ts', before: null, after: 'x\n' },
    ])
  })

  test('edits a file that the same reply has moved', () => {
    const reply = patch('*** Update File: a.ts', '*** Move to: b.ts', '*** Update File: b.ts', '@@', '-x', '+y')
    expect(outcomeOf(reply, { 'a.ts': 'x\n' }).writes.map(({ path, after }) => [path, after])).toEqual([
      ['a.ts', null],
      ['b.ts', 'y\n'],
    ])
  })

  test('edits a file that the same reply has added', () => {
    const reply = patch('*** Add File: a.ts', '+x', '+z', '*** Update File: a.ts', '@@', ' x', '+y')
    expect(outcomeOf(reply, {}).writes).toEqual([{ path: 'a.ts', before: null, after: 'x\ny\nz\n' }])
  })

  test('takes several sections about one file together', () => {
    const reply = patch('*** Update File: a.ts', '@@', '-two', '+2', '*** Update File: a.ts', '@@', '-one', '+1')
    expect(outcomeOf(reply, { 'a.ts': 'one\ntwo\n' }).writes[0]?.after).toBe('1\n2\n')
  })

  test('takes hunks whose context overlaps', () => {
    const reply = patch('*** Update File: a.ts', '@@', '-a', '+A', ' b', ' c', '@@', ' b', '-c', '+C')
    expect(outcomeOf(reply, { 'a.ts': 'a\nb\nc\n' }).writes[0]?.after).toBe('A\nb\nC\n')
  })

  test('leaves a hunk unplaced that changes lines which an earlier one changes', () => {
    const reply = patch('*** Update File: a.ts', '@@', '-a', '+A', '*** Update File: a.ts', '@@', '-a', '+Z', ' b')
    expect(outcomeOf(reply, { 'a.ts': 'a\nb\n' }).hunks.map((hunk) => hunk.reason)).toEqual([
      null,
      'it overlaps an earlier hunk of this reply',
    ])
  })

  test('leaves an insertion unplaced that is given twice', () => {
    const hunk = ['@@', ' a', '+x']
    const reply = patch('*** Update File: a.ts', ...hunk, '*** Update File: a.ts', ...hunk)
    expect(outcomeOf(reply, { 'a.ts': 'a\nb\n' }).hunks.map((hunk) => hunk.outcome)).toEqual(['applied', 'unplaced'])
  })

  test('tells lines of the original for a hunk that needs the result of another', () => {
    const reply = patch('*** Update File: a.ts', '@@', ' a', '+b', '+c', '@@', ' c', '-d', '+D')
    const resolved = outcomeOf(reply, { 'a.ts': 'a\nd\ne\n' })
    expect(resolved.writes[0]?.after).toBe('a\nb\nc\nD\ne\n')
    expect(resolved.hunks[1]).toMatchObject({ outcome: 'applied', start: 2, end: 3 })
  })

  test('is not ok when a part of the reply could not be read', () => {
    const reply = `<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n${patch('*** Update File: a.ts', '@@', '-a', '+b')}`
    const resolved = outcomeOf(reply, { 'a.ts': 'a\n' })
    expect(resolved.hunks.map((hunk) => hunk.outcome)).toEqual(['refused', 'applied'])
    expect(resolved.ok).toBe(false)
  })

  test('applies a change of white space as written', () => {
    const reply = patch('*** Update File: a.py', '@@', ' if x:', '-  go()', '+    go()')
    expect(outcomeOf(reply, { 'a.py': 'if x:\n  go()\n' }).writes[0]?.after).toBe('if x:\n    go()\n')
  })
})

/** Lines of which some are equal, so that places can be mistaken. */
const fileLines = fc.array(fc.constantFrom('a', 'b', '  a', '}', '', 'call(x)', 'x = 1', 'y = 2', '\tz'), {
  maxLength: 40,
})

describe('laws', () => {
  test('a placed edit gives exactly the edited text, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fileLines,
        fc.nat(),
        fc.nat({ max: 3 }),
        fc.array(fc.constantFrom('new', '  new', 'a', ''), { maxLength: 3 }),
        fc.nat({ max: 4 }),
        (file, at, removed, added, context) => {
          const start = file.length === 0 ? 0 : at % file.length
          const end = Math.min(file.length, start + removed)
          const lead = file.slice(Math.max(0, start - context), start)
          const tail = file.slice(end, end + context)
          const marked = (mark: string, lines: readonly string[]) => lines.map((line) => mark + line)
          const body = [
            ...marked(' ', lead),
            ...marked('-', file.slice(start, end)),
            ...marked('+', added),
            ...marked(' ', tail),
          ]
          const before = file.map((line) => `${line}\n`).join('')
          const expected = [...file.slice(0, start), ...added, ...file.slice(end)].map((line) => `${line}\n`).join('')
          const resolved = outcomeOf(patch('*** Update File: f', '@@', ...body), { f: before })
          const [hunk] = resolved.hunks
          // Unplaced is right whenever there is more than one place; a wrong place never is.
          if (!resolved.ok || hunk?.reason !== null) return
          expect(resolved.writes[0]?.after ?? before).toBe(expected)
        },
      ),
      { numRuns: 3_000 },
    )
  })

  test('an edit of lines that stand once is always placed', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{3,8}$/), { minLength: 1, maxLength: 30 }),
        fc.nat(),
        (file, at) => {
          const line = file[at % file.length] ?? ''
          const text = `${file.join('\n')}\n`
          const resolved = outcomeOf(patch('*** Update File: f', '@@', `-${line}`, '+NEW'), { f: text })
          expect(resolved.writes[0]?.after).toBe(file.map((other) => `${other === line ? 'NEW' : other}\n`).join(''))
        },
      ),
    )
  })

  test('the minimal edits of a placed hunk do what the hunk as written does', () => {
    fc.assert(
      fc.property(fileLines, fileLines, (search, replace) => {
        const parser = createReplyParser()
        const block = ['f.ts', '<<<<<<< SEARCH', ...search, '=======', ...replace, '>>>>>>> REPLACE', ''].join('\n')
        const hunk = parser.push(block).find((event) => event.type === 'hunk')?.hunk
        if (hunk === undefined) return
        const file = ['top', ...search, 'bottom'].join('\n')
        const place = placeHunk(linesOf(file), hunk, { near: null, after: null })
        if (!place.ok) return
        expect(applyEdits(file, place.edits)).toBe(applyEdits(file, [place.located]))
      }),
    )
  })
})

describe('placeHunk', () => {
  const hunk: ParsedHunk = {
    path: 'a.ts',
    kind: 'update',
    moveTo: null,
    section: 0,
    format: 'patch',
    anchors: [],
    lines: [
      { kind: ' ', text: 'a' },
      { kind: '-', text: 'b' },
      { kind: '-', text: 'c' },
      { kind: '+', text: 'b' },
      { kind: '+', text: 'C' },
      { kind: ' ', text: 'd' },
    ],
    endOfFile: false,
    line: null,
  }
  const lines = ['a', 'b', 'c', 'd']

  test('gives the smallest edits and the changed lines as written', () => {
    expect(placeHunk(lines, hunk, { near: null, after: null })).toEqual({
      ok: true,
      edits: [{ start: 3, end: 4, lines: ['C'] }],
      located: { start: 2, end: 4, lines: ['b', 'C'] },
    })
  })

  test('takes a locator that was made once for several hunks', () => {
    const locator = createLocator(lines)
    expect(placeHunk(locator, hunk, { near: null, after: null }).ok).toBe(true)
  })
})
