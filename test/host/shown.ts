// What the window would show of all requests, held against every byte that a model server received.
import type { SeenRequest } from '../../preload/contract.ts'
import type { ModelServer } from '../fakes/model-server/server.ts'
import type { ProjectEngine } from './project-engine.ts'

export interface Compared {
  /** Requests and words into running replies, without warm-ups. */
  readonly shown: readonly SeenRequest[]
  /** One line each: sent and not shown, shown and not sent, or shown otherwise than it was sent. */
  readonly differences: readonly string[]
}

export async function compareShown(project: ProjectEngine, server: ModelServer): Promise<Compared> {
  const views = await project.seen()
  const shown = views.flatMap(({ requests }) => requests.filter(({ kind }) => kind !== 'warm-up'))
  const warmUps = views.flatMap(({ requests }) => requests.filter(({ kind }) => kind === 'warm-up'))
  const bodies = [...new Set(warmUps.map(({ body }) => body)), ...shown.map(({ body }) => body)]
  const differences = [
    ...missing(server.received, bodies).map((body) => `sent and not shown: ${body.slice(0, 200)}`),
    ...missing(bodies, server.received).map((body) => `shown and not sent: ${body.slice(0, 200)}`),
  ]
  for (const { body, bytes, parts } of shown) {
    if (bytes !== Buffer.byteLength(body)) differences.push(`${bytes} bytes are shown of ${Buffer.byteLength(body)}`)
    const sent = leavesOf(JSON.parse(body))
    const told = leavesOfParts(parts)
    for (const leaf of missing(sent, told)) differences.push(`in no part: ${leaf.slice(0, 200)}`)
    for (const leaf of missing(told, sent)) differences.push(`only in a part: ${leaf.slice(0, 200)}`)
  }
  return { shown, differences }
}

/** What of the first stands in the second less often. */
function missing(wanted: readonly string[], there: readonly string[]): readonly string[] {
  const left = [...there]
  return wanted.filter((text) => {
    const at = left.indexOf(text)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** All texts and numbers of a request. */
function leavesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf)
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Object.entries(value).flatMap(([name, inner]) => (name === 'role' ? [] : leavesOf(inner)))
}

/** The same from what is shown: the parts of one message are joined again. */
function leavesOfParts(parts: SeenRequest['parts']): string[] {
  const leaves: string[] = []
  let message = ''
  for (const { name, text, known } of parts) {
    if (known) continue
    if (name === 'settings') leaves.push(...leavesOf(JSON.parse(text)))
    else if (text.endsWith('\n\n') && name !== 'instructions' && name !== 'what the model had said') message += text
    else {
      leaves.push(message + text)
      message = ''
    }
  }
  return leaves
}
