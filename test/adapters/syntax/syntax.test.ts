// The Syntax port on its own thread: answers, what has no grammar, aborts, and a thread that cannot answer.
import { afterEach, expect, test } from 'vitest'
import { openSyntax, type OpenSyntax } from '../../../main/adapters/syntax/syntax.ts'

const never = new AbortController().signal
const errors: string[] = []
const log = { info: () => undefined, error: (message: string) => void errors.push(message) }
let opened: OpenSyntax[] = []

afterEach(async () => {
  await Promise.all(opened.map((open) => open.close()))
  opened = []
  errors.length = 0
})

function start(entry?: URL): OpenSyntax['syntax'] {
  const open = openSyntax({ place: null, log, ...(entry && { entry }) })
  opened.push(open)
  return open.syntax
}

test('every question is answered by the real thread', async () => {
  const syntax = start()
  const text = 'const a = 1\nuse(a)\n'
  expect((await syntax.outline('a.ts', text, never))?.definitions).toMatchObject([{ name: 'a', kind: 'constant' }])
  expect(await syntax.problems('a.ts', 'use(', never)).toMatchObject({ count: 1 })
  expect(await syntax.tokens('a.ts', 'a', never)).toEqual([{ kind: 'name', start: 0, end: 1 }])
  expect(await syntax.same('a.ts', { before: 'a', after: 'a;' }, ['semicolons'], never)).toBe(true)
  expect((await syntax.occurrences('a.ts', text, { name: 'a' }, never))?.places).toHaveLength(2)
})

test('of a file without a grammar nothing is known', async () => {
  const syntax = start()
  expect(await syntax.outline('Main.kt', 'fun a() {}', never)).toBeNull()
  expect(await syntax.problems('q.sql', 'select (', never)).toBeNull()
  expect(await syntax.occurrences('a.css', 'a { color: red }', { name: 'a' }, never)).toBeNull()
  expect(errors).toEqual([])
})

test('languages are asked about in turn on one thread', async () => {
  const syntax = start()
  const answers = await Promise.all(
    [0, 1, 2, 3].flatMap(() => [
      syntax.problems('a.py', 'a = 1\n', never),
      syntax.problems('a.go', 'package a\n', never),
      syntax.problems('a.rs', 'fn a( {}\n', never),
    ]),
  )
  expect(answers.map((answer) => (answer?.count ?? 0) > 0)).toEqual([0, 1, 2, 3].flatMap(() => [false, false, true]))
})

test('an abort rejects with its reason', async () => {
  const syntax = start()
  const controller = new AbortController()
  const asked = syntax.outline('a.ts', 'const a = 1', controller.signal)
  controller.abort(new Error('not wanted any more'))
  await expect(asked).rejects.toThrow('not wanted any more')
})

test('a thread that cannot start is told of once, and answers nothing', async () => {
  const syntax = start(new URL('../../fakes/no-such-worker.ts', import.meta.url))
  expect(await syntax.outline('a.ts', 'const a = 1', never)).toBeNull()
  expect(await syntax.problems('a.ts', 'const a = 1', never)).toBeNull()
  expect(errors).toEqual(['syntax is not known'])
})
