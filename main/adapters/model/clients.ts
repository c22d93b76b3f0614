// The SDK's clients of one endpoint: made once and lent to one request after the other, because making one takes a third of a millisecond.
import type { OpenAI } from 'openai'
import type { Transport } from './transport.ts'

type Fetch = ReturnType<Transport['fetch']>

export interface Clients {
  /** A client whose next request goes through `fetch`. It is to send one, without retries; then the next one gets it. */
  lend(fetch: Fetch): Promise<OpenAI>
}

interface Lent {
  readonly client: OpenAI
  fetch: Fetch
}

/** `make`: a new client that sends through `fetch`. */
export function createClients(make: (fetch: Fetch) => Promise<OpenAI>): Clients {
  const idle: Lent[] = []

  async function made(first: Fetch): Promise<Lent> {
    const client = await make((input, init) => {
      const { fetch } = own
      // From here on this request needs it no more.
      idle.push(own)
      return fetch(input, init)
    })
    const own: Lent = { client, fetch: first }
    return own
  }

  return {
    async lend(fetch) {
      const known = idle.pop()
      if (known === undefined) return (await made(fetch)).client
      known.fetch = fetch
      return known.client
    },
  }
}
