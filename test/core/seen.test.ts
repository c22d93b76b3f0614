// A request taken apart for people: its parts are all that is in it, whatever it is.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { message, partsOf } from '../../main/core/pieces.ts'
import type { Prompt, WireRequest } from '../../main/core/ports.ts'
import { seenRequest, withheldOf } from '../../main/core/seen.ts'

const PROMPT: Prompt = {
  instructions: 'Be brief.',
  messages: [
    message('user', [
      { name: 'region', path: 'a.ts', start: 3, end: 9, text: 'the lines' },
      { name: 'request', text: 'do it' },
    ]),
    { role: 'assistant', text: 'Done.' },
    message('user', [{ name: 'request', text: 'again' }]),
  ],
  cacheKey: 'k',
}

function wire(body: unknown, more: Partial<WireRequest> = {}): WireRequest {
  return {
    kind: 'request',
    endpoint: 'http://127.0.0.1:1/v1/responses',
    transport: 'http',
    model: 'm',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    known: 0,
    sent: true,
    ...more,
  }
}

const said = PROMPT.messages.map(({ role, text }) => ({ role, content: text }))

describe('seenRequest', () => {
  it('names the parts of each message by the prompt, and gives the rest as settings', () => {
    const { parts } = seenRequest({
      wire: wire({ model: 'm', instructions: 'Be brief.', input: said, store: false }),
      prompt: PROMPT,
      at: 1,
    })
    expect(parts.map(({ name, text }) => [name, text])).toEqual([
      ['instructions', 'Be brief.'],
      ['region', 'the lines\n\n'],
      ['request', 'do it'],
      ['what the model had said', 'Done.'],
      ['request', 'again'],
      ['settings', JSON.stringify({ model: 'm', store: false }, null, 2)],
    ])
    expect(parts[1]).toMatchObject({ path: 'a.ts', start: 3, end: 9, known: false })
  })

  it('shows first, as known, what the endpoint has from the response before', () => {
    const chained = wire({ input: said.slice(2), previous_response_id: 'r' }, { known: 2, transport: 'websocket' })
    const seen = seenRequest({ wire: chained, prompt: PROMPT, at: 1 })
    expect(seen.parts.map(({ known }) => known)).toEqual([true, true, true, false, false])
    // Known parts cost nothing again.
    expect(seen.tokens).toBeLessThan(seen.parts.reduce((sum, { tokens }) => sum + tokens, 0))
  })

  it('shows messages that no prompt knows, and bodies that are none of ours', () => {
    const strange = seenRequest({ wire: wire({ messages: [{ role: 'tool', content: [1] }] }), prompt: null, at: null })
    expect(strange.parts[0]).toMatchObject({ name: 'message', text: '{"role":"tool","content":[1]}' })
    expect(seenRequest({ wire: wire('[1]'), prompt: null, at: null }).parts[0]).toMatchObject({ name: 'body' })
  })

  it('counts bytes as they are on the wire', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { bytes, body } = seenRequest({ wire: wire({ input: text }), prompt: null, at: null })
        expect(bytes).toBe(new TextEncoder().encode(body).length)
      }),
    )
  })
})

describe('pieces', () => {
  it('joined again are the message, whatever they hold', () => {
    const piece = fc.record({ name: fc.constant('region' as const), text: fc.string({ unit: 'grapheme' }) })
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), (pieces) => {
        const made = message('user', pieces)
        expect(
          partsOf(made)
            .map(({ text }) => text)
            .join(''),
        ).toBe(made.text)
      }),
    )
  })
})

describe('withheldOf', () => {
  it('names files once, whatever request they were left out of', () => {
    const prompt = { ...PROMPT, withheld: [{ path: '.env', reason: 'environment file' }] }
    expect(withheldOf([prompt, null, prompt], null)).toEqual([{ what: '.env', why: 'environment file: never sent' }])
  })
})
