// R5 holds: no planted secret is in any request, and ordinary text is left as it is.
import { describe, expect, test } from 'vitest'
import { HARMLESS } from '../../fixtures/secrets.ts'
import { PLANTED_FILES } from '../../fixtures/secret-files.ts'
import { measureHarmless, measureSecrets, WAYS } from './r5.ts'

describe('R5', () => {
  test('no planted secret is in any request, whatever way it could come', async () => {
    const { cases, leaked, requests } = await measureSecrets()
    expect(leaked).toEqual([])
    expect(cases).toBeGreaterThan(2_000)
    expect(requests).toBeGreaterThan(1_500)
  }, 120_000)

  test('a secret that cannot be told from a word is found by the measure', async () => {
    const secrets = [{ name: 'a plain word', value: 'marmalade', line: 2 }]
    const { leaked } = await measureSecrets([{ path: 'a.txt', text: 'one\nmarmalade\ntwo\n', secrets }])
    expect(leaked).toEqual(WAYS.map((way) => `a plain word, by ${way}`))
  })

  test('at least 150 secrets are planted in 20 realistic files', () => {
    expect(PLANTED_FILES.length).toBeGreaterThanOrEqual(20)
    expect(PLANTED_FILES.flatMap(({ secrets }) => secrets).length).toBeGreaterThanOrEqual(150)
  })

  test('nothing harmless is taken for a secret', () => {
    expect(measureHarmless(HARMLESS)).toEqual([])
  })
})
