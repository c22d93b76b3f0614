// What the engine told the window, as immutable values to subscribe to by topic; text is not in here (see transcripts.ts).
import type { EventBatch, HunkView, ProjectView, SuggestionView } from '../preload/contract.ts'
import type { Stop } from '../preload/wire.ts'

/** `keyless`: the address carried no token, so there is nobody to connect as. */
export type LinkState = 'connecting' | 'online' | 'offline' | 'keyless'

/** What a listener can be about: the list and its order, the project, the link, or one suggestion by its id. */
export type Topic = 'list' | 'project' | 'link' | `suggestion:${string}`

export interface Store {
  /** Applies what is new; unchanged hunks keep their identity. Listeners are called once, afterwards. `now` in ms. */
  apply(batch: EventBatch, now: number): void
  setLink(state: LinkState): void
  subscribe(topic: Topic, listener: () => void): Stop
  /** Newest first. */
  suggestions(): readonly SuggestionView[]
  ids(): readonly string[]
  suggestion(id: string): SuggestionView | null
  project(): ProjectView | null
  link(): LinkState
  /** True as soon as the engine has said what there is. */
  loaded(): boolean
  /** When a suggestion stopped streaming, as far as this window saw it; null while it runs or if it was not seen running. */
  endedAt(id: string): number | null
}

export function isRunning(suggestion: SuggestionView): boolean {
  return suggestion.state === 'streaming' || suggestion.state === 'waiting'
}

export function createStore(): Store {
  const byId = new Map<string, SuggestionView>()
  /** Order of arrival, for suggestions of the same millisecond. */
  const arrival = new Map<string, number>()
  const ended = new Map<string, number>()
  const listeners = new Map<Topic, Set<() => void>>()
  let arrivals = 0
  let sorted: readonly SuggestionView[] = []
  let ids: readonly string[] = []
  let project: ProjectView | null = null
  let link: LinkState = 'connecting'
  let loaded = false

  function notify(topics: Iterable<Topic>): void {
    for (const topic of topics) for (const listener of Array.from(listeners.get(topic) ?? [])) listener()
  }

  function put(view: SuggestionView, now: number): boolean {
    const former = byId.get(view.id)
    if (former === undefined) arrival.set(view.id, (arrivals += 1))
    if (isRunning(view)) ended.delete(view.id)
    else if (former !== undefined && isRunning(former)) ended.set(view.id, now)
    byId.set(view.id, former === undefined ? view : { ...view, hunks: shareHunks(former.hunks, view.hunks) })
    return former?.createdAt !== view.createdAt
  }

  function drop(id: string): boolean {
    arrival.delete(id)
    ended.delete(id)
    return byId.delete(id)
  }

  return {
    apply(batch, now) {
      const topics = new Set<Topic>()
      let moved = false
      if (batch.first) {
        loaded = true
        topics.add('list')
        const present = new Set(batch.suggestions.map((one) => one.id))
        for (const id of Array.from(byId.keys())) {
          if (!present.has(id) && drop(id)) {
            moved = true
            topics.add(`suggestion:${id}`)
          }
        }
      }
      for (const view of batch.suggestions) {
        moved = put(view, now) || moved
        topics.add(`suggestion:${view.id}`)
      }
      for (const id of batch.removed) {
        moved = drop(id) || moved
        topics.add(`suggestion:${id}`)
      }
      if (batch.suggestions.length > 0 || moved) {
        topics.add('list')
        const age = (one: SuggestionView): number => arrival.get(one.id) ?? 0
        sorted = [...byId.values()].sort((a, b) => b.createdAt - a.createdAt || age(b) - age(a))
      }
      if (moved) ids = sorted.map((one) => one.id)
      if (batch.project !== null) {
        project = batch.project
        topics.add('project')
      }
      notify(topics)
    },

    setLink(state) {
      if (state === link) return
      link = state
      notify(['link'])
    },

    subscribe(topic, listener) {
      const group = listeners.get(topic) ?? new Set()
      listeners.set(topic, group)
      group.add(listener)
      return () => {
        group.delete(listener)
        if (group.size === 0) listeners.delete(topic)
      }
    },

    suggestions: () => sorted,
    ids: () => ids,
    suggestion: (id) => byId.get(id) ?? null,
    project: () => project,
    link: () => link,
    loaded: () => loaded,
    endedAt: (id) => ended.get(id) ?? null,
  }
}

/** Hunks that are painted the same stay the same object, so that their rows need not be looked at again. */
function shareHunks(former: readonly HunkView[], present: readonly HunkView[]): readonly HunkView[] {
  const byId = new Map(former.map((hunk) => [hunk.id, hunk]))
  return present.map((hunk) => {
    const known = byId.get(hunk.id)
    return known !== undefined && paintsTheSame(known, hunk) ? known : hunk
  })
}

/** The hash covers what the hunk does and where; what else is painted is compared by itself. */
function paintsTheSame(a: HunkView, b: HunkView): boolean {
  return (
    a.hash === b.hash &&
    a.state === b.state &&
    a.reason === b.reason &&
    a.remark === b.remark &&
    a.start === b.start &&
    a.end === b.end &&
    a.whitespace === b.whitespace &&
    a.problem === b.problem &&
    a.why === b.why &&
    sameItems(a.breaks, b.breaks) &&
    sameItems(a.styled, b.styled) &&
    a.beyond?.why === b.beyond?.why &&
    a.beyond?.open === b.beyond?.open &&
    sameItems(a.candidates, b.candidates) &&
    sameItems(a.yours, b.yours)
  )
}

function sameItems<T>(a: readonly T[] | null, b: readonly T[] | null): boolean {
  if (a === null || b === null) return a === b
  return a.length === b.length && a.every((item, index) => item === b[index])
}
