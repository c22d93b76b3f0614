// A suggestion that breaks an approved rule says which, from the start and when the rules change.
import { describe, expect, test } from 'vitest'
import { CONVENTIONS_FILE } from '../../../main/core/conventions/approved.ts'
import { settle } from '../../fakes/clock.ts'
import { LOCAL } from '../../fakes/models.ts'
import { createFakeStore } from '../../fakes/store.ts'
import { createWorld, patchReply, referenceTo, type World } from '../../fakes/world.ts'

const PATH = 'sum.js'
const TEXT = 'function sum(items) {\n  const all = total(items)\n  return all\n}\n'
const RULE = 'Write `const`, not `var`.'
const FILE = (...rules: readonly string[]) => `# Ours\n\n${rules.map((rule) => `- ${rule}\n`).join('')}`

async function proposed(world: World, line: string): Promise<void> {
  await world.save(PATH, TEXT.replace('total(items)', 'totalOf(items)'))
  world.reply().text(patchReply(PATH, '  return all', line))
  world.reply().finish()
  await settle()
}

async function breaks(world: World): Promise<readonly (readonly string[])[]> {
  const about = (await world.suggestions()).find(({ path }) => path === PATH)
  return (about?.hunks ?? []).map((hunk) => hunk.breaks)
}

describe('a hunk that breaks an approved rule', () => {
  test('names the rule', async () => {
    const world = await createWorld({ contents: { [PATH]: TEXT, [CONVENTIONS_FILE]: FILE(RULE, 'Be kind.') } })
    await proposed(world, '  var result = all')
    expect(await breaks(world)).toEqual([[RULE]])
  })

  test('names none when it keeps them', async () => {
    const world = await createWorld({ contents: { [PATH]: TEXT, [CONVENTIONS_FILE]: FILE(RULE) } })
    await proposed(world, '  const result = all')
    expect(await breaks(world)).toEqual([[]])
  })

  test('names each of several', async () => {
    const rules = [RULE, 'Do not use `legacy`.', 'Add no comments.']
    const world = await createWorld({ contents: { [PATH]: TEXT, [CONVENTIONS_FILE]: FILE(...rules) } })
    await proposed(world, '  // As before.\n+  var result = legacy(all)')
    expect(await breaks(world)).toEqual([rules])
  })

  test('is looked at again when a rule comes, and when it goes', async () => {
    const world = await createWorld({ contents: { [PATH]: TEXT } })
    await proposed(world, '  var result = all')
    expect(await breaks(world)).toEqual([[]])
    await world.save(CONVENTIONS_FILE, FILE(RULE))
    expect(await breaks(world)).toEqual([[RULE]])
    await world.save(CONVENTIONS_FILE, FILE('Be kind.'))
    expect(await breaks(world)).toEqual([[]])
  })

  test('names no rule any more once the file of rules is gone', async () => {
    const world = await createWorld({ contents: { [PATH]: TEXT, [CONVENTIONS_FILE]: FILE(RULE) } })
    await proposed(world, '  var result = all')
    await world.remove(CONVENTIONS_FILE)
    expect(await breaks(world)).toEqual([[]])
  })

  test('is looked at again after a restart, when the rules have changed meanwhile', async () => {
    const store = createFakeStore()
    const first = await createWorld({ contents: { [PATH]: TEXT, [CONVENTIONS_FILE]: FILE(RULE) }, store })
    await proposed(first, '  var result = all')
    await first.session.close()
    first.files.contents.delete(CONVENTIONS_FILE)
    expect(await breaks(await createWorld({ files: first.files, store }))).toEqual([[]])
  })

  test('is free of it once the person has edited it so', async () => {
    const world = await createWorld({ contents: { [PATH]: TEXT, [CONVENTIONS_FILE]: FILE(RULE) } })
    await proposed(world, '  var result = all')
    const suggestion = await world.suggestion()
    const [hunk] = suggestion.hunks
    if (hunk === undefined) throw new Error('no hunk came')
    await world.session.edit({ hunk: referenceTo(suggestion, hunk), lines: ['  const result = all'] })
    await settle()
    expect(await breaks(world)).toEqual([[]])
  })
})

test('what the embedded engine repeats of the person breaks no rule', async () => {
  const text = ['a.oldName(1)', 'x()', 'y()', 'b.oldName(2)', 'z()', ''].join('\n')
  const rule = 'Write `oldName`, not `newName`.'
  const world = await createWorld({ contents: { [PATH]: text, [CONVENTIONS_FILE]: FILE(rule) }, provider: LOCAL })
  await world.save(PATH, text.replace('a.oldName(1)', 'a.newName(1)'))
  expect((await world.suggestion()).hunks).toMatchObject([{ newLines: ['b.newName(2)'], breaks: [] }])
})
