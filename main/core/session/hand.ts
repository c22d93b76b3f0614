// What the person has in hand: it is not moved, replaced or superseded under the cursor.
import type { HunkReference } from '../../../preload/contract.ts'
import type { Clock } from '../ports.ts'

/** Editors save when they lose the focus: a save this soon after our window gained it is theirs, not a new thought. */
const FOCUS_SAVE_MS = 1000

export class Hand {
  private hunk: HunkReference | null = null
  private released: string | null = null
  private suggestion: string | null = null
  private focused = false
  private focusedAt = -Infinity
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  set(hand: { hunk: HunkReference | null; suggestion: string | null; focused: boolean }): void {
    if (hand.focused && !this.focused) this.focusedAt = this.clock.now()
    this.focused = hand.focused
    if (hand.hunk?.hunk !== this.released) this.released = null
    this.hunk = hand.hunk
    this.suggestion = hand.suggestion
  }

  get reference(): HunkReference | null {
    return this.hunk
  }

  /** Whether this hunk may not be replaced. */
  holds(hunk: string): boolean {
    return this.hunk?.hunk === hunk && this.released !== hunk
  }

  /** A person has said how this suggestion should be instead: the hunk of it in hand may be replaced, until another one is taken. */
  release(suggestion: string): void {
    if (this.hunk?.suggestion === suggestion) this.released = this.hunk.hunk
  }

  /** Whether this card is the one in hand. */
  has(suggestion: string): boolean {
    return this.suggestion === suggestion || this.hunk?.suggestion === suggestion
  }

  /** Whether a save at this moment must leave this suggestion alone. */
  protects(suggestion: string): boolean {
    return this.has(suggestion) && this.focused && this.clock.now() - this.focusedAt < FOCUS_SAVE_MS
  }
}
