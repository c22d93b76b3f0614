// How a cut reply goes on: at the exact character, with the partial line again, or with a new patch.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createContinuationParser } from '../../main/core/continuation.ts'
import { createReplyParser, type ParsedHunk, type ReplyEvent } from '../../main/core/edits/parser.ts'

const REPLY = `Guard the empty list.
*** Begin Patch
*** Update File: src/a.ts
@@ export function mean
   const sum = total(items)
-  return sum / items.length
+  return items.length === 0 ? 0 : sum / items.length
 }
@@ export function tax
-  return price * rate
+  return price * (rate ?? 0)
*** Update File: src/b.ts
@@
-one
+two
*** End Patch
`

function hunks(events: readonly ReplyEvent[]): readonly ParsedHunk[] {
  return events.flatMap((event) => (event.type === 'hunk' ? [event.hunk] : []))
}

/** The edits alone: what a section is numbered does not matter across two replies. */
function edits(all: readonly ParsedHunk[]): readonly string[] {
  return all.map((hunk) => JSON.stringify([hunk.path, hunk.lines.filter(({ kind }) => kind !== ' ')]))
}

function cutAt(at: number): { readonly before: readonly ParsedHunk[]; readonly prefix: string; readonly rest: string } {
  const prefix = REPLY.slice(0, at)
  const parser = createReplyParser()
  return { before: hunks([...parser.push(prefix), ...parser.end({ cut: true })]), prefix, rest: REPLY.slice(at) }
}

function goOn(prefix: string, text: string, chunk = text.length): readonly ParsedHunk[] {
  const parser = createContinuationParser(prefix, { isPath: (text) => ['src/a.ts', 'src/b.ts'].includes(text) })
  const events: ReplyEvent[] = []
  for (let at = 0; at < text.length; at += Math.max(1, chunk)) {
    events.push(...parser.push(text.slice(at, at + Math.max(1, chunk))))
  }
  return hunks([...events, ...parser.end({ cut: false })])
}

/** Within the patch, where a hunk may be cut. */
const FROM = REPLY.indexOf('@@')
const TO = REPLY.indexOf('*** End Patch')
const whole = edits(hunks([...createReplyParser().push(REPLY)]))

describe('a continuation', () => {
  test('that repeats the partial line gives every edit of the whole reply, at every cut', () => {
    for (let at = FROM; at < TO; at += 1) {
      const { before, prefix } = cutAt(at)
      const lineStart = prefix.lastIndexOf('\n') + 1
      const all = new Set([...edits(before), ...edits(goOn(prefix, REPLY.slice(lineStart)))])
      expect([...all].toSorted(), `cut at ${at}: ${JSON.stringify(prefix.slice(-20))}`).toEqual([...whole].toSorted())
    }
  })

  test('that starts the whole patch again gives every edit, at every cut', () => {
    const patch = REPLY.slice(REPLY.indexOf('*** Begin Patch'))
    for (let at = 1; at < REPLY.length; at += 1) {
      const { prefix } = cutAt(at)
      expect(edits(goOn(prefix, patch)), `cut at ${at}`).toEqual(whole)
    }
  })

  test('at the exact character of an added line joins it', () => {
    const at = REPLY.indexOf('=== 0 ?')
    const { prefix, rest } = cutAt(at)
    expect(edits(goOn(prefix, rest))).toEqual(whole)
  })

  test('in any chunking gives the same edits', () => {
    fc.assert(
      fc.property(fc.integer({ min: FROM, max: TO }), fc.integer({ min: 1, max: 40 }), (at, chunk) => {
        const { prefix, rest } = cutAt(at)
        expect(edits(goOn(prefix, rest, chunk))).toEqual(edits(goOn(prefix, rest)))
      }),
    )
  })

  test('of nothing gives nothing', () => {
    expect(goOn(REPLY.slice(0, FROM + 20), '')).toEqual([])
  })
})
