// Conventions of a whole session: counted, written down, learnt from decisions, approved into a file, dropped for good.
import { describe, expect, test } from 'vitest'
import type { ConventionView } from '../../../preload/contract.ts'
import { CONVENTIONS_FILE } from '../../../main/core/conventions/approved.ts'
import { settle } from '../../fakes/clock.ts'
import { createFakeStore } from '../../fakes/store.ts'
import { createWorld, patchReply, referenceTo, type World } from '../../fakes/world.ts'

const NAMES = ['a', 'b', 'c', 'd']
const textOf = (name: string) => `function ${name}(items) {\n  const sum = total(items)\n  return sum\n}\n`
const CONTENTS = Object.fromEntries(NAMES.map((name) => [`${name}.js`, textOf(name)]))

async function conventions(world: World, kind: ConventionView['kind']): Promise<readonly ConventionView[]> {
  const result = await world.session.conventions()
  return result.ok ? result.value.conventions.filter((convention) => convention.kind === kind) : []
}

/** A suggestion for the file proposes `var`; the person makes it `const`, and accepts. */
async function corrected(world: World, name: string): Promise<void> {
  await world.clock.advance(5000)
  await world.save(`${name}.js`, textOf(name).replace('total(items)', `total_${name}(items)`))
  world.reply().text(patchReply(`${name}.js`, '  return sum', `  var ${name} = sum`))
  world.reply().finish()
  await settle()
  const suggestion = await world.suggestion()
  const [hunk] = suggestion.hunks
  if (hunk === undefined) throw new Error('no hunk came')
  await world.session.edit({ hunk: referenceTo(suggestion, hunk), lines: [`  const ${name} = sum`] })
  const edited = await world.suggestion()
  await world.session.accept({ hunks: edited.hunks.map((each) => referenceTo(edited, each)) })
  await settle()
}

async function taught(store = createFakeStore()): Promise<World> {
  const world = await createWorld({ contents: CONTENTS, store })
  for (const name of NAMES.slice(0, 3)) await corrected(world, name)
  return world
}

describe('what is edited the same way again and again', () => {
  test('is proposed with its cases, and changes nothing by itself', async () => {
    const world = await taught()
    const [rule, ...others] = await conventions(world, 'proposed')
    expect(others).toEqual([])
    expect(rule).toMatchObject({ text: 'Write `const`, not `var`.', evidence: '3 cases: a.js:3, b.js:3, c.js:3' })
    expect(rule?.cases.map(({ what }) => what)).toContain('`var a = sum` became `const a = sum`')
    expect(world.files.contents.has(CONVENTIONS_FILE)).toBe(false)
    const status = await world.session.status()
    expect(status.ok && status.value.project.proposedRules).toBe(1)
  })

  test('is proposed after a restart too', async () => {
    const store = createFakeStore()
    const first = await taught(store)
    await first.session.close()
    expect(await conventions(await createWorld({ files: first.files, store }), 'proposed')).toHaveLength(1)
  })

  test('stands in the file once approved, and can be undone', async () => {
    const world = await taught()
    const [rule] = await conventions(world, 'proposed')
    await world.session.conventionDecide({ key: rule?.key ?? '', decision: 'approve', words: null })
    expect(world.files.contents.get(CONVENTIONS_FILE)).toContain(
      '- Write `const`, not `var`.\n  (3 cases: a.js:3, b.js:3, c.js:3)\n',
    )
    expect(await conventions(world, 'approved')).toMatchObject([{ text: 'Write `const`, not `var`.' }])
    expect(await conventions(world, 'proposed')).toEqual([])
    await world.session.undo()
    await settle()
    expect(world.files.contents.has(CONVENTIONS_FILE)).toBe(false)
    expect(await conventions(world, 'approved')).toEqual([])
  })

  test('is approved in the words of the person', async () => {
    const world = await taught()
    const [rule] = await conventions(world, 'proposed')
    await world.session.conventionDecide({ key: rule?.key ?? '', decision: 'approve', words: 'Never use `var`.' })
    expect(await conventions(world, 'approved')).toMatchObject([{ text: 'Never use `var`.' }])
    expect(await conventions(world, 'proposed')).toEqual([])
  })

  test('is not proposed again once dropped, also after a restart', async () => {
    const store = createFakeStore()
    const world = await taught(store)
    const [rule] = await conventions(world, 'proposed')
    await world.session.conventionDecide({ key: rule?.key ?? '', decision: 'drop', words: null })
    await corrected(world, 'd')
    expect(await conventions(world, 'proposed')).toEqual([])
    await world.session.close()
    expect(await conventions(await createWorld({ files: world.files, store }), 'proposed')).toEqual([])
  })

  test('twice is not proposed', async () => {
    const world = await createWorld({ contents: CONTENTS })
    for (const name of NAMES.slice(0, 2)) await corrected(world, name)
    expect(await conventions(world, 'proposed')).toEqual([])
  })
})

test('rules in the file hold as people edit them, and an approved one can be dropped there', async () => {
  const world = await createWorld({ contents: { ...CONTENTS, [CONVENTIONS_FILE]: '# Ours\n\n- Tabs.\n' } })
  expect(await conventions(world, 'approved')).toMatchObject([
    { text: 'Tabs.', evidence: `written in ${CONVENTIONS_FILE}` },
  ])
  await world.save(CONVENTIONS_FILE, '# Ours\n\n- Tabs.\n- Spaces.\n')
  const [, second] = await conventions(world, 'approved')
  await world.session.conventionDecide({ key: second?.key ?? '', decision: 'drop', words: null })
  expect(world.files.contents.get(CONVENTIONS_FILE)).toBe('# Ours\n\n- Tabs.\n')
})

test('what teams write down is shown with the file that says it', async () => {
  const contents = { ...CONTENTS, 'AGENTS.md': '# House rules\n\nNo defaults.\n', '.prettierrc': '{"semi":false}' }
  expect(await conventions(await createWorld({ contents }), 'written')).toMatchObject([
    { text: 'House rules', evidence: 'AGENTS.md' },
    { text: 'no semicolons', evidence: '.prettierrc' },
  ])
})

test('what the files do is counted, and follows them', async () => {
  const lines = (quote: string) => Array.from({ length: 10 }, (_, at) => `call(${quote}x${at}${quote})\n`).join('')
  const contents = Object.fromEntries(NAMES.map((name) => [`${name}.js`, lines("'")]))
  const world = await createWorld({ contents })
  const quotes = async () => (await conventions(world, 'mined')).filter(({ text }) => text.endsWith(' quotes'))
  expect(await quotes()).toMatchObject([{ text: 'single quotes', evidence: '40 of 40, in 4 files' }])
  for (const name of NAMES) await world.save(`${name}.js`, lines('"'))
  await world.clock.advance(2000)
  expect(await quotes()).toMatchObject([{ text: 'double quotes', evidence: '40 of 40, in 4 files' }])
})
