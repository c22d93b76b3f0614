// Azure's way of carrying the key, and what is never done there.
import { expect, test } from 'vitest'
import { keyHeaders } from '../../../main/adapters/model/discovery.ts'
import { createCatalogue } from '../../../main/adapters/model/catalogue.ts'
import { createLearnt } from '../../../main/adapters/model/learnt.ts'
import { parseEndpoint } from '../../../main/adapters/model/endpoint.ts'
import { FAST_MODELS } from '../../../main/adapters/model/preferences.ts'
import { clock } from './support.ts'

const parsed = parseEndpoint('https://shop.openai.azure.com')
if (!parsed.ok) throw new Error(parsed.failure.message)
const azure = parsed.value

test('the key goes into the api-key header', () => {
  expect(keyHeaders(azure, 'secret')).toEqual({ 'api-key': 'secret' })
})

test('its list names what could be deployed, not what is, and is not asked for', async () => {
  let asked = 0
  const learnt = createLearnt({ get: () => undefined, set: () => {} }, clock)
  const list = () => {
    asked += 1
    return Promise.resolve({ ok: true as const, models: ['gpt-4.1-mini'] })
  }
  const catalogue = createCatalogue({
    endpoint: azure,
    kind: 'openai',
    model: '',
    deepModel: '',
    offered: null,
    learnt,
    list,
  })
  const { signal } = new AbortController()
  await catalogue.prepare(signal)
  expect(await catalogue.candidates('fast', signal)).toEqual({ ok: true, names: FAST_MODELS, notice: null })
  expect(asked).toBe(0)
})
