// The incremental reply parser: prose, apply_patch sections, SEARCH/REPLACE blocks and unified diffs, in any mixture and chunking.
import type { ReplyEvent } from './hunk.ts'
import { ReplyMachine } from './machine.ts'
import { LARGEST_HUNK } from './section.ts'
import { createLineSplitter } from './splitter.ts'

export type { HunkLine, ParsedHunk, ReplyEvent } from './hunk.ts'

export interface ReplyParser {
  /** The next piece of the reply. Gives what is complete by now; any chunking gives the same events in the same order. */
  push(text: string): readonly ReplyEvent[]
  /**
   * The reply is over. `cut: false`: the model stopped by itself, so a last hunk without its end marker counts.
   * `cut: true`: the stream broke off, so an unfinished hunk is given as `cut` instead.
   */
  end(options: { readonly cut: boolean }): readonly ReplyEvent[]
}

/**
 * Parses one reply. Accepted are the published apply_patch format (grammar: openai/codex, `codex-rs/apply-patch`),
 * SEARCH/REPLACE blocks as Aider made them common, and unified diffs, with the damage that models do: lines without their
 * marker, stray or empty `@@` lines, missing envelope lines, wrong counts, code fences and indentation around a patch.
 * Works line by line, so what has been given never changes when more text comes. Never throws; memory is bounded by the
 * hunk in hand.
 */
export function createReplyParser(): ReplyParser {
  const machine = new ReplyMachine()
  const splitter = createLineSplitter(LARGEST_HUNK)
  return {
    push(text) {
      splitter.push(text, (line) => machine.take(line))
      return machine.drain()
    },
    end({ cut }) {
      const rest = splitter.rest()
      if (cut) machine.cut(rest)
      else {
        if (rest !== '') machine.take(rest)
        machine.stop()
      }
      return machine.drain()
    },
  }
}
