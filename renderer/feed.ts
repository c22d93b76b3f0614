// Hands streamed text to a terminal that paints once a frame: as early as any paint can use it, and no more often than that.

/** What writes; `parsed` is called when the text is in the terminal's buffer. */
export type Write = (text: string, parsed?: () => void) => void

/** The page's frames. */
export interface Frames {
  request(run: () => void): number
  cancel(frame: number): void
}

export interface Feed {
  push(text: string, parsed?: () => void): void
  /** What is not written yet, and what still comes, waits until `resume`. */
  pause(): void
  resume(): void
  /** Forgets what is not written yet. */
  drop(): void
  close(): void
}

/**
 * The first text after a frame is written on arrival, which makes the terminal ask for the next frame; what follows is written at
 * the beginning of that very frame, in one piece, just before the terminal paints. So nothing is painted later than if each
 * text were written on arrival, at the cost of two writes a frame instead of one a token.
 *
 * This rests on the order of a frame's callbacks, which is that of their requests: ours is asked for before the first write, and
 * in a fast stream at its own beginning, before the terminal asks. If the terminal had asked for a reason of its own, one piece is
 * a frame late, once. In a hidden page there are no frames: there the text waits, and nothing is parsed that nobody sees.
 */
export function createFeed(write: Write, frames: Frames): Feed {
  let frame: number | null = null
  /** Something was written since the last frame, so that the terminal paints in the next one. */
  let written = false
  let paused = false
  let waiting = ''
  let afterwards: (() => void)[] = []

  function flush(): void {
    if (paused || (waiting === '' && afterwards.length === 0)) return
    const text = waiting
    const told = afterwards
    waiting = ''
    afterwards = []
    written = true
    write(text, told.length === 0 ? undefined : () => told.forEach((tell) => tell()))
  }

  function onFrame(): void {
    frame = null
    // Slow text needs no frame ahead of its own: an idle page paints at once, one that keeps asking only at its next beat.
    if (waiting !== '' && !paused) {
      frame = frames.request(onFrame)
      flush()
    }
    written = false
  }

  function start(): void {
    if (written || paused) return
    frame ??= frames.request(onFrame)
    flush()
  }

  return {
    push(text, parsed) {
      waiting += text
      if (parsed !== undefined) afterwards.push(parsed)
      start()
    },
    pause() {
      paused = true
    },
    resume() {
      paused = false
      start()
    },
    drop() {
      waiting = ''
      afterwards = []
    },
    close() {
      if (frame !== null) frames.cancel(frame)
      frame = null
    },
  }
}
