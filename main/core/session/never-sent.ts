// Which files are told to nobody, whoever asks: asked anew each time, as ignore files change.
import type { Result } from '../../../preload/contract.ts'
import type { Watch } from '../ports.ts'
import { isSecretPath } from '../redact.ts'
import { refuse } from './refuse.ts'

/** The refusal of a question about this file; null when it may be sent. */
export function neverSent(watch: Pick<Watch, 'ignores'>, path: string): Result<never> | null {
  if (isSecretPath(path) !== null) return refuse('secret', `${path} holds keys: it is never sent`)
  if (watch.ignores(path)) return refuse('ignored', `${path} is kept out by an ignore file: it is never sent`)
  return null
}
