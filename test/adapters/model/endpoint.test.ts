// Base addresses: made whole, and known for what they are.
import { expect, test } from 'vitest'
import { parseEndpoint } from '../../../main/adapters/model/endpoint.ts'

test.each([
  ['https://api.openai.com/v1', 'https://api.openai.com/v1', 'openai', false],
  ['https://openai.com.example.org/v1', 'https://openai.com.example.org/v1', 'other', false],
  ['https://x.openai.azure.com/openai/v1/', 'https://x.openai.azure.com/openai/v1', 'azure', false],
  ['https://x.openai.azure.com/openai', 'https://x.openai.azure.com/openai/v1', 'azure', false],
  ['https://x.services.ai.azure.com', 'https://x.services.ai.azure.com/openai/v1', 'azure', false],
  ['http://localhost:1234', 'http://localhost:1234/v1', 'other', true],
  ['http://127.0.0.1:8080/v1/', 'http://127.0.0.1:8080/v1', 'other', true],
  ['http://[::1]:8000', 'http://[::1]:8000/v1', 'other', true],
  ['http://192.168.1.5:11434', 'http://192.168.1.5:11434/v1', 'other', false],
  ['http://127.0.0.1.example.org/v1', 'http://127.0.0.1.example.org/v1', 'other', false],
  ['http://localhost.example.org/v1', 'http://localhost.example.org/v1', 'other', false],
  ['https://api.groq.com/openai/v1', 'https://api.groq.com/openai/v1', 'other', false],
])('%s', (text, url, operator, loopback) => {
  expect(parseEndpoint(text)).toMatchObject({ ok: true, value: { url, operator, loopback } })
})

test('query parameters are kept apart', () => {
  expect(parseEndpoint('https://x.openai.azure.com/openai/v1?api-version=preview')).toMatchObject({
    value: { url: 'https://x.openai.azure.com/openai/v1', query: { 'api-version': 'preview' } },
  })
})

test.each(['', 'api.openai.com', 'ftp://h/v1', 'https://user:word@h/v1'])('"%s" is refused', (text) => {
  expect(parseEndpoint(text)).toMatchObject({ ok: false, failure: { code: 'address' } })
})
