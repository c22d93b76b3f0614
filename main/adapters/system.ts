// The ports Clock, Ids and Hash on this machine.
import { hash, randomBytes } from 'node:crypto'
import type { Clock, Hash, Ids } from '../core/ports.ts'

/** Node runs a longer timer at once instead of late. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
/** In UTF-16 units; a shorter text costs less to hash than to look for. */
const LONG_TEXT = 16_384
const MOST_KNOWN = 4

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

/**
 * The first 16 hexadecimal digits of SHA-256 over the text's UTF-8. Remembers its last few long texts: one accept asks for the
 * same ones several times, and megabytes take milliseconds.
 */
export function createHash(): Hash {
  const known: { readonly text: string; readonly hash: string }[] = []
  return {
    text(text) {
      if (text.length < LONG_TEXT) return hashOf(text)
      const found = known.find((candidate) => candidate.text === text)
      if (found !== undefined) return found.hash
      const made = { text, hash: hashOf(text) }
      known.unshift(made)
      known.length = Math.min(known.length, MOST_KNOWN)
      return made.hash
    },
  }
}

function hashOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16)
}
