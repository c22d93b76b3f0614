// What a model proposes comes in the project's style, and says so; what the person writes stays as it is.
import { describe, expect, test } from 'vitest'
import { CONVENTIONS_FILE } from '../../../main/core/conventions/approved.ts'
import { settle } from '../../fakes/clock.ts'
import { LOCAL } from '../../fakes/models.ts'
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
    await world.clock.advance(100)
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

describe('lines that come follow the file', () => {
  const BEFORE = ['a.oldName(1)', 'x()', 'y()', 'if (b) {', '\tb.oldName(2)', '}', ''].join('\r\n')
  const CHANGED = BEFORE.replace('a.oldName(1)', 'a.newName(1)')

  async function accepted(world: World, lane: string): Promise<string | undefined> {
    const found = (await world.suggestions()).find((suggestion) => suggestion.lane === lane)
    if (found === undefined) throw new Error(`nothing came from the lane ${lane}`)
    expect(found.hunks).not.toEqual([])
    await world.session.accept({ hunks: found.hunks.map((hunk) => referenceTo(found, hunk)) })
    await settle()
    return world.files.contents.get('a.js')
  }

  const WANTED = CHANGED.replace('\tb.oldName(2)\r\n', '\tb.newName(2)\r\n\tc()\r\n')
  const REPLY = patchReply('a.js', '    b.oldName(2)', '    b.newName(2)\n+    c()')

  test('in their line ends and their indentation, from the fast lane', async () => {
    const world = await createWorld({ contents: { 'a.js': BEFORE } })
    await world.session.ask({ text: 'rename the other, too', place: 'a.js:5' })
    world.reply().text(REPLY)
    world.reply().finish()
    await settle()
    expect(await accepted(world, 'fast')).toBe(WANTED.replace('a.newName(1)', 'a.oldName(1)'))
  })

  test('from the deep lane', async () => {
    const world = await createWorld({ contents: { 'a.js': BEFORE } })
    await world.session.ask({ text: 'rename the other, too', place: 'a.js:5' })
    world.reply().text('Nothing to add.')
    world.reply().finish()
    await settle()
    await world.session.deeper({ suggestion: (await world.suggestion()).id })
    await settle()
    world.reply().text(REPLY)
    world.reply().finish()
    await settle()
    expect(await accepted(world, 'deep')).toBe(WANTED.replace('a.newName(1)', 'a.oldName(1)'))
  })

  test('from the embedded engine', async () => {
    const world = await createWorld({ contents: { 'a.js': BEFORE }, provider: LOCAL })
    await world.save('a.js', CHANGED)
    expect(await accepted(world, 'local')).toBe(CHANGED.replace('b.oldName(2)', 'b.newName(2)'))
  })

  test('also where the model copies the lines around and indents its own otherwise, and says so', async () => {
    const world = await createWorld({ contents: { 'a.js': BEFORE } })
    await world.session.ask({ text: 'call c as well', place: 'a.js:5' })
    world.reply().text(patchReply('a.js', '\tb.oldName(2)', '\tb.oldName(2)\n+    c()'))
    world.reply().finish()
    await settle()
    expect(await hunks(world)).toEqual([{ newLines: ['\tc()'], styled: ['indentation as in the file'] }])
  })
})
