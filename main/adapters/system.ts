// The ports Clock, Ids and Hash on this machine.
import { hash, randomBytes } from 'node:crypto'
import type { Clock, Hash, Ids } from '../core/ports.ts'

/** Node runs a longer timer at once instead of late. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export function createClock(): Clock {
  return {
    now: () => performance.now(),
    wall: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS))
      return () => clearTimeout(timer)
    },
    soon(run) {
      setImmediate(run)
    },
  }
}

/** Ids of 12 characters, safe in URLs and as words of a command line: none begins with `-`. */
export function createIds(): Ids {
  return {
    next() {
      for (;;) {
        const id = randomBytes(9).toString('base64url')
        if (!id.startsWith('-')) return id
      }
    },
  }
}

/** Texts whose hash is remembered: hashing takes a millisecond a MB. UTF-16 units. */
const LONG = 64 * 1024
const MOST_REMEMBERED = 4

export interface RememberingHash extends Hash {
  /** A text whose UTF-8 has this SHA-256, so that it need not be hashed once more; only long ones are remembered. */
  know(text: string, sha256: string): void
}

/** The first 16 hexadecimal digits of SHA-256 over the text's UTF-8. */
export function createHash(): RememberingHash {
  let known: readonly { readonly text: string; readonly hash: string }[] = []

  function remember(text: string, full: string): string {
    const short = full.slice(0, 16)
    if (text.length > LONG)
      known = [...known.filter((one) => one.hash !== short), { text, hash: short }].slice(-MOST_REMEMBERED)
    return short
  }

  return {
    text(text) {
      // The newest first: the very same text is told at once, and only another one of its length has to be compared.
      const found = text.length > LONG ? known.findLast((one) => one.text === text) : undefined
      return found?.hash ?? remember(text, hash('sha256', text, 'hex'))
    },
    know: (text, sha256) => void remember(text, sha256),
  }
}
