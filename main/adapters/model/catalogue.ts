// Which models of one endpoint may be asked, best first, per lane.
import type { Learnt } from './learnt.ts'
import type { Endpoint } from './endpoint.ts'
import { trouble, type Trouble } from './failure.ts'
import type { Offered } from './discovery.ts'
import { conversing, DEEP_MODELS, FAST_MODELS } from './preferences.ts'

export type ModelLane = 'fast' | 'deep'

export interface Catalogue {
  /** Never empty when `ok`. Asks the endpoint for its list where that is needed to know. */
  candidates(lane: ModelLane, signal: AbortSignal): Promise<Candidates>
  /** Asks for the list ahead of the first request; also opens the connection. null: nothing went wrong. */
  prepare(signal: AbortSignal): Promise<Trouble | null>
  /** The endpoint does not offer this model. */
  refuse(model: string): void
  /** The model that the next request takes first, as far as is known now; empty when it is not. */
  expected(lane: ModelLane): string
}

export type Candidates =
  | { readonly ok: true; readonly names: readonly string[]; readonly notice: string | null }
  | { readonly ok: false; readonly trouble: Trouble }

export interface CatalogueOptions {
  readonly endpoint: Endpoint
  readonly kind: 'openai' | 'compatible'
  /** The settings' names; empty: none. */
  readonly model: string
  readonly deepModel: string
  /** What is known already. */
  readonly offered: readonly string[] | null
  readonly learnt: Learnt
  list(signal: AbortSignal): Promise<Offered>
}

export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { endpoint, kind, learnt } = options
  // What Azure lists are the models it could deploy, not those that are deployed.
  const listed = endpoint.operator !== 'azure'
  const prefers = kind === 'openai' || endpoint.operator !== 'other'
  let offered = options.offered
  const noticed = new Set<ModelLane>()

  const nameOf = (lane: ModelLane): string => {
    if (lane === 'fast') return options.model
    // A compatible server's fast model is likely the only one it has loaded.
    return options.deepModel || (prefers ? '' : options.model)
  }

  const known = (lane: ModelLane): readonly string[] => {
    const name = nameOf(lane)
    if (name !== '') return [name]
    const preferred: readonly string[] = lane === 'fast' ? FAST_MODELS : DEEP_MODELS
    const names = new Set(preferred.filter((model) => offered?.includes(model) === true))
    if (endpoint.operator === 'other') for (const model of conversing(offered ?? [])) names.add(model)
    // A preview may answer though it is not listed, so the rest of the list comes last.
    if (prefers) for (const model of preferred) names.add(model)
    const refused = learnt.refused('models', endpoint.url)
    const left = [...names].filter((model) => !refused.has(model))
    return left.length > 0 ? left : [...names]
  }

  const learnList = async (signal: AbortSignal): Promise<Trouble | null> => {
    const answer = await options.list(signal)
    if (!answer.ok) return answer.trouble
    offered = answer.models
    return null
  }

  return {
    expected: (lane) => known(lane)[0] ?? '',
    refuse: (model) => learnt.refuse('models', endpoint.url, [model]),
    async prepare(signal) {
      return listed && offered === null ? learnList(signal) : null
    },
    async candidates(lane, signal) {
      const needed = nameOf(lane) === '' && endpoint.operator === 'other' && offered === null
      const failed = needed ? await learnList(signal) : null
      const names = known(lane)
      const first = names[0]
      if (first === undefined) return { ok: false, trouble: failed ?? noModels(endpoint) }
      const wanted: string = lane === 'fast' ? FAST_MODELS[0] : DEEP_MODELS[0]
      const unlisted = prefers && nameOf(lane) === '' && offered?.includes(wanted) === false && first !== wanted
      const tell = unlisted && !noticed.has(lane)
      noticed.add(lane)
      return { ok: true, names, notice: tell ? wentOn(wanted, endpoint, first) : null }
    },
  }
}

export function wentOn(from: string, endpoint: Endpoint, to: string): string {
  return `${from} is not offered at ${endpoint.host}: went on with ${to}`
}

function noModels(endpoint: Endpoint): Trouble {
  return trouble('model', `${endpoint.host} offers no model: load one there, or name one with --model.`)
}
