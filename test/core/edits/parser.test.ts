// The incremental reply parser: each format, the damage that models do, and the laws of streaming.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReplyParser, type ParsedHunk, type ReplyEvent } from '../../../main/core/edits/parser.ts'

function parse(reply: string, cut = false): readonly ReplyEvent[] {
  const parser = createReplyParser()
  return [...parser.push(reply), ...parser.end({ cut })]
}

function hunksOf(events: readonly ReplyEvent[]): readonly ParsedHunk[] {
  return events.flatMap((event) => (event.type === 'hunk' ? [event.hunk] : []))
}

function hunks(...lines: readonly string[]): readonly ParsedHunk[] {
  return hunksOf(parse(lines.join('\n')))
}

/** A hunk's lines with their markers. */
function marked(hunk: ParsedHunk | undefined): readonly string[] {
  return hunk?.lines.map((line) => line.kind + line.text) ?? []
}

function explanations(events: readonly ReplyEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'explanation' ? [event.line] : []))
}

function problems(events: readonly ReplyEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'problem' ? [event.message] : []))
}

describe('apply_patch sections', () => {
  test('give explanation and hunk of a well-formed reply', () => {
    const reply = [
      'Guard the empty cart.',
      '*** Begin Patch',
      '*** Update File: src/total.ts',
      '@@ function total',
      ' context',
      '-old',
      '+new',
      '*** End Patch',
      '',
    ].join('\n')
    expect(parse(reply)).toEqual([
      { type: 'explanation', line: 'Guard the empty cart.' },
      {
        type: 'hunk',
        hunk: {
          path: 'src/total.ts',
          kind: 'update',
          moveTo: null,
          section: 0,
          format: 'patch',
          anchors: ['function total'],
          lines: [
            { kind: ' ', text: 'context' },
            { kind: '-', text: 'old' },
            { kind: '+', text: 'new' },
          ],
          endOfFile: false,
          line: null,
        },
      },
    ])
  })

  test('give a hunk as soon as the line that ends it is complete', () => {
    const parser = createReplyParser()
    expect(parser.push('*** Update File: a\n@@\n-x\n+y\n@@')).toEqual([])
    expect(hunksOf(parser.push('\n'))).toHaveLength(1)
  })

  test('count file sections, so that order is known only within one', () => {
    const found = hunks('*** Update File: a', '@@', '-1', '@@', '-2', '*** Update File: b', '@@', '-3', '*** End Patch')
    expect(found.map((hunk) => [hunk.path, hunk.section])).toEqual([
      ['a', 0],
      ['a', 0],
      ['b', 1],
    ])
  })

  test('collect several @@ lines as anchors, outermost first', () => {
    expect(hunks('*** Update File: a', '@@ class A', '@@   def b(self):', '-x')[0]?.anchors).toEqual([
      'class A',
      'def b(self):',
    ])
  })

  test('take two anchors from one line', () => {
    expect(hunks('*** Update File: a', '@@ class A @@ def b', '-x')[0]?.anchors).toEqual(['class A', 'def b'])
  })

  test.each(['@@', '@@ ...', '@@ … @@', '@@ {', '@@@@'])('take no anchor from %j', (line) => {
    expect(hunks('*** Update File: a', line, '-x')[0]?.anchors).toEqual([])
  })

  test('use context without a change as an anchor of the next hunk', () => {
    const [hunk] = hunks('*** Update File: a', '@@', ' def b():', '@@', '-x')
    expect([hunk?.anchors, marked(hunk)]).toEqual([['def b():'], ['-x']])
  })

  test('leave out stray @@ lines and empty sections without a word', () => {
    expect(
      parse('*** Begin Patch\n*** Update File: a\n@@\n\n@@\n*** Update File: b\n@@\n-x\n*** End Patch\n'),
    ).toHaveLength(1)
  })

  test('complain about a section whose lines change nothing', () => {
    expect(problems(parse('*** Update File: a\n@@\n just\n context\n*** End Patch\n'))).toEqual([
      'the part about a marks no line as changed',
    ])
  })

  test('complain about a patch that names no file', () => {
    expect(problems(parse('*** Begin Patch\n@@\n-x\n+y\n*** End Patch\n'))).toEqual(['a patch names no file'])
  })

  test('take context lines without their space, and mark them', () => {
    const [hunk] = hunks('*** Update File: a', '@@', '\tif (x) {', '-\t\ty()', '}', '')
    expect(hunk?.lines).toEqual([
      { kind: ' ', text: '\tif (x) {', bare: true },
      { kind: '-', text: '\t\ty()' },
      { kind: ' ', text: '}', bare: true },
    ])
  })

  test('work without an envelope and without any @@ line', () => {
    expect(marked(hunks('*** Update File: a', '-x', '+y')[0])).toEqual(['-x', '+y'])
  })

  test('take header lines in another case and with white space after them', () => {
    const [hunk] = hunks('*** begin patch  ', '*** update file: ./src/a.ts ', '@@', '-x', '*** END PATCH ')
    expect([hunk?.path, marked(hunk)]).toEqual(['src/a.ts', ['-x']])
  })

  test('keep a leading slash and dots above the project: the writer decides about them', () => {
    const found = hunks('*** Delete File: /etc/x', '*** Delete File: ../y')
    expect(found.map((hunk) => hunk.path)).toEqual(['/etc/x', '../y'])
  })

  test('note the end of the file', () => {
    expect(hunks('*** Update File: a', '@@', ' x', '+y', '*** End of File', '*** End Patch')[0]?.endOfFile).toBe(true)
  })

  test('take an indented header in a hunk for context', () => {
    expect(marked(hunks('*** Update File: a', '@@', ' *** Update File: b', '-x')[0])).toEqual([
      ' *** Update File: b',
      '-x',
    ])
  })

  test('end at an indented end line when nothing of the hunk follows', () => {
    const events = parse('*** Begin Patch\n*** Update File: a\n@@\n-x\n *** End Patch\nThat is all.\n')
    expect([marked(hunksOf(events)[0]), explanations(events)]).toEqual([['-x'], ['That is all.']])
  })

  test('end at stars alone, as models cut the end line short', () => {
    expect(marked(hunks('*** Begin Patch', '*** Update File: a', '@@', '-x', '***')[0])).toEqual(['-x'])
  })

  test('take off an indentation that all lines of the patch share', () => {
    expect(
      marked(hunks('  *** Begin Patch', '  *** Update File: a', '  @@', '   x', '  -y', '  *** End Patch')[0]),
    ).toEqual([' x', '-y'])
  })

  test('give a new file with all its lines', () => {
    const [hunk] = hunks('*** Add File: a', '+one', '+', '++two', '*** End Patch')
    expect([hunk?.kind, marked(hunk)]).toEqual(['add', ['+one', '+', '++two']])
  })

  test('give a new file whose lines have lost their plus', () => {
    expect(marked(hunks('*** Add File: a', 'one', '', '- two', '*** End Patch')[0])).toEqual(['+one', '+', '+- two'])
  })

  test('give a new file of which single lines have lost their plus', () => {
    expect(marked(hunks('*** Add File: a', '+one', '', '+two', 'three', '*** End Patch')[0])).toEqual([
      '+one',
      '+',
      '+two',
      '+three',
    ])
  })

  test('give a deleted file at once', () => {
    expect(hunksOf(createReplyParser().push('*** Delete File: a\n')).map((hunk) => hunk.kind)).toEqual(['delete'])
  })

  test('give a move without hunks when its section ends', () => {
    const [hunk] = hunks('*** Update File: a', '*** Move to: b', '*** End Patch')
    expect([hunk?.kind, hunk?.moveTo, hunk?.lines]).toEqual(['move', 'b', []])
  })

  test('put the new path on each hunk of a moved file', () => {
    const found = hunks('*** Update File: a', '*** Move to: b', '@@', '-x', '@@', '-y')
    expect(found.map((hunk) => [hunk.kind, hunk.moveTo])).toEqual([
      ['move', 'b'],
      ['move', 'b'],
    ])
  })

  test('give a move that is named after the hunks', () => {
    const found = hunks('*** Update File: a', '@@', '-x', '@@', '*** Move to: b', '*** End Patch')
    expect(found.map((hunk) => [hunk.kind, hunk.moveTo])).toEqual([
      ['update', null],
      ['move', 'b'],
    ])
  })

  test('are found in a here-document', () => {
    const events = parse("apply_patch <<'EOF'\n*** Begin Patch\n*** Delete File: a\n*** End Patch\nEOF\n")
    expect(events.map((event) => event.type)).toEqual(['hunk'])
  })

  test('may have their code fence inside the envelope', () => {
    const events = parse('*** Begin Patch\n*** Update File: a\n```diff\n@@\n-x\n+y\n```\n*** End Patch\nDone it.\n')
    expect([marked(hunksOf(events)[0]), explanations(events)]).toEqual([['-x', '+y'], ['Done it.']])
  })

  test('keep a fence that is content when the hunk goes on after it', () => {
    const [hunk] = hunks('```', '*** Update File: a.md', '@@', '-x', '```', '-y', '*** End Patch', '```')
    expect(marked(hunk)).toEqual(['-x', ' ```', '-y'])
  })
})

describe('SEARCH/REPLACE blocks', () => {
  const block = ['<<<<<<< SEARCH', 'old', 'same', '=======', 'new', 'same', '>>>>>>> REPLACE']

  test.each([
    ['above the block', ['src/a.ts', ...block]],
    ['above the fence', ['src/a.ts', '```ts', ...block, '```']],
    ['above the fence with a blank line', ['**src/a.ts**:', '', '```ts', ...block, '```']],
    ['inside the fence', ['```', 'src/a.ts', ...block, '```']],
    ['in a comment inside the fence', ['```ts', '// src/a.ts', ...block, '```']],
    ['in the fence line', ['```ts src/a.ts', ...block, '```']],
    ['in a heading', ['### `src/a.ts`', ...block]],
    ['in a sentence', ['In `src/a.ts` I change this:', ...block]],
    ['in the marker line', ['<<<<<<< SEARCH src/a.ts', ...block.slice(1)]],
    ['in a patch header', ['*** Update File: src/a.ts', ...block]],
  ])('take their path from the line %s', (_, lines) => {
    const [hunk] = hunks(...lines)
    expect([hunk?.path, hunk?.format, marked(hunk)]).toEqual(['src/a.ts', 'search-replace', ['-old', '+new', ' same']])
  })

  test('do not show their path line as explanation', () => {
    expect(explanations(parse(['Why.', 'src/a.ts', '```', ...block, '```', ''].join('\n')))).toEqual(['Why.'])
  })

  test('show a path line as explanation when no block follows', () => {
    expect(explanations(parse('src/a.ts\nis fine.\n'))).toEqual(['src/a.ts', 'is fine.'])
  })

  test('go on with the file of the block before', () => {
    expect(hunks('src/a.ts', ...block, '', ...block).map((hunk) => hunk.path)).toEqual(['src/a.ts', 'src/a.ts'])
  })

  test('are sections of their own: their order says nothing', () => {
    expect(hunks('src/a.ts', ...block, ...block).map((hunk) => hunk.section)).toEqual([0, 1])
  })

  test.each([5, 6, 8, 9])('may have %i marks', (width) => {
    const lines = [`${'<'.repeat(width)} SEARCH`, 'old', '='.repeat(width), 'new', `${'>'.repeat(width)} REPLACE`]
    expect(marked(hunks('a.ts', ...lines)[0])).toEqual(['-old', '+new'])
  })

  test('are divided at the marks that are as wide as the first ones', () => {
    const [hunk] = hunks('a.md', '<<<<<<< SEARCH', 'Title', '=====', '=======', 'Other', '=====', '>>>>>>> REPLACE')
    expect(marked(hunk)).toEqual(['-Title', '+Other', ' ====='])
  })

  test('are divided at other marks when there are none of that width', () => {
    expect(marked(hunks('a.ts', '<<<<<<< SEARCH', 'old', '=====', 'new', '>>>>>>> REPLACE')[0])).toEqual([
      '-old',
      '+new',
    ])
  })

  test('create a file when there is nothing to search for', () => {
    const [hunk] = hunks('a.ts', '<<<<<<< SEARCH', '=======', 'new', '>>>>>>> REPLACE')
    expect([hunk?.kind, marked(hunk)]).toEqual(['add', ['+new']])
  })

  test('are left out with a word when no file is named', () => {
    expect(parse(block.join('\n'))).toEqual([{ type: 'problem', message: 'a SEARCH/REPLACE block names no file' }])
  })

  test('are left out with a word when the next one begins before their end', () => {
    const events = parse(['a.ts', ...block.slice(0, 5), ...block, ''].join('\n'))
    expect([problems(events), hunksOf(events).length]).toEqual([['a SEARCH/REPLACE block about a.ts has no end'], 1])
  })

  test('count without their end marker when the model stopped', () => {
    expect(marked(hunks('a.ts', '```', ...block.slice(0, 5), '```', '')[0])).toEqual(['-old', '-same', '+new'])
  })
})

describe('unified diffs', () => {
  test('lose the prefixes of Git and give line and heading as hints', () => {
    const [hunk] = hunks(
      '--- a/src/a.ts\t2024-01-01',
      '+++ b/src/a.ts',
      '@@ -12,2 +12,2 @@ function f',
      ' x',
      '-y',
      '+z',
    )
    expect(hunk).toMatchObject({ path: 'src/a.ts', format: 'unified', line: 12, anchors: ['function f'] })
  })

  test('keep a folder that is really called a', () => {
    expect(hunks('--- a/x.ts', '+++ a/x.ts', '@@ -1 +1 @@', '-x')[0]?.path).toBe('a/x.ts')
  })

  test('decode quoted names', () => {
    expect(hunks('--- "a/\\303\\274.ts"', '+++ "b/\\303\\274.ts"', '@@ -1 +1 @@', '-x')[0]?.path).toBe('ü.ts')
  })

  test('end after the counted lines, so that prose may follow', () => {
    const events = parse('--- a/x.ts\n+++ b/x.ts\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\n- This is a bullet.\n')
    expect([marked(hunksOf(events)[0]), explanations(events)]).toEqual([
      [' a', '-b', '+c'],
      ['', '- This is a bullet.'],
    ])
  })

  test('go on after too small counts', () => {
    expect(marked(hunks('--- a/x.ts', '+++ b/x.ts', '@@ -1,1 +1,1 @@', ' a', '-b', '+c', ' d')[0])).toEqual([
      ' a',
      '-b',
      '+c',
      ' d',
    ])
  })

  test('take a changed comment of dashes for what it is', () => {
    expect(
      marked(hunks('--- a/x.sql', '+++ b/x.sql', '@@ -1,2 +1,2 @@', '--- old.sql', '+++ new.sql', ' y')[0]),
    ).toEqual(['--- old.sql', '+++ new.sql', ' y'])
  })

  test('give files that come, go and move', () => {
    const found = hunks(
      '--- /dev/null',
      '+++ b/new.ts',
      '@@ -0,0 +1,1 @@',
      '+x',
      '--- a/gone.ts',
      '+++ /dev/null',
      '@@ -1,2 +0,0 @@',
      '--- y',
      '-z',
      'diff --git a/from.ts b/to.ts',
      'similarity index 100%',
      'rename from from.ts',
      'rename to to.ts',
      '',
    )
    expect(found.map((hunk) => [hunk.kind, hunk.path, hunk.moveTo])).toEqual([
      ['add', 'new.ts', null],
      ['delete', 'gone.ts', null],
      ['move', 'from.ts', 'to.ts'],
    ])
  })

  test('without a header belong to the file that the line above names', () => {
    const [hunk] = hunks('`src/a.ts`', '```diff', '@@ -3,1 +3,1 @@', '-x', '+y', '```')
    expect([hunk?.path, hunk?.line, marked(hunk)]).toEqual(['src/a.ts', 3, ['-x', '+y']])
  })

  test('may stand in an apply_patch envelope', () => {
    const [hunk] = hunks('*** Begin Patch', '--- a/a.ts', '+++ b/a.ts', '@@ -1 +1 @@', '-x', '+y', '*** End Patch')
    expect([hunk?.path, marked(hunk)]).toEqual(['a.ts', ['-x', '+y']])
  })

  test('complain about binary files', () => {
    const events = parse('diff --git a/a.png b/a.png\nindex 1..2 100644\nBinary files a/a.png and b/a.png differ\n')
    expect(problems(events)).toEqual(['the diff of a.png is not one of text lines'])
  })
})

describe('prose', () => {
  test('is given line by line as it stands', () => {
    expect(explanations(parse('One.\n\n  two `x`\r\nthree'))).toEqual(['One.', '', '  two `x`', 'three'])
  })

  test('does not include code samples', () => {
    expect(parse('Like this:\n```ts\nconst a = 1\n```\nDone it.\n')).toEqual([
      { type: 'explanation', line: 'Like this:' },
      { type: 'explanation', line: 'Done it.' },
    ])
  })
})

describe('the end of a reply', () => {
  const begun = '*** Begin Patch\n*** Update File: a\n@@\n-x\n+y\n'

  test('completes the last hunk when the model stopped without an end marker', () => {
    expect(hunksOf(parse(begun))).toHaveLength(1)
  })

  test('completes a last line without newline', () => {
    expect(marked(hunksOf(parse(`${begun}+z`))[0])).toEqual(['-x', '+y', '+z'])
  })

  test('gives a cut instead of the unfinished hunk when the stream broke off', () => {
    expect(parse(begun, true)).toEqual([{ type: 'cut', path: 'a' }])
  })

  test('tells of a cut block whose file is not known', () => {
    expect(parse('<<<<<<< SEARCH\nx\n', true)).toEqual([{ type: 'cut', path: null }])
  })

  test('tells of no cut between hunks', () => {
    expect(parse(`${begun}*** End Patch\nThat `, true).map((event) => event.type)).toEqual(['hunk', 'explanation'])
  })

  test('misses nothing when the cut came right after the end marker', () => {
    expect(parse(`${begun}*** End Patch`, true).map((event) => event.type)).toEqual(['hunk'])
  })

  test('gives the sentence it was cut in', () => {
    expect(parse('First.\nThen I wi', true)).toEqual([
      { type: 'explanation', line: 'First.' },
      { type: 'explanation', line: 'Then I wi' },
    ])
  })
})

describe('laws', () => {
  const line = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        '*** Begin Patch',
        '*** End Patch',
        ' *** End Patch',
        '  *** Begin Patch',
        '*** Update File: a.ts',
        '*** Add File: b.ts',
        '*** Delete File: c.ts',
        '*** Move to: d.ts',
        '*** End of File',
        '@@',
        '@@ class A',
        '@@ -1,2 +1,3 @@ f',
        '```',
        '```diff',
        '   ```',
        '<<<<<<< SEARCH',
        '=======',
        '>>>>>>> REPLACE',
        '--- a/x.ts',
        '+++ b/x.ts',
        '+++ /dev/null',
        'diff --git a/x.ts b/y.ts',
        'rename to z.ts',
        '',
        ' context',
        '-old',
        '+new',
        'bare',
        'src/a.ts',
        'Some prose.',
      ),
    },
    { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
  )
  const reply = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, newline, ended]) => lines.join(newline) + (ended ? newline : ''))

  test('any chunking of a reply gives the same events', () => {
    fc.assert(
      fc.property(
        reply,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        fc.boolean(),
        (text, sizes, cut) => {
          const parser = createReplyParser()
          const events: ReplyEvent[] = []
          for (let at = 0, turn = 0; at < text.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1
            events.push(...parser.push(text.slice(at, at + size)))
            at += size
          }
          events.push(...parser.end({ cut }))
          expect(events).toEqual(parse(text, cut))
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('a reply that is cut anywhere gives a prefix of the hunks of the whole reply', () => {
    fc.assert(
      fc.property(reply, fc.nat(), (text, at) => {
        const whole = hunksOf(parse(text))
        const begun = hunksOf(parse(text.slice(0, at % (text.length + 1)), true))
        expect(begun).toEqual(whole.slice(0, begun.length))
      }),
      { numRuns: 1_000 },
    )
  })

  test('hostile text never throws, and no event holds a line break', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        for (const event of parse(text)) if (event.type === 'explanation') expect(event.line).not.toContain('\n')
      }),
    )
  })

  test('a hunk that is too long is left out with a word', () => {
    const parser = createReplyParser()
    parser.push('*** Update File: a\n@@\n-x\n')
    const piece = `+${'y'.repeat(99_999)}`
    for (let count = 0; count < 45; count += 1) parser.push(piece)
    const events = [...parser.push('\n@@\n-z\n'), ...parser.end({ cut: false })]
    expect(events.map((event) => event.type)).toEqual(['problem', 'hunk'])
  })
})
