// That each request goes through its own fetch, whichever client it is lent.
import { OpenAI } from 'openai'
import { describe, expect, test } from 'vitest'
import { createClients } from '../../../main/adapters/model/clients.ts'

function setUp() {
  const made: OpenAI[] = []
  const sent: string[] = []
  const clients = createClients(async (fetch) => {
    const client = new OpenAI({ apiKey: 'none', baseURL: 'http://127.0.0.1:1/v1', maxRetries: 0, fetch })
    made.push(client)
    return client
  })
  const through = (name: string) => async (): Promise<Response> => {
    sent.push(name)
    return Response.json({ id: name, object: 'model', created: 0, owned_by: name })
  }
  return { made, sent, clients, through }
}

const ask = async (client: OpenAI): Promise<string> => (await client.models.retrieve('any')).id

describe('the clients of one endpoint', () => {
  test('one is made, and lent to one request after the other', async () => {
    const { made, clients, through } = setUp()
    const answers: string[] = []
    for (const name of ['one', 'two', 'three']) answers.push(await ask(await clients.lend(through(name))))
    expect([answers, made.length]).toEqual([['one', 'two', 'three'], 1])
  })

  test('requests that begin together have clients of their own', async () => {
    const { made, sent, clients, through } = setUp()
    const lent = await Promise.all(['one', 'two'].map((name) => clients.lend(through(name))))
    expect(await Promise.all(lent.map(ask))).toEqual(['one', 'two'])
    expect([sent.toSorted(), made.length]).toEqual([['one', 'two'], 2])
  })

  test('a request that fails before it is sent takes its client with it', async () => {
    const { made, clients, through } = setUp()
    const stopped = await clients.lend(through('stopped'))
    await expect(stopped.models.retrieve('any', { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(await ask(await clients.lend(through('next')))).toBe('next')
    expect(made).toHaveLength(2)
  })
})
