// How many tokens a reply cost, as both protocols report it under names of their own.
import type { Usage } from '../../core/ports.ts'
import { field } from './json.ts'

/** Counts that are no numbers count as 0; `details` is the name of the object that holds `cached_tokens`. */
export function usageOf(counted: unknown, input: string, output: string, details: string): Usage {
  const cached = field(field(counted, details), 'cached_tokens')
  return {
    input: count(field(counted, input)),
    output: count(field(counted, output)),
    ...(typeof cached === 'number' ? { cached } : {}),
  }
}

/** Of several responses that make up one reply. */
export function sumOf(one: Usage | null, other: Usage | null): Usage | null {
  if (one === null || other === null) return one ?? other
  const cached = (one.cached ?? 0) + (other.cached ?? 0)
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    ...(one.cached === undefined && other.cached === undefined ? {} : { cached }),
  }
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
