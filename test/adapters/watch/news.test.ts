// What the watcher's thread tells the streaming thread: saves first, a little at a time.
import { expect, test } from 'vitest'
import { createNewsQueue, deliver, type News } from '../../../main/adapters/watch/news.ts'
import type { SeenFile } from '../../../main/core/ports.ts'

const file = (path: string): SeenFile => ({ path, stat: { size: 1, modifiedMs: 2.5, inode: 3 } })

/** What comes out at the other end, as words. */
function heard(news: News): string[] {
  const words: string[] = []
  deliver(
    structuredClone(news),
    {
      hint: (path) => words.push(path),
      seen: (files) => words.push(...files.map(({ path, stat }) => `seen ${path} ${Object.values(stat).join(' ')}`)),
      ready: () => words.push('ready'),
      trouble: (message, fatal) => words.push(`${message} ${fatal}`),
    },
    () => words.push('rules'),
  )
  return words
}

test('news come in the order in which they were told', async () => {
  const { events, next } = createNewsQueue()
  events.seen([file('a'), file('b c')])
  events.rules()
  events.hint('a')
  events.ready()
  events.trouble('gone', true)
  expect(heard(await next())).toEqual(['seen a 1 2.5 3', 'seen b c 1 2.5 3'])
  expect(heard(await next())).toEqual(['rules', 'a', 'ready', 'gone true'])
})

test('a save overtakes what the scan has seen, and nothing else', async () => {
  const { events, next } = createNewsQueue()
  events.seen([file('a')])
  events.seen([file('b')])
  events.hint('saved')
  events.rules()
  events.seen([file('c')])
  events.hint('let in')
  events.ready()
  expect(heard(await next())).toEqual(['saved'])
  expect(heard(await next())).toEqual(['seen a 1 2.5 3'])
  expect(heard(await next())).toEqual(['seen b 1 2.5 3'])
  expect(heard(await next())).toEqual(['rules', 'let in'])
  expect(heard(await next())).toEqual(['seen c 1 2.5 3'])
  expect(heard(await next())).toEqual(['ready'])
})

test('who asks before there is any news gets the first', async () => {
  const { events, next } = createNewsQueue()
  const asked = next()
  events.hint('a')
  expect(heard(await asked)).toEqual(['a'])
})

test('twenty thousand hints come in small parts, each file once as long as it was not taken', async () => {
  const { events, next } = createNewsQueue()
  const paths = Array.from({ length: 20_000 }, (_, index) => `f${index}`)
  for (const path of [...paths, ...paths]) events.hint(path)
  const got: string[] = []
  while (got.length < paths.length) {
    const part = heard(await next())
    expect(part.length).toBeLessThanOrEqual(16)
    got.push(...part)
  }
  expect(got).toEqual(paths)
  events.hint('f0')
  expect(heard(await next())).toEqual(['f0'])
})
