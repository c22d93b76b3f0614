// What endpoints taught us by refusing: models, reasoning efforts, parameters and abilities they lack; remembered for a while.
import type { Clock } from '../../core/ports.ts'
import type { Complaint } from './failure.ts'

/** Texts that outlive a run. */
export interface Memory {
  get(key: string): string | undefined
  set(key: string, value: string): void
}

/** From the least to more; the fast lane takes the first that the model accepts. */
export const EFFORTS = ['none', 'minimal', 'low'] as const
export type Effort = (typeof EFFORTS)[number]

/** Abilities: those of an endpoint (`websocket`, `warm-up`) or of a model (`steering`). */
type Kind = 'models' | 'efforts' | 'parameters' | 'abilities'
export type Ability = 'websocket' | 'warm-up' | 'steering'

const DAY_MS = 24 * 60 * 60 * 1000
/**
 * A model that is refused today may be offered next week, so nothing is believed for longer. A WebSocket may be refused by the
 * proxy of one place, so that is tried anew after a day.
 */
const BELIEVED_MS: Readonly<Record<Kind, number>> = {
  models: 7 * DAY_MS,
  efforts: 7 * DAY_MS,
  parameters: 7 * DAY_MS,
  abilities: DAY_MS,
}

export interface Learnt {
  refused(kind: Kind, about: string): ReadonlySet<string>
  refuse(kind: Kind, about: string, names: readonly string[]): void
  /** Forgets refusals: what refused may not be there any more. */
  allow(kind: Kind, about: string, names: readonly string[]): void
  /** Whether an endpoint or model has shown that it lacks an ability. */
  lacks(ability: Ability, about: string): boolean
}

/** One memory entry per kind and subject: lines of "name epoch-ms". Names hold no white space. */
export function createLearnt(memory: Memory, clock: Clock): Learnt {
  const keyOf = (kind: Kind, about: string): string => `model/refused-${kind}/${about}`
  const read = (kind: Kind, about: string): Map<string, number> => {
    const found = new Map<string, number>()
    const since = clock.wall() - BELIEVED_MS[kind]
    for (const line of (memory.get(keyOf(kind, about)) ?? '').split('\n')) {
      const [name, time] = line.split(' ')
      if (name !== undefined && name !== '' && Number(time) > since) found.set(name, Number(time))
    }
    return found
  }
  const write = (kind: Kind, about: string, all: ReadonlyMap<string, number>): void =>
    memory.set(keyOf(kind, about), [...all].map(([name, time]) => `${name} ${time}`).join('\n'))
  return {
    refused: (kind, about) => new Set(read(kind, about).keys()),
    lacks: (ability, about) => read('abilities', about).has(ability),
    refuse(kind, about, names) {
      const all = read(kind, about)
      for (const name of names) all.set(name, clock.wall())
      write(kind, about, all)
    },
    allow(kind, about, names) {
      const all = read(kind, about)
      for (const name of names) all.delete(name)
      write(kind, about, all)
    },
  }
}

/** What a complaint teaches; null when it names nothing that could be left out. */
export type Lesson =
  | { readonly about: 'efforts'; readonly refused: readonly Effort[] }
  | { readonly about: 'parameters'; readonly refused: readonly string[] }

/** An optional parameter of a request, by its name on the wire and the other names servers use for it. */
export interface OptionalParameter {
  readonly name: string
  readonly aliases: readonly string[]
  readonly effort: boolean
}

/**
 * Reads a complaint about the optional parameters that were sent, e.g. of OpenAI
 *
 *     {"param": "reasoning.effort", "code": "unsupported_value",
 *      "message": "Unsupported value: 'none' is not supported with the 'x' model. Supported values are: 'low', and 'high'."}
 *
 * of Groq "property 'prompt_cache_key' is unsupported", or of vLLM "{'loc': ('body', 'reasoning_effort'), 'msg': \"Input
 * should be 'low', 'medium' or 'high'\"}".
 */
export function lessonOf(
  complaint: Complaint,
  sent: readonly OptionalParameter[],
  effort: Effort | null,
): Lesson | null {
  const named = sent.filter((parameter) =>
    [parameter.name, ...parameter.aliases].some(
      (alias) => complaint.parameter === alias || mentions(complaint.message, alias),
    ),
  )
  const about = named[0]
  if (about === undefined) return null
  if (about.effort && effort !== null && complaint.code !== 'unsupported_parameter') {
    const others = new Set([...complaint.message.matchAll(QUOTED_EFFORT)].map((match) => match[1]))
    const listed = [...others].some((name) => name !== effort)
    if (listed) return { about: 'efforts', refused: EFFORTS.filter((name) => name === effort || !others.has(name)) }
    if (others.has(effort)) return { about: 'efforts', refused: [effort] }
  }
  return { about: 'parameters', refused: named.map((parameter) => parameter.name) }
}

const QUOTED_EFFORT = /['"`](none|minimal|low|medium|high|xhigh|max)['"`]/g

/** Plain words such as `store` or `text` count only in quotes; they are too common in sentences. */
function mentions(message: string, name: string): boolean {
  const escaped = name.replaceAll('.', String.raw`\.`)
  const pattern = /[_.]/.test(name)
    ? String.raw`(?<![\w.])(?:body\.)?${escaped}(?![\w])`
    : `['"\`](?:body\\.)?${escaped}['"\`]`
  return new RegExp(pattern).test(message)
}
