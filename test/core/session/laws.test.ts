// The laws of the whole session on random texts: apply then undo is identity, and nothing but the accepted lines changes.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWorld, referenceTo, type World } from '../../fakes/world.ts'
import { settle } from '../../fakes/clock.ts'
import { linesOf } from '../../../main/core/text.ts'

const ending = fc.constantFrom('\n', '\r\n')
const body = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(fc.tuple(fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é'), maxLength: 5 }), ending), {
      minLength: 3,
      maxLength: 10,
    }),
    fc.boolean(),
  )
  .map(([bom, lines, final]) => {
    // Numbered, so that each line is found once.
    const text = bom + lines.map(([line, end], at) => `${at}${line}x${end}`).join('')
    return final ? text : text.replace(/\r?\n$/, '')
  })

/** A world whose newest suggestion replaces the given line. */
async function proposed(text: string, at: number, fresh: readonly string[]): Promise<World> {
  const lines = linesOf(text)
  const world = await createWorld({ contents: { 'a.txt': text.replace('0', 'zero') } })
  await world.save('a.txt', text)
  world
    .reply()
    .text(
      `It.\n*** Begin Patch\n*** Update File: a.txt\n@@\n-${lines[at]}\n${fresh.map((line) => `+${line}\n`).join('')}*** End Patch\n`,
    )
  world.reply().finish()
  await settle()
  return world
}

test('accept changes the accepted lines alone, and undo gives back the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      body,
      fc.nat(),
      fc.array(fc.string({ unit: fc.constantFrom('n', 'é', '-', '+'), minLength: 1, maxLength: 4 }), { maxLength: 3 }),
      async (text, pick, fresh) => {
        const lines = linesOf(text)
        const at = pick % lines.length
        const world = await proposed(text, at, fresh)
        const suggestion = await world.suggestion()
        const hunk = suggestion.hunks[0]
        fc.pre(hunk?.state === 'pending')
        if (hunk === undefined) return
        expect((await world.session.accept({ hunks: [referenceTo(suggestion, hunk)] })).ok).toBe(true)
        const after = world.files.contents.get('a.txt') ?? ''
        expect(linesOf(after)).toEqual([...lines.slice(0, at), ...fresh, ...lines.slice(at + 1)])
        expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'))
        expect(after.endsWith('\n')).toBe(text.endsWith('\n'))
        expect((await world.session.undo()).ok).toBe(true)
        expect(world.files.contents.get('a.txt')).toBe(text)
        expect(world.errors).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
})

test('without an accept nothing is ever written, whatever the reply says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.constantFrom(
          '*** Begin Patch\n',
          '*** Update File: a.txt\n',
          '*** Delete File: a.txt\n',
          '*** Add File: ../x\n',
          '@@\n',
          '-0x\n',
          '+y\n',
          ' 1x\n',
          '<<<<<<< SEARCH\n',
          '=======\n',
          '>>>>>>> REPLACE\n',
          'prose\n',
          '\u0000',
        ),
        { maxLength: 25 },
      ),
      async (parts) => {
        const world = await createWorld({ contents: { 'a.txt': 'zero\n1x\n2x\n' } })
        await world.save('a.txt', '0x\n1x\n2x\n')
        for (const part of parts) world.reply().text(part)
        world.reply().finish()
        await settle()
        expect(world.files.writes).toEqual([])
        expect([...world.files.contents]).toEqual([['a.txt', '0x\n1x\n2x\n']])
        expect(world.errors).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
})
