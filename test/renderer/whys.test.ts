// "Why?": one question a hunk at a time, which the same button takes back.
import { expect, test } from 'vitest'
import type { Result } from '../../preload/contract.ts'
import { createWhys } from '../../renderer/whys.ts'

const HUNK = { suggestion: 's', hunk: 'h', hash: 'x' }

function desk() {
  const asked: { readonly signal: AbortSignal; answer(result: Result<{ readonly text: string }>): void }[] = []
  const refused: string[] = []
  const whys = createWhys({
    call: (_hunk, signal) =>
      new Promise((resolve) => {
        asked.push({ signal, answer: resolve })
      }),
    refuse: ({ message }) => refused.push(message),
  })
  return { whys, asked, refused }
}

test('a question is on its way until it is answered', async () => {
  const { whys, asked } = desk()
  whys.ask(HUNK)
  expect([...whys.asking.get()]).toEqual(['h'])
  asked[0]?.answer({ ok: true, value: { text: 'So.' } })
  await expect.poll(() => whys.asking.get().size).toBe(0)
})

test('asked again while it is on its way, it is taken back', () => {
  const { whys, asked } = desk()
  whys.ask(HUNK)
  whys.ask(HUNK)
  expect(asked).toHaveLength(1)
  expect(asked[0]?.signal.aborted).toBe(true)
  expect(whys.asking.get().size).toBe(0)
})

test('what came of a question that was taken back is not told', async () => {
  const { whys, asked, refused } = desk()
  whys.ask(HUNK)
  whys.ask(HUNK)
  asked[0]?.answer({ ok: false, failure: { code: 'cancelled', message: 'Cancelled.' } })
  await Promise.resolve()
  expect(refused).toEqual([])
})

test('a refusal is told', async () => {
  const { whys, asked, refused } = desk()
  whys.ask(HUNK)
  asked[0]?.answer({ ok: false, failure: { code: 'local', message: 'no model' } })
  await expect.poll(() => refused).toEqual(['no model'])
})
