// The files and replies that the bench makes up.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReplyParser } from '../../main/core/edits/parser.ts'
import { tokenise } from '../fakes/model-server/script.ts'
import { marker, replyThatEndsWith, replyThatRaises, sourceFile, UNEDITED } from './project.ts'

function changedLines(one: string, other: string): readonly number[] {
  const others = other.split('\n')
  return one.split('\n').flatMap((line, index) => (line === others[index] ? [] : [index]))
}

describe('a source file', () => {
  test('has at least the lines that were asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (lines) => {
        expect(sourceFile(lines, UNEDITED).split('\n').length).toBeGreaterThanOrEqual(lines)
      }),
    )
  })

  test('holds each line of code once, so that no edit fits anywhere else', () => {
    const lines = sourceFile(700, UNEDITED)
      .split('\n')
      .filter((line) => line !== '' && line !== '}')
    expect(new Set(lines).size).toBe(lines.length)
  })

  test('changes in one line by a new tag, and in another one by a new bound', () => {
    const before = sourceFile(700, UNEDITED)
    const tagged = changedLines(before, sourceFile(700, { tag: 1, bound: 0 }))
    const bounded = changedLines(before, sourceFile(700, { tag: 0, bound: 1 }))
    expect(tagged).toHaveLength(1)
    expect(bounded).toHaveLength(1)
    expect(bounded).not.toEqual(tagged)
  })
})

describe('a reply that raises the bound', () => {
  test('is one hunk that takes exactly the present line away and brings the next one', () => {
    const parser = createReplyParser()
    const events = [...parser.push(replyThatRaises('src/a.ts', 700, 4)), ...parser.end({ cut: false })]
    const hunks = events.flatMap((event) => (event.type === 'hunk' ? [event.hunk] : []))
    expect(hunks).toHaveLength(1)
    const lines = hunks[0]?.lines ?? []
    const removed = lines.filter(({ kind }) => kind === '-').map(({ text }) => text)
    const added = lines.filter(({ kind }) => kind === '+').map(({ text }) => text)
    const before = sourceFile(700, { tag: 9, bound: 4 })
    const after = sourceFile(700, { tag: 9, bound: 5 })
    expect(before.replace(removed[0] ?? '', added[0] ?? '')).toBe(after)
  })
})

describe('a reply that ends with a marker', () => {
  test('has so many tokens, and the marker is the last of them and stands only there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 3000 }), fc.integer({ min: 0, max: 46_655 }), (count, number) => {
        const reply = replyThatEndsWith(marker(number), count)
        const tokens = tokenise(reply)
        expect(tokens).toHaveLength(count)
        expect(tokens.at(-1)).toBe(marker(number))
        expect(reply.indexOf(marker(number))).toBe(reply.length - 4)
      }),
    )
  })
})

test('markers are of one token each and all different', () => {
  const markers = Array.from({ length: 2000 }, (_, count) => marker(count))
  expect(markers.every((text) => tokenise(text).length === 1)).toBe(true)
  expect(new Set(markers).size).toBe(markers.length)
})
