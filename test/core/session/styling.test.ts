// What a model proposes comes in the project's style, and says so; what the person writes stays as it is.
import { describe, expect, test } from 'vitest'
import { CONVENTIONS_FILE } from '../../../main/core/conventions/approved.ts'
import { settle } from '../../fakes/clock.ts'
import { createWorld, patchReply, referenceTo, type World, type WorldOptions } from '../../fakes/world.ts'

const PATH = 'sum.js'
const TEXT = 'function sum(items) {\n  const all = total(items)\n  return all\n}\n'
const COUNTED = Object.fromEntries(
  ['a', 'b', 'c', 'd'].map((name) => [
    `${name}.js`,
    Array.from({ length: 10 }, (_, at) => `call('${name}${at}')\n`).join(''),
  ]),
)
const SAID = 'quotes as in your project: single (40 of 40)'

async function worldWith(contents: Record<string, string>, options: WorldOptions = {}): Promise<World> {
  return createWorld({ ...options, contents: { [PATH]: TEXT, ...contents } })
}

async function proposed(world: World, ...lines: readonly string[]): Promise<World> {
  await world.save(PATH, TEXT.replace('total(items)', 'totalOf(items)'))
  world.reply().text(patchReply(PATH, '  return all', lines.join('\n+')))
  world.reply().finish()
  await settle()
  return world
}

/** As when a grammar takes too long. */
function unanswered(_input: unknown, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

async function hunks(world: World) {
  return (await world.suggestion()).hunks.map(({ newLines, styled }) => ({ newLines, styled }))
}

describe('what a model proposes', () => {
  test('is written as the files mostly do, and says how mostly', async () => {
    const world = await proposed(await worldWith(COUNTED), '  return named("sum", all)')
    expect(await hunks(world)).toEqual([{ newLines: [`  return named('sum', all)`], styled: [SAID] }])
  })

  test('is written as the settings say, before what is counted', async () => {
    const world = await worldWith({ ...COUNTED, '.prettierrc': '{"singleQuote":false}' })
    await proposed(world, "  return named('sum', all)")
    expect(await hunks(world)).toEqual([
      { newLines: ['  return named("sum", all)'], styled: ['quotes as .prettierrc says: double'] },
    ])
  })

  test('is written as an approved rule says, before the settings', async () => {
    const world = await worldWith({
      [CONVENTIONS_FILE]: '- Use single quotes.\n',
      '.prettierrc': '{"singleQuote":false}',
    })
    await proposed(world, '  return named("sum", all)')
    expect(await hunks(world)).toEqual([
      { newLines: [`  return named('sum', all)`], styled: ['quotes as your rule says: single'] },
    ])
  })

  test('stays as written when nothing is known', async () => {
    const world = await proposed(await worldWith({}), '  return named("sum", all)')
    expect(await hunks(world)).toEqual([{ newLines: ['  return named("sum", all)'], styled: [] }])
  })

  test('stays as written when it is so already', async () => {
    const world = await proposed(await worldWith(COUNTED), `  return named('sum', all)`)
    expect(await hunks(world)).toEqual([{ newLines: [`  return named('sum', all)`], styled: [] }])
  })

  test('stays as written when that is not proved in time', async () => {
    const world = await worldWith(COUNTED, { syntax: { restyle: unanswered } })
    await proposed(world, '  return named("sum", all)')
    expect((await world.suggestion()).hunks).toEqual([])
    await world.clock.advance(60)
    expect(await hunks(world)).toEqual([{ newLines: ['  return named("sum", all)'], styled: [] }])
  })

  test('is written to the file as it is shown', async () => {
    const world = await proposed(await worldWith(COUNTED), '  return named("sum", all)')
    const suggestion = await world.suggestion()
    await world.session.accept({ hunks: suggestion.hunks.map((hunk) => referenceTo(suggestion, hunk)) })
    await settle()
    expect(world.files.contents.get(PATH)).toContain(`return named('sum', all)`)
  })

  test('is written so in a new file, too', async () => {
    const world = await worldWith(COUNTED)
    await world.save(PATH, TEXT.replace('total(items)', 'totalOf(items)'))
    world.reply().text('New.\n*** Begin Patch\n*** Add File: e.js\n+call("e")\n*** End Patch\n')
    world.reply().finish()
    await settle()
    expect(await hunks(world)).toEqual([{ newLines: [`call('e')`], styled: [SAID] }])
  })
})

test('what a person has edited is theirs', async () => {
  const world = await proposed(await worldWith(COUNTED), '  return named("sum", all)')
  const suggestion = await world.suggestion()
  const [hunk] = suggestion.hunks
  if (hunk === undefined) throw new Error('no hunk came')
  await world.session.edit({ hunk: referenceTo(suggestion, hunk), lines: ['  return named("sum", all, "x")'] })
  await settle()
  expect(await hunks(world)).toEqual([{ newLines: ['  return named("sum", all, "x")'], styled: [] }])
})
