// No placeholder of a secret ever reaches the disk: not by any reply, not by any decision, not after a restart.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createWorld, patchReply, referenceTo, type World } from '../../fakes/world.ts'

const TEXT = `const host = 'db'
const password = 'hunter2!x'
const token = 'Zx81kQpL92mNv47TrWbY3cHd'
connect(host, password)
`
const CHANGED = TEXT.replace("'db'", "'db2'")
const REMNANT = /SLIPSTREAM[_ -]?SECRET/i

async function asked(): Promise<World> {
  const world = await createWorld({ contents: { 'a.ts': TEXT, 'b.ts': 'one\n' } })
  await world.save('a.ts', CHANGED)
  return world
}

async function acceptAll(world: World): Promise<void> {
  for (const suggestion of await world.suggestions()) {
    for (const hunk of suggestion.hunks) {
      if (hunk.state === 'pending') await world.session.accept({ hunks: [referenceTo(suggestion, hunk)] })
      for (const line of hunk.state === 'unplaced' ? hunk.candidates : []) {
        const placed = await world.session.place({ hunk: referenceTo(suggestion, hunk), line })
        if (placed.ok) return acceptAll(world)
      }
    }
  }
}

function expectClean(world: World): void {
  for (const [path, text] of world.files.contents) {
    expect(path).not.toMatch(REMNANT)
    expect(text, path).not.toMatch(REMNANT)
  }
}

describe('placeholders', () => {
  test('are unique, and the same secret has the same one everywhere in a request', async () => {
    const world = await asked()
    const text = JSON.stringify(world.reply().request.prompt)
    expect(text).not.toContain('hunter2!x')
    expect(text).not.toContain('Zx81kQpL92mNv47TrWbY3cHd')
    const { messages } = world.reply().request.prompt
    const said = messages.map((message) => message.text).join('\n')
    expect(new Set(said.match(/const password = '(\w+)'/g)).size).toBe(1)
    expect(new Set(said.match(/SLIPSTREAM_SECRET_\d+/g)).size).toBe(2)
  })

  test('are mapped back before a hunk is placed: a line with a secret can be changed around it', async () => {
    const world = await asked()
    const line = "const password = 'SLIPSTREAM_SECRET_1'"
    world.reply().text(patchReply('a.ts', line, `export ${line}`))
    world.reply().finish()
    await world.clock.advance(10)
    await acceptAll(world)
    expect(world.files.contents.get('a.ts')).toContain("export const password = 'hunter2!x'")
    expectClean(world)
  })

  for (const [name, before, after] of [
    ['adds one', "const host = 'db2'", "const host = 'SLIPSTREAM_SECRET_1'"],
    ['drops one', "const password = 'SLIPSTREAM_SECRET_1'", 'const password = read()'],
    ['alters one', "const password = 'SLIPSTREAM_SECRET_1'", "const password = 'SLIPSTREAM_SECRET_2'"],
    ['breaks one', "const password = 'SLIPSTREAM_SECRET_1'", "const password = 'SLIPSTREAM_SECRET'"],
    ['doubles one', "const password = 'SLIPSTREAM_SECRET_1'", "f('SLIPSTREAM_SECRET_1', 'SLIPSTREAM_SECRET_1')"],
  ] as const) {
    test(`a hunk that ${name} is refused`, async () => {
      const world = await asked()
      world.reply().text(patchReply('a.ts', before, after))
      world.reply().finish()
      await world.clock.advance(10)
      const { hunks } = await world.suggestion()
      expect(hunks.map(({ state, reason }) => [state, reason])).toEqual([
        ['unplaced', 'it adds, alters or drops a secret that was withheld'],
      ])
      await acceptAll(world)
      expect(world.files.contents.get('a.ts')).toBe(CHANGED)
    })
  }

  test('a file whose path holds a secret is found again by its placeholder', async () => {
    const key = `ghp_${'aB3dE6gH9j'.repeat(4)}`
    const path = `exports/${key}.ts`
    const world = await createWorld({ contents: { [path]: 'one\ntwo\n' } })
    await world.save(path, 'one\ntwo two\n')
    const text = world
      .reply()
      .request.prompt.messages.map((message) => message.text)
      .join('\n')
    expect(text).not.toContain(key)
    const named = /exports\/SLIPSTREAM_SECRET_\d+\.ts/.exec(text)?.[0] ?? ''
    world.reply().text(patchReply(named, 'one', 'ONE'))
    world.reply().finish()
    await world.clock.advance(10)
    await acceptAll(world)
    expect(world.files.contents.get(path)).toBe('ONE\ntwo two\n')
    expectClean(world)
  })

  test('after a restart, when nobody knows what they stood for, such hunks are refused', async () => {
    const first = await asked()
    first.reply().text('Well.\n')
    await first.clock.advance(10)
    await first.session.close()
    const world = await createWorld({ store: first.store, files: first.files })
    const suggestion = await world.suggestion()
    expect(suggestion.state).toBe('interrupted')
    await world.session.nudge({ suggestion: suggestion.id, text: 'export it' })
    await world.clock.advance(10)
    const line = "const password = 'SLIPSTREAM_SECRET_1'"
    world.reply().text(patchReply('a.ts', line, `export ${line}`))
    world.reply().finish()
    await world.clock.advance(10)
    await acceptAll(world)
    expect(world.files.contents.get('a.ts')).toBe(CHANGED)
    expect((await world.suggestion()).hunks.every(({ state }) => state === 'unplaced')).toBe(true)
  })

  test('whatever a reply says, whatever is accepted, before and after a restart', async () => {
    const placeholder = fc.constantFrom(
      'SLIPSTREAM_SECRET_1',
      'SLIPSTREAM_SECRET_2',
      'SLIPSTREAM_SECRET_7',
      'SLIPSTREAM_SECRET_12',
      'slipstream_secret_1',
      'SLIPSTREAM_SECRET',
      'SLIPSTREAM SECRET 1',
    )
    const line = fc.oneof(
      fc.constantFrom(...CHANGED.split('\n').slice(0, 4), "const password = 'SLIPSTREAM_SECRET_1'", 'one', ''),
      placeholder.map((name) => `const password = '${name}'`),
      placeholder.map((name) => `const token = '${name}'`),
      placeholder.map((name) => `use(${name})`),
    )
    const body = fc.array(fc.tuple(fc.constantFrom(' ', '-', '+'), line), { minLength: 1, maxLength: 6 })
    const path = fc.oneof(
      fc.constantFrom('a.ts', 'b.ts'),
      placeholder.map((name) => `${name}.ts`),
    )
    const section = fc.oneof(
      fc.tuple(path, body).map(([name, lines]) => `*** Update File: ${name}\n@@\n${joined(lines)}`),
      fc.tuple(path, fc.array(line, { maxLength: 3 })).map(([name, lines]) => `*** Add File: ${name}\n${added(lines)}`),
      fc.tuple(path, path).map(([from, to]) => `*** Update File: ${from}\n*** Move to: ${to}\n`),
      fc.tuple(line, line).map(([a, b]) => `a.ts\n<<<<<<< SEARCH\n${a}\n=======\n${b}\n>>>>>>> REPLACE\n`),
    )
    const reply = fc
      .array(section, { minLength: 1, maxLength: 3 })
      .map((sections) => `Well.\n*** Begin Patch\n${sections.join('')}*** End Patch\n`)
    await fc.assert(
      fc.asyncProperty(reply, reply, fc.boolean(), async (one, two, restart) => {
        let world = await asked()
        world.reply().text(one)
        if (!restart) world.reply().finish()
        await world.clock.advance(10)
        if (restart) {
          const { store, files, session } = world
          await session.close()
          world = await createWorld({ store, files })
        }
        await acceptAll(world)
        expectClean(world)
        const [suggestion] = await world.suggestions()
        if (suggestion === undefined) return
        await world.session.nudge({ suggestion: suggestion.id, text: 'again' })
        await world.clock.advance(10)
        const held = world.models.replies.at(-1)
        held?.text(two)
        held?.finish()
        await world.clock.advance(10)
        await acceptAll(world)
        expectClean(world)
        await world.session.close()
      }),
      { numRuns: 60 },
    )
  }, 60_000)
})

function joined(lines: readonly (readonly [string, string])[]): string {
  return lines.map(([kind, text]) => `${kind}${text}\n`).join('')
}

function added(lines: readonly string[]): string {
  return lines.map((text) => `+${text}\n`).join('')
}
