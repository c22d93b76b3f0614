// The connection to one endpoint, with all that it is asked with.
import type { Clock, Log, WireRequest } from '../../core/ports.ts'
import { createCatalogue, type Catalogue } from './catalogue.ts'
import { createClients } from './clients.ts'
import { chatCompletions } from './chat-completions.ts'
import { attemptOf, createClient, type Address, type Connection, type Timing } from './connection.ts'
import { listModels } from './discovery.ts'
import type { Trouble } from './failure.ts'
import type { Learnt } from './learnt.ts'
import { bodyOf, responses } from './openai-responses.ts'
import type { ModelSettings, RemoteChoice } from './provider.ts'
import { openSocket } from './socket.ts'
import { createSockets, type Sockets } from './sockets.ts'
import type { Transport } from './transport.ts'
import type { Whereabouts } from './whereabouts.ts'
import { messageOf } from './wire.ts'

/** What all connections share. */
export interface Means {
  readonly learnt: Learnt
  readonly transport: Transport
  readonly clock: Clock
  readonly log: Log
  readonly timing: Timing & { readonly listMs: number }
  /** Hears of every warm-up that is handed to a connection. */
  warmedUp(request: WireRequest): void
  readonly whereabouts: Whereabouts
}

/** The smallest cap that the API takes; a warm-up says nothing at all. */
const WARM_UP_TOKENS = 16

/** Nothing is sent yet. `report`: how the endpoint fares, as in `Connection`. */
export function connectTo(
  choice: RemoteChoice,
  settings: ModelSettings,
  means: Means,
  report: (trouble: Trouble | null) => void,
): Connection {
  const { endpoint, key, offered, provider } = choice
  const { clock, learnt, log, timing, transport } = means
  const catalogue = createCatalogue({
    endpoint,
    kind: provider,
    model: settings.model.trim(),
    deepModel: settings.deepModel.trim(),
    offered,
    learnt,
    list: (signal) => listModels({ transport, clock }, endpoint, key, timing.listMs, signal),
  })
  return {
    protocol: provider === 'openai' ? responses : chatCompletions,
    endpoint,
    key,
    catalogue,
    learnt,
    transport,
    clients: createClients((fetch) => createClient(choice, fetch)),
    sockets: provider === 'openai' ? keepSockets(choice, catalogue, means) : null,
    clock,
    log,
    timing,
    report,
  }
}

function keepSockets(
  address: Address,
  catalogue: Catalogue,
  { clock, learnt, transport, warmedUp, whereabouts }: Means,
): Sockets {
  const { endpoint } = address
  return createSockets({
    endpoint,
    learnt,
    clock,
    whereabouts,
    async open(keeper) {
      const client = await createClient(address, null)
      return openSocket({ client, agent: transport.socketAgent(new URL(endpoint.url)), now: clock.now, keeper })
    },
    warmUp(prefix) {
      const model = catalogue.expected('fast')
      if (model === '') return null
      const request = { lane: 'fast', prompt: prefix, maxOutputTokens: WARM_UP_TOKENS, change: null } as const
      return { type: 'response.create', ...bodyOf(attemptOf(endpoint, learnt, request, model)), generate: false }
    },
    warmedUp: (event) =>
      warmedUp(messageOf(endpoint, { kind: 'warm-up', model: event.model, body: JSON.stringify(event), known: 0 })),
  })
}
