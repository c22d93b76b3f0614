// Steps between who receives and who reads them.
import { expect, test } from 'vitest'
import { createInbox } from '../../../main/adapters/model/inbox.ts'
import { END, textStep, THINKING } from '../../../main/adapters/model/protocol.ts'

test('text that came before it was read is one step, and keeps its place', async () => {
  const inbox = createInbox()
  for (const step of [textStep('a'), textStep('b'), THINKING, textStep('c'), END]) inbox.push(step)
  expect([await inbox.next(), await inbox.next(), await inbox.next(), await inbox.next()]).toEqual([
    textStep('ab'),
    THINKING,
    textStep('c'),
    END,
  ])
})

test('who waits gets all that comes in one task', async () => {
  const inbox = createInbox()
  const step = inbox.next()
  inbox.push(textStep('a'))
  inbox.push(textStep('b'))
  expect(await step).toEqual(textStep('ab'))
})

test('who waits gets the next step, whenever it comes', async () => {
  const inbox = createInbox()
  const first = inbox.next()
  await Promise.resolve()
  inbox.push(THINKING)
  expect(await first).toEqual(THINKING)
  const second = inbox.next()
  inbox.push(END)
  expect(await second).toEqual(END)
})
