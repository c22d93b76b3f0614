// The Models port: chooses who answers, waits for consent, and hands each request to that engine.
import type { Failure, ProviderView } from '../../../preload/contract.ts'
import type { Clock, Log, ModelEvent, ModelRequest, Models, Prompt, WireRequest, Work } from '../../core/ports.ts'
import { ask } from './ask.ts'
import type { Connection, Timing } from './connection.ts'
import { findLocalServers } from './discovery.ts'
import { askEmbedded, EMBEDDED_NAME } from './embedded.ts'
import type { Trouble } from './failure.ts'
import { createLearnt, type Memory } from './learnt.ts'
import type { Live } from './live.ts'
import {
  choose,
  chooseAmong,
  chooseDry,
  type Choice,
  type ModelEnvironment,
  type ModelSettings,
  type RemoteChoice,
  type Wishes,
} from './provider.ts'
import { connectTo } from './remote.ts'
import { loadSdk } from './sdk.ts'
import { createTransport } from './transport.ts'
import { LOOK_MS, networkOfThisMachine, watchWhereabouts } from './whereabouts.ts'
import { dryReply, previewOf } from './preview.ts'

export interface Consents {
  has(endpoint: string): boolean
  grant(endpoint: string): void
}

export interface ModelsOptions {
  readonly settings: ModelSettings
  /** The provider was named on the command line: that is the consent for the endpoint it leads to. */
  readonly explicitProvider: boolean
  readonly environment: ModelEnvironment
  /** Requests are made and told, and go nowhere: no connection is opened, no server is looked for, no consent is needed. */
  readonly dryRun?: boolean
  /** Of this project; endpoints are base addresses as in `ProviderView.endpoint`. */
  readonly consents: Consents
  /** What endpoints taught us; outlives a run. */
  readonly memory: Memory
  readonly work: Work
  readonly clock: Clock
  readonly log: Log
  /** Anything that is another text when this machine is in another network; default: its addresses. */
  readonly network?: () => string
  readonly timing?: Partial<Timing & { readonly discoveryMs: number; readonly listMs: number; readonly lookMs: number }>
}

export interface ChosenModels extends Models {
  /**
   * Loads the SDK, and opens the connections to the endpoint: by asking for its models, and WebSockets where it takes them; if
   * that may be done without consent or with the consent given, otherwise once it is. Call it when the window is up; requests
   * work without it, but start slower, and only by HTTP. `prefix`: how each prompt of the fast lane begins; a WebSocket is
   * warmed up with it. Resolves when requests by HTTP are at their fastest; WebSockets follow.
   */
  warm(prefix?: Prompt): Promise<void>
  /** The system has said that the machine woke up: connections that stood are made anew. */
  woke(): void
  /** Stops running requests and lets go of all connections. */
  close(): void
}

const TIMING = {
  idleMs: 30_000,
  backoffMs: 400,
  longestWaitMs: 10_000,
  discoveryMs: 400,
  listMs: 10_000,
  lookMs: LOOK_MS,
} as const
const MOST_WARM_UPS = 4
const WORDS_NEED_A_MODEL = 'Asking in words needs a model: set OPENAI_API_KEY or start a local model server.'
/** Failures that say nothing of one request but that the endpoint as a whole is out of reach. */
const ENDPOINT_CODES = new Set(['key', 'forbidden', 'address', 'unreachable', 'dns', 'tls', 'proxy', 'quota'])

/** An endpoint with what is known of it; `failure` is that of the last request, if it was about the endpoint. */
interface Remote {
  readonly choice: RemoteChoice
  readonly connection: Connection
  failure: Failure | null
}

type Current =
  | { readonly kind: 'choosing' }
  | Exclude<Choice, { kind: 'remote' }>
  | { readonly kind: 'remote'; readonly remote: Remote }

export function createModels(options: ModelsOptions): ChosenModels {
  const { clock, consents, environment, log, memory, work } = options
  const dry = options.dryRun === true
  const warmUps: WireRequest[] = []
  const timing = { ...TIMING, ...options.timing }
  const transport = createTransport(clock)
  const learnt = createLearnt(memory, clock)
  const whereabouts = watchWhereabouts(clock, options.network ?? networkOfThisMachine, timing.lookMs)
  whereabouts.subscribe(() => transport.renew())
  const means = {
    learnt,
    transport,
    clock,
    log,
    timing,
    whereabouts,
    warmedUp(request: WireRequest) {
      warmUps.push(request)
      warmUps.splice(0, warmUps.length - MOST_WARM_UPS)
    },
  }
  const closed = new AbortController()
  const listeners = new Set<() => void>()
  /** Endpoints the person said no to, in this run, or that the command line named. */
  const refused = new Set<string>()
  const named = new Set<string>()
  let wishes: Wishes = { settings: options.settings, environment, sessionKey: '', explicit: options.explicitProvider }
  let current: Current = { kind: 'choosing' }
  let looking = new AbortController()
  let warmed: { readonly prefix: Prompt | null } | null = null
  /** The attempts that are under way, by the suggestion they are for. */
  const running = new Map<string, Live>()
  let view: ProviderView | null = null

  function begin(): void {
    looking.abort()
    looking = new AbortController()
    // What runs goes on with the connections that it has.
    letGo()
    const choice = dry ? chooseDry(wishes) : choose(wishes)
    if (choice === 'look') {
      current = { kind: 'choosing' }
      void look(AbortSignal.any([looking.signal, closed.signal]))
    } else {
      settle(choice)
    }
    tell()
  }

  function letGo(): void {
    if (current.kind === 'remote') current.remote.connection.sockets?.close()
  }

  async function look(signal: AbortSignal): Promise<void> {
    const servers = await findLocalServers(
      { transport, clock },
      environment.SLIPSTREAM_LOCAL_SERVERS,
      timing.discoveryMs,
      signal,
    )
    if (signal.aborted) return
    settle(chooseAmong(servers, wishes))
    tell()
  }

  function settle(choice: Choice): void {
    if (choice.kind !== 'remote') {
      current = choice
      return
    }
    if (wishes.explicit && wishes.settings.provider !== 'auto') named.add(choice.endpoint.url)
    const remote = connect(choice)
    current = { kind: 'remote', remote }
    if (warmed !== null) void prepare(remote)
  }

  function connect(choice: RemoteChoice): Remote {
    const connection = connectTo(choice, wishes.settings, means, (trouble) => report(remote, trouble))
    const remote: Remote = { choice, failure: null, connection }
    return remote
  }

  function report(remote: Remote, trouble: Trouble | null): void {
    if (trouble === null) remote.failure = null
    else if (ENDPOINT_CODES.has(trouble.failure.code)) remote.failure = trouble.failure
    tell()
  }

  /** Nothing leaves the machine before this says so. */
  function permission({ choice: { endpoint } }: Remote): 'given' | 'awaited' | 'refused' {
    if (dry || endpoint.loopback || named.has(endpoint.url)) return 'given'
    if (refused.has(endpoint.url)) return 'refused'
    return consents.has(endpoint.url) ? 'given' : 'awaited'
  }

  async function prepare(remote: Remote): Promise<void> {
    if (dry || permission(remote) !== 'given') return
    const { catalogue, sockets } = remote.connection
    const trouble = await catalogue.prepare(closed.signal)
    if (closed.signal.aborted) return
    // An endpoint without a list may still answer; only a refused key or a dead line is worth saying before a request.
    if (trouble === null) tell()
    else if (trouble.failure.code !== 'address' && trouble.failure.code !== 'forbidden') report(remote, trouble)
    // Afterwards, because a warm-up names a model, and because a key that is refused is refused there too. Not waited for: an
    // upgrade that a proxy swallows would take its time, and requests go by HTTP meanwhile.
    if (trouble?.failure.code !== 'key') void sockets?.start(warmed?.prefix ?? null)
  }

  function describe(): ProviderView {
    switch (current.kind) {
      case 'choosing':
        return { ...localView('looking for a model server on this machine'), state: 'choosing' }
      case 'local':
        return localView(current.why)
      case 'failed': {
        const { failure, provider, why } = current
        const view = localView(why)
        return {
          ...view,
          kind: provider,
          label: provider,
          model: '',
          deepModel: '',
          state: 'failed',
          message: failure.message,
        }
      }
      case 'remote': {
        const { choice, connection, failure } = current.remote
        const allowed = permission(current.remote)
        if (allowed === 'refused') return localView(`you did not allow sending to ${choice.endpoint.host}`)
        return {
          kind: choice.provider,
          label: dry ? `${choice.label}, dry run` : choice.label,
          endpoint: choice.endpoint.url,
          model: connection.catalogue.expected('fast'),
          deepModel: connection.catalogue.expected('deep'),
          why: choice.why,
          state: allowed === 'awaited' ? 'consent' : failure === null ? 'ready' : 'failed',
          message: dry
            ? 'dry run: nothing is sent'
            : allowed === 'awaited'
              ? waitingFor(choice.endpoint.host)
              : (failure?.message ?? null),
          key: choice.keySource,
        }
      }
    }
  }

  function localView(why: string): ProviderView {
    const key =
      wishes.sessionKey !== '' ? 'session' : (environment.OPENAI_API_KEY ?? '').trim() === '' ? 'none' : 'environment'
    return {
      kind: 'local',
      label: EMBEDDED_NAME,
      endpoint: null,
      model: EMBEDDED_NAME,
      deepModel: EMBEDDED_NAME,
      why,
      state: 'ready',
      message: null,
      key,
    }
  }

  function tell(): void {
    const next = describe()
    if (view !== null && JSON.stringify(next) === JSON.stringify(view)) return
    view = next
    for (const listener of listeners) listener()
  }

  /** Resolves at the next change of `state()`, or when `signal` aborts. */
  function changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        listeners.delete(end)
        signal.removeEventListener('abort', end)
        resolve()
      }
      listeners.add(end)
      signal.addEventListener('abort', end, { once: true })
      if (signal.aborted) end()
    })
  }

  async function* answer(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    let told: string | null = null
    let lookedAgain = false
    let awaited: string | null = null
    while (!signal.aborted) {
      const now = current
      const reason =
        now.kind === 'choosing'
          ? 'looking for a model server on this machine'
          : now.kind === 'remote' && permission(now.remote) === 'awaited'
            ? waitingFor(now.remote.choice.endpoint.host)
            : null
      if (reason !== null) {
        awaited = now.kind === 'remote' ? now.remote.choice.endpoint.url : null
        const change = changed(signal)
        if (told !== reason) yield { type: 'waiting', message: reason }
        told = reason
        await change
        continue
      }
      const forbidden = now.kind === 'remote' && permission(now.remote) === 'refused'
      if (forbidden && awaited === now.remote.choice.endpoint.url) {
        const message = `You did not allow sending to ${now.remote.choice.endpoint.host}: the embedded engine answers from now on.`
        yield { type: 'failed', failure: { code: 'refused', message } }
        return
      }
      if (now.kind === 'local' && now.absent && request.change === null && !lookedAgain) {
        lookedAgain = true
        begin()
        continue
      }
      if (told !== null) yield { type: 'waiting', message: null }
      if (dry && now.kind === 'remote') yield* dryReply(now.remote.connection, request)
      else if (now.kind === 'failed') yield { type: 'failed', failure: now.failure }
      else if (now.kind === 'remote' && !forbidden) {
        whereabouts.look()
        yield* ask(now.remote.connection, request, follow(request), signal)
      } else yield* askEmbedded(work, log, request, forbidden ? wordsNeedLeave(now.remote) : WORDS_NEED_A_MODEL, signal)
      return
    }
  }

  /** Keeps where a suggestion's reply can be steered. */
  function follow({ id }: ModelRequest): (live: Live | null) => void {
    let mine: Live | null = null
    return (live) => {
      if (id === undefined) return
      if (live !== null) running.set(id, live)
      else if (running.get(id) === mine) running.delete(id)
      mine = live
    }
  }

  begin()
  return {
    state: () => view ?? describe(),
    subscribe(listener) {
      // Its own function, so that two subscriptions of one listener are two.
      const entry = (): void => listener()
      listeners.add(entry)
      return () => listeners.delete(entry)
    },
    stream(request, signal) {
      const either = AbortSignal.any([signal, closed.signal])
      return request.lane === 'local'
        ? askEmbedded(work, log, request, WORDS_NEED_A_MODEL, either)
        : answer(request, either)
    },
    steer: (id, text) => running.get(id)?.steer(text) ?? Promise.resolve('unsupported'),
    preview: (request) =>
      current.kind === 'remote' && request.lane !== 'local' ? previewOf(current.remote.connection, request) : null,
    warmUps: () => [...warmUps],
    expect() {
      if (dry || current.kind !== 'remote' || permission(current.remote) !== 'given') return
      whereabouts.look()
      transport.expect(new URL(current.remote.choice.endpoint.url))
    },
    configure(settings) {
      if (sameSettings(settings, wishes.settings)) return
      wishes = { ...wishes, settings, explicit: false }
      refused.clear()
      begin()
    },
    consent(endpoint, allow) {
      // An answer that comes late, about an endpoint that is not asked about any more, decides nothing.
      if (current.kind !== 'remote' || current.remote.choice.endpoint.url !== endpoint) return
      if (allow) {
        refused.delete(endpoint)
        consents.grant(endpoint)
        if (warmed !== null) void prepare(current.remote)
      } else {
        refused.add(endpoint)
      }
      tell()
    },
    key(key) {
      wishes = { ...wishes, sessionKey: key.trim() }
      begin()
    },
    woke: () => whereabouts.woke(),
    async warm(prefix) {
      warmed = { prefix: prefix ?? null }
      if (dry) return
      // Who answers without it never loads it; where that is still looked for, `settle` goes on from here.
      if (current.kind === 'remote') await Promise.all([loadSdk(), prepare(current.remote)])
    },
    close() {
      closed.abort()
      looking.abort()
      letGo()
      whereabouts.close()
      transport.close()
      listeners.clear()
    },
  }
}

function sameSettings(a: ModelSettings, b: ModelSettings): boolean {
  return a.provider === b.provider && a.baseUrl === b.baseUrl && a.model === b.model && a.deepModel === b.deepModel
}

function waitingFor(host: string): string {
  return `waiting for your consent to send to ${host}`
}

function wordsNeedLeave(remote: Remote): string {
  return `Asking in words needs a model: allow sending to ${remote.choice.endpoint.host}, or start a local model server.`
}
