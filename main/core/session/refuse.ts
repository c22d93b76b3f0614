// A refusal: an expected outcome that says in one line why nothing was done.
import type { Failure } from '../../../preload/contract.ts'

export function refuse(code: string, message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code, message } }
}
